//! A connector's configuration: validation of requests, and updates of the stored values.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::catalog::{CatalogEntry, SettingKind};
use crate::input;
use crate::problem::{Problem, Result};
use crate::switches::ConfigMode;

/// The type of the `Any` that holds a configuration.
pub(crate) const ENV_CONFIG: &str = "type.googleapis.com/c1.api.app.v1.EnvConfig";

/// Values by key, including secrets.
pub type Config = BTreeMap<String, String>;

#[derive(Deserialize)]
struct EnvConfig {
    #[serde(rename = "@type")]
    message: String,
    #[serde(default)]
    configuration: BTreeMap<String, ConfigValue>,
}

#[derive(Deserialize)]
struct ConfigValue {
    #[serde(rename = "stringValue")]
    string: String,
}

/// Reads the `config` of a request. Every key must belong to the catalog entry.
pub(crate) fn read(entry: &CatalogEntry, config: Value) -> Result<Config> {
    if config.is_null() {
        return Ok(Config::new());
    }
    let config: EnvConfig = input::decode(config)?;
    if config.message != ENV_CONFIG {
        return Err(Problem::invalid(format!(
            "config is a {:?}, not a {ENV_CONFIG:?}",
            config.message
        )));
    }
    config
        .configuration
        .into_iter()
        .map(|(key, value)| Ok((check(entry, &key, &value.string)?, value.string)))
        .collect()
}

fn check(entry: &CatalogEntry, key: &str, value: &str) -> Result<String> {
    let name = entry.display_name;
    let setting = entry
        .setting(key)
        .ok_or_else(|| Problem::invalid(format!("{name} has no setting {key:?}")))?;
    let flag = matches!(setting.kind, SettingKind::Flag { .. });
    if flag && !value.is_empty() && !is_bool(value) {
        return Err(Problem::invalid(format!(
            "setting {key:?} is not a boolean"
        )));
    }
    Ok(key.to_owned())
}

/// Returns whether Go, the service's language, parses the text as a boolean.
fn is_bool(text: &str) -> bool {
    [
        "1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False",
    ]
    .contains(&text)
}

/// Returns the configuration after a request with `given`. An empty value deletes its key. The result must contain all
/// required settings. A secret is only required the first time, because an empty value deletes a stored secret.
pub(crate) fn update(
    entry: &CatalogEntry,
    stored: &Config,
    given: Config,
    mode: ConfigMode,
) -> Result<Config> {
    let mut config = match mode {
        ConfigMode::Merge => stored.clone(),
        ConfigMode::Replace => Config::new(),
    };
    for (key, value) in given {
        if value.is_empty() {
            config.remove(&key);
        } else {
            config.insert(key, value);
        }
    }
    let first = stored.is_empty();
    let required = entry
        .settings
        .iter()
        .filter(|setting| setting.required && (first || !setting.is_secret()));
    let missing: Vec<&str> = required
        .map(|setting| setting.key)
        .filter(|key| !config.contains_key(*key))
        .collect();
    if missing.is_empty() || (config.is_empty() && entry.may_be_empty) {
        return Ok(config);
    }
    Err(Problem::invalid(format!(
        "config lacks required settings: {}",
        missing.join(", ")
    )))
}

/// The error of a sync with this configuration, if secrets are missing.
pub(crate) fn sync_error(entry: &CatalogEntry, config: &Config) -> Option<String> {
    let secrets = entry
        .settings
        .iter()
        .filter(|setting| setting.required && setting.is_secret());
    let missing: Vec<&str> = secrets
        .map(|setting| setting.key)
        .filter(|key| !config.contains_key(*key))
        .collect();
    (!missing.is_empty()).then(|| format!("credential re-entry required: {}", missing.join(", ")))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed test is a panic")]

    use super::*;
    use crate::catalog::{CONFLUENCE_V1, CONFLUENCE_V2};

    fn config(pairs: &[(&str, &str)]) -> Config {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn stored() -> Config {
        config(&[
            ("domain-url", "https://a"),
            ("username", "u"),
            ("api-key", "k"),
            ("noun", "space"),
        ])
    }

    /// Updates the stored configuration of the second version.
    fn updated(given: &[(&str, &str)], mode: ConfigMode) -> Result<Config> {
        update(&CONFLUENCE_V2, &stored(), config(given), mode)
    }

    #[test]
    fn a_merge_keeps_what_is_left_out() {
        let updated = updated(&[("username", "v")], ConfigMode::Merge).unwrap();
        assert_eq!(updated.get("username").map(String::as_str), Some("v"));
        assert_eq!(updated.get("api-key"), stored().get("api-key"));
    }

    #[test]
    fn an_empty_secret_deletes_the_stored_one() {
        let updated = updated(&[("api-key", "")], ConfigMode::Merge).unwrap();
        assert!(!updated.contains_key("api-key"));
        let error = sync_error(&CONFLUENCE_V2, &updated).unwrap();
        assert_eq!(error, "credential re-entry required: api-key");
    }

    #[test]
    fn a_replacement_drops_what_is_left_out() {
        let given = [("domain-url", "https://a"), ("username", "u")];
        let updated = updated(&given, ConfigMode::Replace).unwrap();
        assert_eq!(updated, config(&given));
    }

    #[test]
    fn required_settings_are_required() {
        let given = config(&[("domain-url", "https://a"), ("username", "u")]);
        let none = Config::new();
        let problem = update(&CONFLUENCE_V2, &none, given, ConfigMode::Merge).unwrap_err();
        assert_eq!(problem.message, "config lacks required settings: api-key");
        assert!(updated(&[("username", "")], ConfigMode::Merge).is_err());
        assert!(update(&CONFLUENCE_V1, &none, none.clone(), ConfigMode::Merge).is_ok());
    }
}
