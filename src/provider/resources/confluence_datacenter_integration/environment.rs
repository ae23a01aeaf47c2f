//! The environment variables that the connector process reads its settings from.

use std::collections::BTreeMap;

use crate::terraform::value::{Secret, Value};

use super::Model;

impl Model {
    /// What the connector process reads its settings from; unknown while one of them is.
    pub(super) fn expected_environment(&self) -> Value<BTreeMap<String, String>> {
        let secret =
            |secret: &Value<Secret>| secret.clone().map(|secret| secret.expose().to_owned());
        let provisioning = self
            .provisioning
            .map(|provisioning| provisioning.to_string());
        let variables = [
            ("BATON_CLIENT_ID", self.client_id.clone()),
            ("BATON_CLIENT_SECRET", secret(&self.client_secret)),
            ("BATON_HOSTNAME", self.hostname.clone()),
            ("BATON_ACCESS_TOKEN", secret(&self.access_token)),
            ("BATON_USERNAME", self.username.clone()),
            ("BATON_PASSWORD", secret(&self.password)),
            ("BATON_PROVISIONING", provisioning),
        ];
        if variables.iter().any(|(_, value)| value.is_unknown()) {
            return Value::Unknown;
        }
        let set = variables
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value.into_known()?)));
        Value::Known(set.collect())
    }
}
