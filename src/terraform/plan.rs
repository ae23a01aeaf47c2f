//! The rules for the attributes of planned, applied and refreshed objects, which are the same for every resource.
//!
//! Each rule compares objects attribute by attribute. Nested objects follow the same rules.

use std::collections::BTreeMap;

use super::path::Path;
use super::schema::{Attribute, AttributeFlag, AttributeType, Schema};
use super::value::{Data, Value};

impl Schema {
    /// Returns the planned state before the resource modifies it.
    ///
    /// A configured value applies unless it is semantically equal to the prior value. An attribute that is not configured
    /// keeps its prior value if it is computed. In a new object, it gets its default or is unknown.
    pub(super) fn propose(&self, prior: &Value, config: &Value) -> Value {
        object(&self.attributes, |attribute| {
            propose(attribute, config, prior)
        })
    }

    /// Returns the attributes that the plan changes and that cannot change in place.
    pub(super) fn requires_replace(&self, prior: &Value, planned: &Value) -> Vec<Path> {
        let fixed = self
            .attributes
            .iter()
            .filter(|attribute| attribute.is(AttributeFlag::ForcesReplacement));
        fixed
            .filter(|attribute| {
                prior.attribute(&attribute.name) != planned.attribute(&attribute.name)
            })
            .map(|attribute| Path::attribute(&attribute.name))
            .collect()
    }

    /// Returns the state after apply: the planned values, and actual values for everything that the plan leaves unknown.
    ///
    /// Terraform rejects a state that differs from the plan. If the object differs, the next refresh shows it.
    pub(super) fn complete(&self, planned: &Value, actual: &Value) -> Value {
        object(&self.attributes, |attribute| {
            complete(attribute, planned, actual)
        })
    }

    /// Returns a configuration for the object in `state`. It leaves out attributes that only the provider sets, deprecated
    /// ones that are not required, empty values and defaults.
    pub(super) fn configuration(&self, state: &Value) -> Value {
        object(&self.attributes, |attribute| {
            configuration(attribute, state)
        })
    }

    /// Returns the state after a refresh: the actual values, or the values in the state if both are semantically equal.
    pub(super) fn refresh(&self, state: &Value, actual: &Value) -> Value {
        object(&self.attributes, |attribute| {
            refresh(attribute, actual, state)
        })
    }
}

fn object(attributes: &[Attribute], value: impl Fn(&Attribute) -> Value) -> Value {
    let values = attributes
        .iter()
        .map(|attribute| (attribute.name.clone(), value(attribute)));
    Value::Known(Data::Map(values.collect::<BTreeMap<_, _>>()))
}

/// Applies `rule` to each attribute of the nested objects in `leading`. The rule gets a nested object and the nested object
/// at the same place in `other`. Returns `None` if `leading` has no nested objects.
fn nested(
    ty: &AttributeType,
    leading: &Value,
    other: &Value,
    rule: impl Fn(&Attribute, &Value, &Value) -> Value,
) -> Option<Value> {
    let inside = |attributes: &[Attribute], leading: &Value, other: &Value| {
        object(attributes, |attribute| rule(attribute, leading, other))
    };
    match (ty, leading) {
        (AttributeType::SingleNested(attributes), Value::Known(_)) => {
            Some(inside(attributes, leading, other))
        }
        (AttributeType::ListNested(attributes), Value::Known(Data::List(items))) => {
            let other = match other {
                Value::Known(Data::List(items)) => items.as_slice(),
                _ => &[],
            };
            let element = |(leading, other): (&Value, &Value)| match leading {
                Value::Known(_) => inside(attributes, leading, other),
                // The model of the resource cannot represent such an element, so its conversion reports an error later.
                Value::Null | Value::Unknown => leading.clone(),
            };
            let other = other.iter().chain(std::iter::repeat(&Value::Null));
            let elements = items.iter().zip(other).map(element);
            Some(Value::Known(Data::List(elements.collect())))
        }
        _ => None,
    }
}

fn propose(attribute: &Attribute, config_object: &Value, prior_object: &Value) -> Value {
    let config = config_object.attribute(&attribute.name);
    let prior = prior_object.attribute(&attribute.name);
    if attribute.is(AttributeFlag::WriteOnly) {
        return Value::Null;
    }
    if let Some(nested) = nested(&attribute.ty, config, prior, propose) {
        return nested;
    }
    match config {
        Value::Known(_) | Value::Unknown => {
            let planned = if attribute.semantically_equal(prior, config) {
                prior
            } else {
                config
            };
            planned.clone()
        }
        Value::Null if !attribute.is(AttributeFlag::Computed) => Value::Null,
        Value::Null => match (&attribute.default, prior_object) {
            _ if !prior.is_null() => prior.clone(),
            (Some(default), _) => default.clone(),
            (None, Value::Null) => Value::Unknown,
            (None, _) => Value::Null,
        },
    }
}

fn complete(attribute: &Attribute, planned_object: &Value, actual_object: &Value) -> Value {
    let planned = planned_object.attribute(&attribute.name);
    let actual = actual_object.attribute(&attribute.name);
    if let Some(nested) = nested(&attribute.ty, planned, actual, complete) {
        return nested;
    }
    match planned {
        Value::Unknown if actual.is_wholly_known() => actual.clone(),
        Value::Unknown => Value::Null,
        planned => planned.clone(),
    }
}

fn refresh(attribute: &Attribute, actual_object: &Value, state_object: &Value) -> Value {
    let actual = actual_object.attribute(&attribute.name);
    let state = state_object.attribute(&attribute.name);
    match (state, actual) {
        // The API has no null. It returns an empty value for an attribute that the user never set. If there is a default, somebody
        // has set the empty value.
        (Value::Null, Value::Known(data))
            if is_settable(attribute) && data.is_empty() && attribute.default.is_none() =>
        {
            Value::Null
        }
        _ if attribute.semantically_equal(state, actual) => state.clone(),
        _ => nested(&attribute.ty, actual, state, refresh).unwrap_or_else(|| actual.clone()),
    }
}

fn configuration(attribute: &Attribute, state_object: &Value) -> Value {
    let state = state_object.attribute(&attribute.name);
    match state {
        _ if !is_settable(attribute) => return Value::Null,
        // New configurations should not use a deprecated attribute.
        _ if attribute.deprecated.is_some() && !attribute.is(AttributeFlag::Required) => {
            return Value::Null;
        }
        Value::Known(data) if data.is_empty() => return Value::Null,
        known if attribute.default.as_ref() == Some(known) => return Value::Null,
        _ => {}
    }
    let rule = |attribute: &Attribute, state: &Value, _: &Value| configuration(attribute, state);
    let is_unset = |object: &Value| {
        let mut values = object.as_map().into_iter().flat_map(BTreeMap::values);
        matches!(attribute.ty, AttributeType::SingleNested(_)) && values.all(Value::is_null)
    };
    match nested(&attribute.ty, state, &Value::Null, rule) {
        // Without the object, a computed attribute keeps it, and any other one removes it.
        Some(object) if is_unset(&object) && attribute.is(AttributeFlag::Computed) => Value::Null,
        Some(nested) => nested,
        None => state.clone(),
    }
}

fn is_settable(attribute: &Attribute) -> bool {
    attribute.is(AttributeFlag::Required) || attribute.is(AttributeFlag::Optional)
}
