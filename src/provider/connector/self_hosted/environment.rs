//! The environment of a connector process.

use std::collections::BTreeMap;

use crate::terraform::value::Value;

use super::model::SelfHostedModel;
use super::variable::Variable;

/// Returns the environment variables of the connector process, with the credential in `state`. Unknown if any of them is unknown.
pub(super) fn build_environment(state: &impl SelfHostedModel) -> Value<BTreeMap<String, String>> {
    let own = state.self_hosted();
    let mut variables = vec![
        Variable::text("BATON_CLIENT_ID", &own.client_id),
        Variable::secret("BATON_CLIENT_SECRET", &own.client_secret),
        Variable::flag("BATON_PROVISIONING", own.provisioning),
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
