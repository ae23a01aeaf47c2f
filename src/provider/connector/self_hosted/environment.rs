//! The environment variables that a connector process reads its settings from.

use std::collections::BTreeMap;

use crate::terraform::value::{Secret, Value};

use super::SelfHostedModel;

/// An environment variable. One whose value is null is left out.
#[derive(Debug)]
pub(crate) struct Variable {
    name: &'static str,
    value: Value<String>,
}

impl Variable {
    /// One that holds a text as it is.
    pub(crate) fn text(name: &'static str, value: &Value<String>) -> Self {
        Self {
            name,
            value: value.clone(),
        }
    }

    /// One that holds a secret.
    pub(crate) fn secret(name: &'static str, value: &Value<Secret>) -> Self {
        let value = value.clone().map(|secret| secret.expose().to_owned());
        Self { name, value }
    }

    /// One that holds `true` or `false`.
    pub(crate) fn flag(name: &'static str, value: Value<bool>) -> Self {
        let value = value.map(|flag| flag.to_string());
        Self { name, value }
    }
}

/// What the connector process is given, with the credential that `state` has; unknown while a part of it is.
pub(super) fn environment_of(state: &impl SelfHostedModel) -> Value<BTreeMap<String, String>> {
    let own = state.self_hosted();
    let mut variables = vec![
        Variable::text("BATON_CLIENT_ID", &own.client_id),
        Variable::secret("BATON_CLIENT_SECRET", &own.client_secret),
    ];
    variables.extend(state.variables());
    if variables.iter().any(|variable| variable.value.is_unknown()) {
        return Value::Unknown;
    }
    let set = variables
        .into_iter()
        .filter_map(|Variable { name, value }| Some((name.to_owned(), value.into_known()?)));
    Value::Known(set.collect())
}
