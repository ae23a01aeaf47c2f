//! The rules of planning, applying and refreshing that are the same for every resource.
//!
//! All of them compare objects attribute by attribute along the schema; nested objects follow the same rules.

use std::collections::BTreeMap;

use super::path::Path;
use super::schema::{Attribute, Behaviour, Schema, Shape};
use super::value::{Data, Value};

impl Schema {
    /// The planned state, before the resource adds what is special about it.
    ///
    /// Configured values win, except where they only spell the prior value in another way. What the user left out stays
    /// as it was; in a new object it becomes the default, or unknown where only ConductorOne can tell.
    pub(super) fn propose(&self, prior: &Value, config: &Value) -> Value {
        object(&self.attributes, |attribute| {
            propose(attribute, config, prior)
        })
    }

    /// The attributes that differ from the prior state although they cannot be changed in place.
    pub(super) fn requires_replace(&self, prior: &Value, planned: &Value) -> Vec<Path> {
        let fixed = self
            .attributes
            .iter()
            .filter(|attribute| attribute.is(Behaviour::ForcesReplacement));
        fixed
            .filter(|attribute| {
                prior.attribute(&attribute.name) != planned.attribute(&attribute.name)
            })
            .map(|attribute| Path::attribute(&attribute.name))
            .collect()
    }

    /// The state after apply: what was planned, and where the plan left it open, what the object has become.
    ///
    /// Terraform refuses every other value for what was planned. Where the object differs all the same, the next refresh
    /// shows it.
    pub(super) fn complete(&self, planned: &Value, actual: &Value) -> Value {
        object(&self.attributes, |attribute| {
            complete(attribute, planned, actual)
        })
    }

    /// What a user would write for the object in `state`: nothing that only the provider sets, and nothing that would be
    /// so anyway.
    pub(super) fn configuration(&self, state: &Value) -> Value {
        object(&self.attributes, |attribute| {
            configuration(attribute, state)
        })
    }

    /// The state after a refresh: what was read, in the spelling that the state has where both mean the same.
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

/// What `rule` makes of each attribute of the objects that `leading` holds: the rule gets such an object, and the one in
/// its place in `beside`. `None` where `leading` holds no objects that have attributes of their own.
fn nested(
    shape: &Shape,
    leading: &Value,
    beside: &Value,
    rule: impl Fn(&Attribute, &Value, &Value) -> Value,
) -> Option<Value> {
    let inside = |attributes: &[Attribute], leading: &Value, beside: &Value| {
        object(attributes, |attribute| rule(attribute, leading, beside))
    };
    match (shape, leading) {
        (Shape::Object(attributes), Value::Known(_)) => Some(inside(attributes, leading, beside)),
        (Shape::Objects(attributes), Value::Known(Data::List(items))) => {
            let beside = match beside {
                Value::Known(Data::List(items)) => items.as_slice(),
                _ => &[],
            };
            let element = |(leading, beside): (&Value, &Value)| match leading {
                Value::Known(_) => inside(attributes, leading, beside),
                // No Rust type of an attribute can hold such an element, so that none of them comes far.
                Value::Null | Value::Unknown => leading.clone(),
            };
            let beside = beside.iter().chain(std::iter::repeat(&Value::Null));
            let elements = items.iter().zip(beside).map(element);
            Some(Value::Known(Data::List(elements.collect())))
        }
        _ => None,
    }
}

fn propose(attribute: &Attribute, config_object: &Value, prior_object: &Value) -> Value {
    let config = config_object.attribute(&attribute.name);
    let prior = prior_object.attribute(&attribute.name);
    if attribute.is(Behaviour::WriteOnly) {
        return Value::Null;
    }
    if let Some(nested) = nested(&attribute.shape, config, prior, propose) {
        return nested;
    }
    match config {
        Value::Known(_) | Value::Unknown => {
            let spelled = if attribute.means_the_same(prior, config) {
                prior
            } else {
                config
            };
            spelled.clone()
        }
        Value::Null if !attribute.is(Behaviour::Computed) => Value::Null,
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
    if let Some(nested) = nested(&attribute.shape, planned, actual, complete) {
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
        // The API has no null: what the user never set comes back empty.
        (Value::Null, Value::Known(data)) if is_settable(attribute) && is_empty(data) => {
            Value::Null
        }
        (Value::Null, _) => actual.clone(),
        _ if attribute.means_the_same(state, actual) => state.clone(),
        _ => nested(&attribute.shape, actual, state, refresh).unwrap_or_else(|| actual.clone()),
    }
}

fn configuration(attribute: &Attribute, state_object: &Value) -> Value {
    let state = state_object.attribute(&attribute.name);
    match state {
        _ if !is_settable(attribute) => return Value::Null,
        Value::Known(data) if is_empty(data) => return Value::Null,
        known if attribute.default.as_ref() == Some(known) => return Value::Null,
        _ => {}
    }
    let rule = |attribute: &Attribute, state: &Value, _: &Value| configuration(attribute, state);
    let says_nothing = |object: &Value| {
        let mut values = object.as_map().into_iter().flat_map(BTreeMap::values);
        matches!(attribute.shape, Shape::Object(_)) && values.all(Value::is_null)
    };
    match nested(&attribute.shape, state, &Value::Null, rule) {
        Some(object) if says_nothing(&object) => Value::Null,
        Some(nested) => nested,
        None => state.clone(),
    }
}

fn is_settable(attribute: &Attribute) -> bool {
    attribute.is(Behaviour::Required) || attribute.is(Behaviour::Optional)
}

fn is_empty(data: &Data) -> bool {
    match data {
        Data::String(text) => text.is_empty(),
        Data::List(items) => items.is_empty(),
        Data::Set(items) => items.is_empty(),
        Data::Map(items) => items.is_empty(),
        Data::Bool(_) | Data::Number(_) | Data::Dynamic(..) => false,
    }
}
