//! The connector catalog: the three entries for Confluence, as data.

use serde_json::{Map, Value, json};

use crate::config::{Config, ENV_CONFIG};

/// The catalog ID of the first Confluence connector.
pub const V1: &str = "25tMVXNwlQbGDQ2dVFjXf9nSpMC";
/// The catalog ID of the current Confluence connector.
pub const V2: &str = "2jbvUoyvbdzgkgdZfGR7VFhS0SU";
/// The catalog ID of self-hosted connectors.
pub const BATON: &str = "2HErg7BRmNdHgX8sTCWVq4E1fyh";

/// An entry of the catalog.
#[derive(Debug)]
pub(crate) struct CatalogEntry {
    pub(crate) id: &'static str,
    /// The name of the entry, and the default name of a connector.
    pub(crate) display_name: &'static str,
    pub(crate) api_version: u32,
    /// Whether the customer runs the connector, which then has a client ID and secret.
    pub(crate) self_hosted: bool,
    /// Whether a connector can be created as configured without any setting.
    pub(crate) may_be_empty: bool,
    pub(crate) settings: &'static [Setting],
}

/// One key of a connector's configuration.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) key: &'static str,
    label: &'static str,
    description: &'static str,
    placeholder: &'static str,
    pub(crate) required: bool,
    pub(crate) kind: SettingKind,
    /// Whether the setting is listed only with the switch `fullForm`.
    extra: bool,
}

/// The type of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SettingKind {
    Text,
    Secret,
    Flag { default: bool },
    List,
}

impl Setting {
    const fn required(key: &'static str, label: &'static str, kind: SettingKind) -> Self {
        Self {
            key,
            label,
            description: "",
            placeholder: "",
            required: true,
            kind,
            extra: false,
        }
    }

    const fn optional(key: &'static str, label: &'static str, kind: SettingKind) -> Self {
        Self {
            required: false,
            ..Self::required(key, label, kind)
        }
    }

    const fn placeholder(self, placeholder: &'static str) -> Self {
        Self {
            placeholder,
            ..self
        }
    }

    const fn description(self, description: &'static str) -> Self {
        Self {
            description,
            ..self
        }
    }

    const fn extra(self) -> Self {
        Self {
            extra: true,
            ..self
        }
    }

    pub(crate) fn is_secret(&self) -> bool {
        self.kind == SettingKind::Secret
    }

    fn form_field(&self) -> Value {
        let (member, content) = match self.kind {
            SettingKind::Text => (
                "stringField",
                self.string_field("textField", &json!({"multiline": false})),
            ),
            SettingKind::Secret => (
                "stringField",
                self.string_field("passwordField", &json!({})),
            ),
            SettingKind::Flag { default } => (
                "boolField",
                json!({"defaultValue": default, "rules": null, "checkboxField": {}}),
            ),
            SettingKind::List => (
                "stringSliceField",
                json!({"defaultValues": [], "placeholder": self.placeholder, "rules": null, "chipsField": {}}),
            ),
        };
        json!({
            "name": self.key, "displayName": self.label, "description": self.description,
            "required": self.required, "readOnly": false, member: content,
        })
    }

    fn string_field(&self, view: &str, content: &Value) -> Value {
        json!({"defaultValue": "", "placeholder": self.placeholder, "rules": null, view: content})
    }
}

/// The first Confluence connector.
pub(crate) const CONFLUENCE_V1: CatalogEntry = CatalogEntry {
    id: V1,
    display_name: "Confluence",
    api_version: 1,
    self_hosted: false,
    may_be_empty: true,
    settings: &[
        Setting::required(
            "confluence_domain",
            "Confluence site domain",
            SettingKind::Text,
        ),
        Setting::required("confluence_username", "Username", SettingKind::Text),
        Setting::required("confluence_apikey", "API key", SettingKind::Secret),
    ],
};

/// The current Confluence connector.
pub(crate) const CONFLUENCE_V2: CatalogEntry = CatalogEntry {
    id: V2,
    display_name: "Confluence v2",
    api_version: 2,
    self_hosted: false,
    may_be_empty: false,
    settings: &[
        Setting::required("domain-url", "Confluence site domain", SettingKind::Text)
            .placeholder("https://example.atlassian.net")
            .description("The domain URL for your Confluence account"),
        Setting::required("username", "Username", SettingKind::Text)
            .placeholder("user@example.com"),
        Setting::required("api-key", "API key", SettingKind::Secret),
        Setting::optional(
            "skip-personal-spaces",
            "Skip syncing personal spaces and their permissions",
            SettingKind::Flag { default: true },
        ),
        Setting::optional("noun", "Nouns", SettingKind::List)
            .placeholder("space")
            .extra(),
        Setting::optional("verb", "Verbs", SettingKind::List)
            .placeholder("administer,create,delete,export,read,restrict_content")
            .extra(),
        Setting::optional("use-rbac", "Use RBAC", SettingKind::Flag { default: false }).extra(),
    ],
};

/// Any self-hosted connector.
pub(crate) const SELF_HOSTED: CatalogEntry = CatalogEntry {
    id: BATON,
    display_name: "Baton",
    api_version: 2,
    self_hosted: true,
    may_be_empty: true,
    settings: &[],
};

const ENTRIES: [&CatalogEntry; 3] = [&CONFLUENCE_V1, &CONFLUENCE_V2, &SELF_HOSTED];

impl CatalogEntry {
    /// The entry with this id.
    pub(crate) fn find(id: &str) -> Option<&'static Self> {
        ENTRIES.into_iter().find(|entry| entry.id == id)
    }

    pub(crate) fn setting(&self, key: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.key == key)
    }

    /// Returns the response of the catalog. `full` also lists the settings that it normally omits.
    pub(crate) fn configuration_schema(&self, full: bool) -> Value {
        let listed = self
            .settings
            .iter()
            .filter(|setting| full || !setting.extra);
        json!({"schema": null, "formSchema": {
            "id": self.id, "displayName": self.display_name, "description": "",
            "fields": listed.map(Setting::form_field).collect::<Vec<_>>(),
            "fieldGroups": [], "fieldRelationships": [],
        }})
    }

    /// Returns a stored configuration as the service does, with `secret` instead of secrets.
    pub(crate) fn env_config(&self, config: &Config, secret: Option<&str>) -> Value {
        let shown = config.iter().filter_map(|(key, value)| {
            let hidden = self.setting(key).is_some_and(Setting::is_secret);
            let value = if hidden { secret? } else { value };
            Some((key.clone(), json!({"stringValue": value})))
        });
        json!({"@type": ENV_CONFIG, "configuration": shown.collect::<Map<_, _>>()})
    }
}
