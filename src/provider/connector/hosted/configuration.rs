//! From the declared settings to what ConductorOne stores, and back.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::conductorone::{self, ConfigValue, Connector, ConnectorConfig};
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::{Secret, Value};

use super::{HostedModel, Kept, Site, mistakes};

/// What follows from the declaration of the settings.
pub(super) trait Configuration: HostedModel {
    /// The values of the required settings.
    fn required(&self) -> Vec<Value<String>> {
        let settings = self.settings().into_iter();
        let required = settings.filter(|setting| setting.example().is_some());
        required.map(|setting| setting.value(self)).collect()
    }

    /// Whether Terraform manages the connector's settings.
    fn has_settings(&self) -> bool {
        !self.required().iter().any(Value::is_null)
    }

    /// Whether it is known that Terraform manages them: what is unknown may turn out to be null.
    fn surely_has_settings(&self) -> bool {
        self.required().iter().all(|value| value.known().is_some())
    }

    /// Whether no required setting is there.
    fn lacks_settings(&self) -> bool {
        self.required().iter().all(Value::is_null)
    }

    /// Whether a setting that ConductorOne stores differs between two states of a connector. `config` has what is
    /// write-only.
    fn differs_in_settings(&self, prior: &Self, config: &Self) -> bool {
        let mut settings = self.settings().into_iter();
        self.has_settings()
            && (settings.any(|setting| setting.differs(self, prior))
                || self.secret().differs(self, prior, config))
    }

    /// Whether a change from `prior` makes ConductorOne store settings.
    fn stores_settings(&self, prior: Option<&Self>, config: &Self) -> bool {
        match prior {
            None => self.has_settings(),
            Some(prior) => self.differs_in_settings(prior, config),
        }
    }

    /// The site that the connector reads, as ConductorOne stores it: the first required setting. Null without settings.
    fn site(&self) -> Value<Site> {
        if !self.has_settings() {
            return Value::Null;
        }
        let settings = self.settings();
        let Some(setting) = settings.iter().find(|setting| setting.example().is_some()) else {
            return Value::Null;
        };
        let text = setting.value(self).into_known();
        match text.map(|text| setting.spell(self, &text)) {
            Some(Ok(site)) => Value::Known((setting.key, site)),
            Some(Err(_)) | None => Value::Unknown,
        }
    }

    /// The settings that a connector is going to have, as far as they are known.
    fn expected_config(&self, config: &Self) -> BTreeMap<String, conductorone::Setting> {
        use conductorone::Setting::{Known, Unknown};
        let secret = self.secret();
        let value = match secret.value(self, config) {
            Value::Known(secret) => Known(ConfigValue::Secret(secret.into())),
            Value::Null | Value::Unknown => Unknown,
        };
        let settings = self.settings().into_iter().filter(|setting| setting.exists);
        let plain = settings.filter_map(|setting| {
            let expected = match setting.value(self) {
                Value::Known(text) => match setting.spell(self, &text) {
                    Ok(text) => Known(ConfigValue::Plain(text)),
                    Err(_) => Unknown,
                },
                Value::Unknown => Unknown,
                Value::Null => return None,
            };
            Some((setting.key.to_owned(), expected))
        });
        plain.chain([(secret.key.to_owned(), value)]).collect()
    }

    /// The attribute that gives the setting of a key.
    fn attribute_of(&self, key: &str, config: &Self) -> Option<&'static str> {
        let secret = self.secret();
        if key == secret.key {
            return Some(secret.attribute(config));
        }
        let mut settings = self.settings().into_iter();
        settings.find_map(|setting| (setting.key == key).then(|| setting.attribute()))
    }

    /// The configuration of a new connector; `None` without settings.
    fn first_config(&self, config: &Self) -> Result<Option<ConnectorConfig>, Diagnostics> {
        if !self.has_settings() {
            return Ok(None);
        }
        self.config(ConnectorConfig::default(), config).map(Some)
    }

    /// The configuration after a change from `prior`, on top of what is `stored`: what nobody manages stays.
    fn changed_config(
        &self,
        prior: &Self,
        mut stored: ConnectorConfig,
        config: &Self,
    ) -> Result<ConnectorConfig, Diagnostics> {
        for setting in self.settings().iter().filter(|setting| setting.exists) {
            if setting.value(self).is_null() && !setting.value(prior).is_null() {
                let unset = ConfigValue::Plain(setting.unset().to_owned());
                stored.0.insert(setting.key.to_owned(), unset);
            }
        }
        self.config(stored, config)
    }

    /// The complete configuration, on top of what is `stored`.
    fn config(
        &self,
        ConnectorConfig(mut stored): ConnectorConfig,
        config: &Self,
    ) -> Result<ConnectorConfig, Diagnostics> {
        for setting in self.settings().iter().filter(|setting| setting.exists) {
            let value = setting.value(self).into_known();
            let is_required = setting.example().is_some();
            if let Some(text) = value.or_else(|| is_required.then(String::new)) {
                let text = setting.spell(self, &text)?;
                stored.insert(setting.key.to_owned(), ConfigValue::Plain(text));
            } else if setting.is_always_sent() {
                let unset = || ConfigValue::Plain(setting.unset().to_owned());
                stored.entry(setting.key.to_owned()).or_insert_with(unset);
            }
        }
        let secret = self.secret();
        let value: Option<Secret> = secret.value(self, config).into_known();
        let value = value.ok_or_else(|| mistakes::missing_secret(&secret))?;
        stored.insert(secret.key.to_owned(), ConfigValue::Secret(value.into()));
        Ok(ConnectorConfig(stored))
    }

    /// Takes over the settings that ConductorOne stores, except the secret, which it never shows.
    fn observe_settings(&mut self, config: &ConnectorConfig, imported: bool) {
        let managed = self.has_settings();
        for setting in self.settings() {
            setting.observe(self, config, managed, imported);
        }
    }

    /// Whether `config` gives no secret.
    fn lacks_secret(&self, config: &Self) -> bool {
        self.secret().value(self, config).is_null()
    }

    /// Marks the secret that Terraform has sent as possibly changed outside Terraform, if somebody else has changed the
    /// settings since. The state forgets it, so that the next plan offers to write it again. The mark stays until then.
    fn observe_secret(&mut self, found: &Connector, kept: &mut Kept) {
        let secret = self.secret();
        let is_sent = kept.secret_sent || kept.changed_at.is_some() || secret.is_given(self);
        let seen = found.config_updated_at.as_deref();
        let is_newer = is_later(seen, kept.config_updated_at.as_deref());
        if self.has_settings() && is_sent && is_newer {
            secret.forget(self);
            kept.changed_at = seen.map(str::to_owned);
        } else {
            kept.settle(found);
        }
    }
}

impl<M: HostedModel> Configuration for M {}

/// Whether one time is after another.
fn is_later(time: Option<&str>, than: Option<&str>) -> bool {
    let parsed = |text: Option<&str>| text?.parse::<Timestamp>().ok();
    matches!((parsed(time), parsed(than)), (Some(time), Some(than)) if time > than)
}
