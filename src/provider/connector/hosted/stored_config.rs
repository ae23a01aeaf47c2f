//! Conversion between the attributes of a hosted connector and the settings that ConductorOne stores.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::conductorone::{ConfigValue, Connector, ConnectorConfig, Setting as CatalogSetting};
use crate::provider::connector::catalog::CatalogEntry;
use crate::provider::connector::similar::SiteSetting;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::{Secret, Value};

use super::model::HostedModel;
use super::private_state::HostedPrivateState;
use super::setting_table::SettingRow;

/// What follows from the table of settings.
pub(super) trait StoredConfig: HostedModel {
    /// Returns the required settings.
    fn required() -> impl Iterator<Item = &'static SettingRow<Self::Settings>> {
        Self::SETTINGS
            .iter()
            .filter(|setting| setting.is_required())
    }

    /// Returns whether Terraform manages the settings.
    fn has_settings(&self) -> bool {
        !Self::required().any(|setting| setting.value(self.settings()).is_null())
    }

    /// Returns whether it is known that Terraform manages the settings. An unknown value may become null.
    fn surely_has_settings(&self) -> bool {
        Self::required().all(|setting| setting.value(self.settings()).known().is_some())
    }

    /// Returns whether all required settings are null.
    fn lacks_settings(&self) -> bool {
        Self::required().all(|setting| setting.value(self.settings()).is_null())
    }

    /// Returns whether a stored setting differs between two states. Write-only values are in `config`.
    fn differs_in_settings(&self, prior: &Self, config: &Self) -> bool {
        let entry = self.entry();
        let differs = |setting: &SettingRow<Self::Settings>| {
            setting.differs(entry, self.settings(), prior.settings())
        };
        self.has_settings()
            && (Self::SETTINGS.iter().any(differs) || Self::SECRET.differs(self, prior, config))
    }

    /// Returns whether a creation or a change from `prior` writes settings.
    fn writes_settings(&self, prior: Option<&Self>, config: &Self) -> bool {
        match prior {
            None => self.has_settings(),
            Some(prior) => self.differs_in_settings(prior, config),
        }
    }

    /// Returns the site of the connector as ConductorOne stores it. This is the first required setting. Null without settings.
    fn site(&self) -> Value<SiteSetting> {
        let entry = self.entry();
        let Some((setting, key)) = Self::required()
            .next()
            .filter(|_| self.has_settings())
            .and_then(|setting| Some((setting, setting.key(entry)?)))
        else {
            return Value::Null;
        };
        let value = setting.value(self.settings()).into_known();
        match value.map(|value| setting.to_stored(entry, &value)) {
            Some(Ok(site)) => Value::Known((key, site)),
            Some(Err(_)) | None => Value::Unknown,
        }
    }

    /// Returns the planned settings for a check against the catalog entry.
    fn planned_config(&self, config: &Self) -> BTreeMap<String, CatalogSetting> {
        use CatalogSetting::{Known, Unknown};
        let entry = self.entry();
        let plain = list_settings::<Self>(entry).filter_map(|(setting, key)| {
            let planned = match setting.value(self.settings()) {
                Value::Known(value) => match setting.to_stored(entry, &value) {
                    Ok(stored) => Known(ConfigValue::Plain(stored)),
                    Err(_) => Unknown,
                },
                Value::Unknown => Unknown,
                Value::Null => return None,
            };
            Some((key.to_owned(), planned))
        });
        let secret = match Self::SECRET.value(self, config) {
            Value::Known(secret) => Known(ConfigValue::Secret(secret.into())),
            Value::Null | Value::Unknown => Unknown,
        };
        let key = Self::SECRET.key(entry);
        let secret = key.map(|key| (key.to_owned(), secret));
        plain.chain(secret).collect()
    }

    /// Returns the attribute of a setting.
    fn find_attribute(&self, key: &str, config: &Self) -> Option<&'static str> {
        let entry = self.entry();
        if Self::SECRET.key(entry) == Some(key) {
            return Some(Self::SECRET.attribute(config));
        }
        list_settings::<Self>(entry)
            .find_map(|(setting, other)| (other == key).then(|| setting.attribute()))
    }

    /// Returns the settings of a new connector. `None` without settings.
    fn first_config(&self, config: &Self) -> Result<Option<ConnectorConfig>, Diagnostics> {
        if !self.has_settings() {
            return Ok(None);
        }
        self.config(ConnectorConfig::default(), config).map(Some)
    }

    /// Returns the settings after a change from `prior`. Stored settings that Terraform does not manage stay.
    fn changed_config(
        &self,
        prior: &Self,
        mut stored: ConnectorConfig,
        config: &Self,
    ) -> Result<ConnectorConfig, Diagnostics> {
        for (setting, key) in list_settings::<Self>(self.entry()) {
            let value = setting.value(self.settings());
            if value.is_null() && !setting.value(prior.settings()).is_null() {
                let unset = ConfigValue::Plain(setting.unset().to_owned());
                stored.0.insert(key.to_owned(), unset);
            }
        }
        self.config(stored, config)
    }

    /// Returns the complete settings, based on the stored ones.
    fn config(
        &self,
        ConnectorConfig(mut stored): ConnectorConfig,
        config: &Self,
    ) -> Result<ConnectorConfig, Diagnostics> {
        let entry = self.entry();
        for (setting, key) in list_settings::<Self>(entry) {
            let value = setting.value(self.settings()).into_known();
            if let Some(value) = value.or_else(|| setting.is_required().then(String::new)) {
                let value = setting.to_stored(entry, &value)?;
                stored.insert(key.to_owned(), ConfigValue::Plain(value));
            } else if setting.is_always_sent() {
                let unset = || ConfigValue::Plain(setting.unset().to_owned());
                stored.entry(key.to_owned()).or_insert_with(unset);
            }
        }
        let secret: Option<Secret> = Self::SECRET.value(self, config).into_known();
        let secret = secret.ok_or_else(|| Self::SECRET.diagnose_missing())?;
        if let Some(key) = Self::SECRET.key(entry) {
            stored.insert(key.to_owned(), ConfigValue::Secret(secret.into()));
        }
        Ok(ConnectorConfig(stored))
    }

    /// Updates the attributes with the stored settings. ConductorOne never returns the secret.
    fn observe_settings(&mut self, config: &ConnectorConfig, imported: bool) {
        let (managed, entry) = (self.has_settings(), self.entry());
        for setting in Self::SETTINGS {
            setting.observe(self.settings_mut(), entry, config, managed, imported);
        }
    }

    /// Returns whether a listed connector shows that the settings in the state are current. A list may lack settings.
    fn is_confirmed_by(&self, listed: &Connector, private: &HostedPrivateState) -> bool {
        if !self.has_settings() {
            return true;
        }
        let mut observed = self.clone();
        observed.observe_settings(&listed.config, false);
        let entry = self.entry();
        let stored = |setting: &SettingRow<Self::Settings>, model: &Self| {
            let value = setting.value(model.settings());
            value.map(|value| setting.to_stored(entry, &value).unwrap_or(value))
        };
        let is_current = |setting| stored(setting, &observed) == stored(setting, self);
        listed.config_updated_at == private.config_updated_at
            && Self::SETTINGS.iter().all(is_current)
    }

    /// Returns whether `config` has no secret.
    fn lacks_secret(&self, config: &Self) -> bool {
        Self::SECRET.value(self, config).is_null()
    }

    /// Marks the secret as possibly changed outside Terraform if somebody else has changed the settings since Terraform sent it.
    /// The secret is removed from the state, so each plan writes it again until it was written.
    fn observe_secret(&mut self, found: &Connector, private: &mut HostedPrivateState) {
        let secret = Self::SECRET;
        let is_sent =
            private.secret_sent || private.changed_at.is_some() || secret.is_recorded(self);
        let changed_at = found.config_updated_at.as_deref();
        let is_newer = is_later(changed_at, private.config_updated_at.as_deref());
        if self.has_settings() && is_sent && is_newer {
            secret.forget(self);
            private.changed_at = changed_at.map(str::to_owned);
        } else {
            private.record_settings(found);
        }
    }
}

impl<M: HostedModel> StoredConfig for M {}

/// Returns the settings of a catalog entry with their keys.
fn list_settings<M: HostedModel>(
    entry: CatalogEntry,
) -> impl Iterator<Item = (&'static SettingRow<M::Settings>, &'static str)> {
    M::SETTINGS
        .iter()
        .filter_map(move |setting| Some((setting, setting.key(entry)?)))
}

/// Returns whether a time is after another one.
fn is_later(time: Option<&str>, than: Option<&str>) -> bool {
    let parse = |text: Option<&str>| text?.parse::<Timestamp>().ok();
    matches!((parse(time), parse(than)), (Some(time), Some(than)) if time > than)
}
