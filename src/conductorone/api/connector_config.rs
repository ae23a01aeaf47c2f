//! The settings of a connector, `c1.api.app.v1.EnvConfig`.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::conductorone::http::Error;

const TYPE: &str = "type.googleapis.com/c1.api.app.v1.EnvConfig";

/// A connector's settings by key, such as `domain-url` or `api-key`.
///
/// Booleans are the strings `true` and `false`, and lists are joined with commas. Responses contain neither secrets
/// nor settings that are not strings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Box<RawValue>")]
pub struct ConnectorConfig(pub BTreeMap<String, ConfigValue>);

/// The value of one setting.
#[derive(Clone, Debug)]
pub enum ConfigValue {
    /// A value that may be shown.
    Plain(String),
    /// A value that is sent and never returned. An empty one is an error, because it would delete the stored value.
    Secret(SecretString),
}

/// `google.protobuf.Any` with an `EnvConfig`.
#[derive(Deserialize)]
struct Any<'a> {
    #[serde(borrow)]
    configuration: Option<BTreeMap<String, &'a RawValue>>,
}

/// One setting in a response, of any kind.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Member {
    string_value: Option<String>,
}

impl ConnectorConfig {
    /// Returns the value of a setting that is not secret.
    pub fn plain(&self, key: &str) -> Option<&str> {
        match self.0.get(key)? {
            ConfigValue::Plain(value) => Some(value),
            ConfigValue::Secret(_) => None,
        }
    }

    /// Encodes the settings for a request. No other code exposes a secret setting.
    pub(super) fn encode(&self) -> Result<Value, Error> {
        let member = |(key, value): (&String, &ConfigValue)| {
            let text = match value {
                ConfigValue::Plain(text) => text,
                ConfigValue::Secret(secret) if secret.expose_secret().is_empty() => {
                    return Err(Error::EmptySecret { key: key.clone() });
                }
                ConfigValue::Secret(secret) => secret.expose_secret(),
            };
            Ok((key.clone(), json!({ "stringValue": text })))
        };
        let configuration = self
            .0
            .iter()
            .map(member)
            .collect::<Result<Map<_, _>, _>>()?;
        Ok(json!({ "@type": TYPE, "configuration": configuration }))
    }
}

/// Parses a Boolean setting as Go does. Returns `None` if it is not a Boolean.
pub fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

impl FromIterator<(String, ConfigValue)> for ConnectorConfig {
    fn from_iter<I: IntoIterator<Item = (String, ConfigValue)>>(settings: I) -> Self {
        Self(settings.into_iter().collect())
    }
}

impl From<Box<RawValue>> for ConnectorConfig {
    /// Decodes the settings that are strings, and ignores the rest. The service does not document this message.
    fn from(any: Box<RawValue>) -> Self {
        let any: Option<Any<'_>> = serde_json::from_str(any.get()).ok();
        let members = any.and_then(|any| any.configuration).unwrap_or_default();
        let plain = |(key, member): (String, &RawValue)| {
            let member: Member = serde_json::from_str(member.get()).ok()?;
            Some((key, ConfigValue::Plain(member.string_value?)))
        };
        members.into_iter().filter_map(plain).collect()
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;
    use serde_json::json;

    use super::{ConfigValue, ConnectorConfig};
    use crate::conductorone::Error;

    fn config(secret: &str) -> ConnectorConfig {
        ConnectorConfig::from_iter([
            (
                "username".to_owned(),
                ConfigValue::Plain("svc@acme.example".to_owned()),
            ),
            (
                "api-key".to_owned(),
                ConfigValue::Secret(SecretString::from(secret)),
            ),
        ])
    }

    #[test]
    fn settings_are_encoded_with_their_type() {
        let expected = json!({
            "@type": "type.googleapis.com/c1.api.app.v1.EnvConfig",
            "configuration": {"username": {"stringValue": "svc@acme.example"}, "api-key": {"stringValue": "hunter2"}}
        });
        assert_eq!(config("hunter2").encode().ok(), Some(expected));
        assert!(!format!("{:?}", config("hunter2")).contains("hunter2"));
        let empty = ConnectorConfig::default().encode().ok();
        assert_eq!(
            empty.as_ref().and_then(|any| any.get("configuration")),
            Some(&json!({}))
        );
    }

    #[test]
    fn an_empty_secret_is_not_sent() {
        assert!(matches!(config("").encode(), Err(Error::EmptySecret { key }) if key == "api-key"));
    }

    #[test]
    fn unknown_settings_are_ignored() {
        let cases = [
            (json!(null), vec![]),
            (json!({"@type": "x", "configuration": null}), vec![]),
            (json!({"configuration": "nonsense"}), vec![]),
            (
                json!({"configuration": {"a": {"stringValue": "1"}, "b": {"stringValue": null}, "c": null, "d": {}, "e": {"keyValues": {"items": []}}}}),
                vec!["a"],
            ),
        ];
        for (any, keys) in cases {
            assert_eq!(
                serde_json::from_str::<ConnectorConfig>(&any.to_string())
                    .unwrap_or_default()
                    .0
                    .into_keys()
                    .collect::<Vec<_>>(),
                keys
            );
        }
    }
}
