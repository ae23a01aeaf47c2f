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
            propose(attribute, prior, config)
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
            complete(
                attribute,
                planned.attribute(&attribute.name),
                actual.attribute(&attribute.name),
            )
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
            refresh(
                attribute,
                state.attribute(&attribute.name),
                actual.attribute(&attribute.name),
            )
        })
    }
}

fn object(attributes: &[Attribute], value: impl Fn(&Attribute) -> Value) -> Value {
    let values = attributes
        .iter()
        .map(|attribute| (attribute.name.clone(), value(attribute)));
    Value::Known(Data::Map(values.collect::<BTreeMap<_, _>>()))
}

fn propose(attribute: &Attribute, prior_object: &Value, config_object: &Value) -> Value {
    let prior = prior_object.attribute(&attribute.name);
    let config = config_object.attribute(&attribute.name);
    if attribute.is(Behaviour::WriteOnly) {
        return Value::Null;
    }
    match (config, &attribute.shape) {
        (Value::Known(_), Shape::Object(attributes)) => {
            object(attributes, |attribute| propose(attribute, prior, config))
        }
        (Value::Known(_) | Value::Unknown, _) => {
            let spelled = if attribute.means_the_same(prior, config) {
                prior
            } else {
                config
            };
            spelled.clone()
        }
        (Value::Null, _) if !attribute.is(Behaviour::Computed) => Value::Null,
        (Value::Null, _) => match (&attribute.default, prior_object) {
            _ if !prior.is_null() => prior.clone(),
            (Some(default), _) => default.clone(),
            (None, Value::Null) => Value::Unknown,
            (None, _) => Value::Null,
        },
    }
}

fn complete(attribute: &Attribute, planned: &Value, actual: &Value) -> Value {
    match (planned, &attribute.shape) {
        (Value::Known(_), Shape::Object(attributes)) => object(attributes, |attribute| {
            complete(
                attribute,
                planned.attribute(&attribute.name),
                actual.attribute(&attribute.name),
            )
        }),
        (Value::Unknown, _) if actual.is_wholly_known() => actual.clone(),
        (Value::Unknown, _) => Value::Null,
        (planned, _) => planned.clone(),
    }
}

fn refresh(attribute: &Attribute, state: &Value, actual: &Value) -> Value {
    match (state, actual, &attribute.shape) {
        (Value::Known(_), Value::Known(_), Shape::Object(attributes)) => {
            object(attributes, |attribute| {
                refresh(
                    attribute,
                    state.attribute(&attribute.name),
                    actual.attribute(&attribute.name),
                )
            })
        }
        // The API has no null: what the user never set comes back empty.
        (Value::Null, Value::Known(data), _) if is_empty(data) => Value::Null,
        _ if attribute.means_the_same(state, actual) => state.clone(),
        _ => actual.clone(),
    }
}

fn configuration(attribute: &Attribute, state_object: &Value) -> Value {
    let state = state_object.attribute(&attribute.name);
    let settable = attribute.is(Behaviour::Required) || attribute.is(Behaviour::Optional);
    match (state, &attribute.shape) {
        _ if !settable => Value::Null,
        (Value::Known(data), _) if is_empty(data) => Value::Null,
        (known, _) if attribute.default.as_ref() == Some(known) => Value::Null,
        (Value::Known(_), Shape::Object(attributes)) => {
            let nested = object(attributes, |attribute| configuration(attribute, state));
            let set = |items: &BTreeMap<String, Value>| items.values().any(|item| !item.is_null());
            if nested.as_map().is_some_and(set) {
                nested
            } else {
                Value::Null
            }
        }
        (other, _) => other.clone(),
    }
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
