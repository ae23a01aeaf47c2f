//! The settings of `confluence_integration`, and how ConductorOne stores them.

use crate::conductorone::{ConfigValue, ConnectorConfig};
use crate::provider::connector::{CONFLUENCE, CONFLUENCE_V2, CatalogEntry};
use crate::provider::site::Site;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::Value;

use super::{Model, mistakes};

/// A version of the connector: its catalog entry, and the keys under which that stores the settings.
pub(super) struct Version {
    pub(super) number: i64,
    pub(super) entry: CatalogEntry,
    site: &'static str,
    username: &'static str,
    api_key: &'static str,
    skip_personal_spaces: Option<&'static str>,
}

const V1: Version = Version {
    number: 1,
    entry: CONFLUENCE,
    site: "confluence_domain",
    username: "confluence_username",
    api_key: "confluence_apikey",
    skip_personal_spaces: None,
};

const V2: Version = Version {
    number: 2,
    entry: CONFLUENCE_V2,
    site: "domain-url",
    username: "username",
    api_key: "api-key",
    skip_personal_spaces: Some("skip-personal-spaces"),
};

impl Version {
    pub(super) fn of_catalog_entry(id: &str) -> Option<&'static Self> {
        [&V1, &V2]
            .into_iter()
            .find(|version| version.entry.id == id)
    }

    /// The site as this version stores it: the first one knows sites of `atlassian.net` only.
    fn site_value(&self, site: &Site) -> Option<String> {
        match self.number {
            1 => site.subdomain().map(str::to_owned),
            _ => Some(site.url()),
        }
    }
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

    /// Whether a setting that ConductorOne stores differs between two states of a connector.
    pub(super) fn differs_in_settings(&self, prior: &Self) -> bool {
        let new_key = !self.api_key.is_null() && self.api_key != prior.api_key;
        self.has_settings()
            && (self.site_domain != prior.site_domain
                || self.username != prior.username
                || self.skips_personal_spaces() != prior.skips_personal_spaces()
                || new_key)
    }

    /// Unset means no, which is also the connector's own default.
    fn skips_personal_spaces(&self) -> Value<bool> {
        match self.skip_personal_spaces {
            Value::Null => Value::Known(false),
            other => other,
        }
    }

    /// The complete configuration, in which what `stored` holds beside the settings of this resource is kept. `None`
    /// without settings.
    pub(super) fn config(
        &self,
        stored: ConnectorConfig,
    ) -> Result<Option<ConnectorConfig>, Diagnostics> {
        let version = self.version();
        let (Some(site), Some(username)) = (self.site(), self.username.known()) else {
            return Ok(None);
        };
        let site = version
            .site_value(&site)
            .ok_or_else(mistakes::custom_domain)?;
        let key = self.api_key.known().ok_or_else(mistakes::missing_api_key)?;
        let ConnectorConfig(mut config) = stored;
        let mut set = |name: &str, value| config.insert(name.to_owned(), value);
        set(version.site, ConfigValue::Plain(site));
        set(version.username, ConfigValue::Plain(username.clone()));
        set(version.api_key, ConfigValue::Secret(key.clone().into()));
        match (version.skip_personal_spaces, self.skip_personal_spaces) {
            (Some(name), Value::Known(skip)) => {
                set(name, ConfigValue::Plain(skip.to_string()));
            }
            // ConductorOne's own default is the opposite of the connector's: the setting is never left out.
            (Some(name), _) => {
                let unset = || ConfigValue::Plain(false.to_string());
                config.entry(name.to_owned()).or_insert_with(unset);
            }
            (None, _) => {}
        }
        Ok(Some(ConnectorConfig(config)))
    }

    /// The complete configuration for a change from `prior`.
    pub(super) fn changed_config(
        &self,
        prior: &Self,
        mut stored: ConnectorConfig,
    ) -> Result<Option<ConnectorConfig>, Diagnostics> {
        let removed = !prior.skip_personal_spaces.is_null() && self.skip_personal_spaces.is_null();
        if let Some(name) = self.version().skip_personal_spaces.filter(|_| removed) {
            stored.0.remove(name);
        }
        self.config(stored)
    }

    /// Takes over the settings that ConductorOne stores, except the key, which it never shows.
    pub(super) fn observe_settings(&mut self, config: &ConnectorConfig, imported: bool) {
        let version = self.version();
        let text = |key| {
            Value::from(
                config
                    .plain(key)
                    .filter(|text| !text.is_empty())
                    .map(str::to_owned),
            )
        };
        if self.has_settings() || imported {
            self.site_domain = text(version.site);
            self.username = text(version.username);
        }
        let skips = version
            .skip_personal_spaces
            .and_then(|key| config.plain(key))
            .is_some_and(is_true);
        self.skip_personal_spaces = match self.skip_personal_spaces {
            Value::Null if imported && skips => Value::Known(true),
            Value::Null => Value::Null,
            _ => Value::Known(skips),
        };
    }
}

/// As the connector reads booleans, which is as Go does.
fn is_true(text: &str) -> bool {
    ["1", "t", "T", "true", "TRUE", "True"].contains(&text)
}
