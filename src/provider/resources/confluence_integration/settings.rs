//! The settings of `confluence_integration`, and how ConductorOne stores them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::conductorone::{ConfigValue, Connector, ConnectorConfig, Setting};
use crate::provider::connector::{
    NOUNS, SKIP_PERSONAL_SPACES, USE_RBAC, V1, V2, VERBS, Version, joined,
};
use crate::provider::site::Site;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::{Secret, Set, Value};

use super::{Kept, Model, mistakes};

/// A setting that version 2 may have.
struct Choice {
    key: &'static str,
    /// As ConductorOne stores it.
    value: Value<String>,
    /// What is stored in its place once the user removes it.
    unset: &'static str,
}

impl Model {
    pub(super) fn version(&self) -> &'static Version {
        if self.connector_version == Value::Known(1) {
            &V1
        } else {
            &V2
        }
    }

    pub(super) fn site(&self) -> Option<Site> {
        self.site_domain.known()?.parse().ok()
    }

    /// Whether Terraform manages the connector's settings.
    pub(super) fn has_settings(&self) -> bool {
        !self.site_domain.is_null() && !self.username.is_null()
    }

    /// The API key at hand: `config` has it where it is write-only.
    pub(super) fn key(&self, config: &Self) -> Value<Secret> {
        match &config.api_key_wo {
            Value::Null => self.api_key.clone(),
            passing => passing.clone(),
        }
    }

    /// Whether a setting that ConductorOne stores differs between two states of a connector.
    pub(super) fn differs_in_settings(&self, prior: &Self) -> bool {
        let new_key = !self.api_key.is_null() && self.api_key != prior.api_key
            || !self.api_key_wo_version.is_null()
                && self.api_key_wo_version != prior.api_key_wo_version;
        let differs = |(mine, theirs): (Choice, Choice)| mine.stored() != theirs.stored();
        self.has_settings()
            && (self.site_domain != prior.site_domain
                || self.username != prior.username
                || self.choices().into_iter().zip(prior.choices()).any(differs)
                || new_key)
    }

    /// Whether a change from `prior` makes ConductorOne store settings.
    pub(super) fn stores_settings(&self, prior: Option<&Self>) -> bool {
        match prior {
            None => self.has_settings(),
            Some(prior) => self.differs_in_settings(prior),
        }
    }

    /// The settings that version 2 may have. The first version has none of them.
    fn choices(&self) -> Vec<Choice> {
        let flag = |key, value: Value<bool>| Choice {
            key,
            value: value.map(|value| value.to_string()),
            unset: "false",
        };
        let list = |key, value: &Value<Set<String>>| Choice {
            key,
            value: value.clone().map(|set| joined(&set)),
            unset: "",
        };
        if self.version().number == 1 {
            return Vec::new();
        }
        vec![
            flag(SKIP_PERSONAL_SPACES, self.skip_personal_spaces),
            list(NOUNS, &self.nouns),
            list(VERBS, &self.verbs),
            flag(USE_RBAC, self.use_rbac),
        ]
    }

    /// The settings that a connector is going to have, as far as they are known.
    pub(super) fn settings(&self, key: &Value<Secret>) -> BTreeMap<String, Setting> {
        let version = self.version();
        let site = match self.site() {
            Some(site) => Value::from(version.site_value(&site)),
            None => Value::Unknown,
        };
        let key = match key {
            Value::Known(key) => Setting::Known(ConfigValue::Secret(key.clone().into())),
            Value::Null | Value::Unknown => Setting::Unknown,
        };
        let plain = [
            (version.site, site),
            (version.username, self.username.clone()),
        ];
        let choices = self
            .choices()
            .into_iter()
            .map(|choice| (choice.key, choice.value));
        let plain = plain
            .into_iter()
            .chain(choices)
            .filter_map(|(key, value)| match value {
                Value::Known(text) => Some((key, Setting::Known(ConfigValue::Plain(text)))),
                Value::Unknown => Some((key, Setting::Unknown)),
                Value::Null => None,
            });
        let all = plain.chain([(version.api_key, key)]);
        all.map(|(name, setting)| (name.to_owned(), setting))
            .collect()
    }

    /// The attribute that gives the setting of a key.
    pub(super) fn attribute(&self, key: &str, config: &Self) -> Option<&'static str> {
        let version = self.version();
        let key_attribute = if config.api_key_wo.is_null() {
            "api_key"
        } else {
            "api_key_wo"
        };
        [
            (version.site, "site_domain"),
            (version.username, "username"),
            (version.api_key, key_attribute),
            (SKIP_PERSONAL_SPACES, "skip_personal_spaces"),
            (NOUNS, "nouns"),
            (VERBS, "verbs"),
            (USE_RBAC, "use_rbac"),
        ]
        .into_iter()
        .find_map(|(known, attribute)| (known == key).then_some(attribute))
    }

    /// The configuration of a new connector; `None` without settings.
    pub(super) fn first_config(
        &self,
        key: Value<Secret>,
    ) -> Result<Option<ConnectorConfig>, Diagnostics> {
        if !self.has_settings() {
            return Ok(None);
        }
        self.config(ConnectorConfig::default(), key).map(Some)
    }

    /// The complete configuration for a change from `prior`, in which what `stored` holds beside the settings of this
    /// resource is kept.
    pub(super) fn changed_config(
        &self,
        prior: &Self,
        mut stored: ConnectorConfig,
        key: Value<Secret>,
    ) -> Result<ConnectorConfig, Diagnostics> {
        for (mine, before) in self.choices().into_iter().zip(prior.choices()) {
            if mine.value.is_null() && !before.value.is_null() {
                let unset = ConfigValue::Plain(mine.unset.to_owned());
                stored.0.insert(mine.key.to_owned(), unset);
            }
        }
        self.config(stored, key)
    }

    /// The complete configuration, on top of what is `stored`.
    fn config(
        &self,
        ConnectorConfig(mut config): ConnectorConfig,
        key: Value<Secret>,
    ) -> Result<ConnectorConfig, Diagnostics> {
        let version = self.version();
        let site = self.site().and_then(|site| version.site_value(&site));
        let site = site.ok_or_else(mistakes::custom_domain)?;
        let key = key.into_known().ok_or_else(mistakes::missing_api_key)?;
        let username = self.username.known().cloned().unwrap_or_default();
        let mut set = |name: &str, value| config.insert(name.to_owned(), value);
        set(version.site, ConfigValue::Plain(site));
        set(version.username, ConfigValue::Plain(username));
        set(version.api_key, ConfigValue::Secret(key.into()));
        let choices = self.choices();
        if !choices.is_empty() {
            // ConductorOne's own default is the opposite of the connector's: the setting is never left out.
            let unset = || ConfigValue::Plain(false.to_string());
            config
                .entry(SKIP_PERSONAL_SPACES.to_owned())
                .or_insert_with(unset);
        }
        for choice in choices {
            if let Value::Known(text) = choice.value {
                config.insert(choice.key.to_owned(), ConfigValue::Plain(text));
            }
        }
        Ok(ConnectorConfig(config))
    }

    /// Takes over the settings that ConductorOne stores, except the key, which it never shows.
    pub(super) fn observe_settings(&mut self, config: &ConnectorConfig, imported: bool) {
        let stored = self.version().settings(config);
        if self.has_settings() || imported {
            self.site_domain = stored.site.into();
            self.username = stored.username.into();
        }
        for (flag, stored) in [
            (&mut self.skip_personal_spaces, stored.skip_personal_spaces),
            (&mut self.use_rbac, stored.use_rbac),
        ] {
            let is_on = stored.unwrap_or_default();
            // What nobody manages never appears; after an import, what is not the default does.
            if !flag.is_null() || imported && is_on {
                *flag = Value::Known(is_on);
            }
        }
        for (list, stored) in [
            (&mut self.nouns, stored.nouns),
            (&mut self.verbs, stored.verbs),
        ] {
            if !list.is_null() || imported {
                *list = stored.into();
            }
        }
    }

    /// Doubts the key that the state stands for, if somebody else has changed the settings since Terraform did: by that,
    /// the next plan offers to write it again. Whether it is doubted.
    pub(super) fn observe_key(&mut self, found: &Connector, kept: &mut Kept) -> bool {
        let has_key = !self.api_key.is_null() || !self.api_key_wo_version.is_null();
        let seen = found.config_updated_at.as_deref();
        let doubted = has_key && is_later(seen, kept.config_updated_at.as_deref());
        if doubted {
            self.api_key = Value::Null;
            self.api_key_wo_version = Value::Null;
        } else {
            *kept = Kept::at(found);
        }
        doubted
    }
}

impl Choice {
    /// What ConductorOne holds: unset means the same as what is stored in its place.
    fn stored(self) -> Value<String> {
        match self.value {
            Value::Null => Value::Known(self.unset.to_owned()),
            set => set,
        }
    }
}

/// Whether one time is after another.
fn is_later(time: Option<&str>, than: Option<&str>) -> bool {
    let parsed = |text: Option<&str>| text?.parse::<Timestamp>().ok();
    matches!((parsed(time), parsed(than)), (Some(time), Some(than)) if time > than)
}
