//! The rows in a table of environment variables.

use crate::provider::connector::comma_list::join;
use crate::terraform::value::{Secret, Set, Value};

/// An environment variable of the connector process. A null value leaves it out.
#[derive(Debug)]
pub(crate) struct Variable {
    pub(super) name: &'static str,
    pub(super) value: Value<String>,
}

impl Variable {
    /// A variable with a text.
    pub(crate) fn text(name: &'static str, value: &Value<String>) -> Self {
        Self {
            name,
            value: value.clone(),
        }
    }

    /// A variable with a secret.
    pub(crate) fn secret(name: &'static str, value: &Value<Secret>) -> Self {
        let value = value.clone().map(|secret| secret.expose().to_owned());
        Self { name, value }
    }

    /// A variable with `true` or `false`.
    pub(crate) fn flag(name: &'static str, value: Value<bool>) -> Self {
        let value = value.map(|flag| flag.to_string());
        Self { name, value }
    }

    /// A variable with a list, separated by commas.
    pub(crate) fn list(name: &'static str, value: &Value<Set<String>>) -> Self {
        let value = match value {
            Value::Known(set) if set.iter().any(Value::is_unknown) => Value::Unknown,
            value => value.clone().map(|set| join(&set)),
        };
        Self { name, value }
    }
}
