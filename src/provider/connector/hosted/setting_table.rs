//! The rows in a table of settings. A row says which attribute gives which setting, in which catalog entries and how.

use crate::conductorone::{ConnectorConfig, parse_bool};
use crate::provider::connector::catalog::CatalogEntry;
use crate::provider::connector::comma_list::{join, split};
use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::value::{Secret, Set, Value};

use super::messages;

/// An attribute of the model `M`. [`attribute!`] makes one.
#[derive(Debug)]
pub(crate) struct Attribute<M, T> {
    pub(crate) name: &'static str,
    pub(crate) get: fn(&M) -> &Value<T>,
    pub(crate) get_mut: fn(&mut M) -> &mut Value<T>,
}

/// The attribute of `Self` with this name, or `shared.name` if another declaration adds it.
macro_rules! attribute {
    ($name:ident) => {
        $crate::provider::connector::attribute!($name: $name)
    };
    ($shared:ident.$name:ident) => {
        $crate::provider::connector::attribute!($name: $shared.$name)
    };
    ($name:ident: $($field:ident).+) => {
        $crate::provider::connector::Attribute {
            name: stringify!($name),
            get: |model: &Self| &model.$($field).+,
            get_mut: |model: &mut Self| &mut model.$($field).+,
        }
    };
}
pub(crate) use attribute;

/// The key of a setting in each catalog entry that has it.
pub(crate) type Keys = &'static [(CatalogEntry, &'static str)];

/// A setting that is not secret.
#[derive(Debug)]
pub(crate) struct SettingRow<S> {
    pub(crate) keys: Keys,
    pub(crate) kind: SettingKind<S>,
}

/// The attribute of a setting, and how ConductorOne stores its value.
#[derive(Debug)]
pub(crate) enum SettingKind<S> {
    /// A text. Without it there are no settings at all.
    Required {
        attribute: Attribute<S, String>,
        /// An assignment for messages.
        example: &'static str,
        /// Returns the text as a catalog entry stores it.
        to_stored: fn(CatalogEntry, &str) -> Result<String, Diagnostic>,
    },
    /// `true` or `false`. An unset flag means `false`.
    Flag {
        attribute: Attribute<S, bool>,
        /// Whether an unset flag is sent, because ConductorOne's default differs.
        always_sent: bool,
    },
    /// A list, stored as a text with commas. An unset list means an empty one.
    List(Attribute<S, Set<String>>),
}

impl<S> SettingRow<S> {
    /// Returns the key in a catalog entry. `None` if the entry does not have the setting.
    pub(crate) fn key(&self, entry: CatalogEntry) -> Option<&'static str> {
        find_key(self.keys, entry)
    }

    /// Returns the name of the attribute.
    pub(crate) fn attribute(&self) -> &'static str {
        match &self.kind {
            SettingKind::Required { attribute, .. } => attribute.name,
            SettingKind::Flag { attribute, .. } => attribute.name,
            SettingKind::List(attribute) => attribute.name,
        }
    }

    /// Returns the example of a required setting.
    pub(super) fn example(&self) -> Option<&'static str> {
        match &self.kind {
            SettingKind::Required { example, .. } => Some(example),
            SettingKind::Flag { .. } | SettingKind::List(_) => None,
        }
    }

    /// Returns whether there are no settings without this one.
    pub(super) fn is_required(&self) -> bool {
        self.example().is_some()
    }

    /// Returns the value of the attribute as a text.
    pub(crate) fn value(&self, settings: &S) -> Value<String> {
        match &self.kind {
            SettingKind::Required { attribute, .. } => (attribute.get)(settings).clone(),
            SettingKind::Flag { attribute, .. } => {
                (attribute.get)(settings).map(|flag| flag.to_string())
            }
            SettingKind::List(attribute) => (attribute.get)(settings).clone().map(|set| join(&set)),
        }
    }

    /// Returns a value as a catalog entry stores it.
    pub(super) fn to_stored(&self, entry: CatalogEntry, value: &str) -> Result<String, Diagnostic> {
        match &self.kind {
            SettingKind::Required { to_stored, .. } => to_stored(entry, value),
            SettingKind::Flag { .. } | SettingKind::List(_) => Ok(value.to_owned()),
        }
    }

    /// Returns the stored value of an unset attribute.
    pub(super) fn unset(&self) -> &'static str {
        match &self.kind {
            SettingKind::Flag { .. } => "false",
            SettingKind::Required { .. } | SettingKind::List(_) => "",
        }
    }

    /// Returns whether an unset attribute is sent, too.
    pub(super) fn is_always_sent(&self) -> bool {
        matches!(self.kind, SettingKind::Flag { always_sent, .. } if always_sent)
    }

    /// Returns whether the stored values of two attributes differ.
    pub(super) fn differs(&self, entry: CatalogEntry, one: &S, other: &S) -> bool {
        let stored = |settings| match self.value(settings) {
            Value::Null => Value::Known(self.unset().to_owned()),
            value => value,
        };
        self.key(entry).is_some() && stored(one) != stored(other)
    }

    /// Updates the attribute of a resource with the stored value. A setting that Terraform does not manage does not appear, but
    /// after an import it does if it is not the default. A required text appears if Terraform manages the settings.
    pub(super) fn observe(
        &self,
        settings: &mut S,
        entry: CatalogEntry,
        config: &ConnectorConfig,
        managed: bool,
        imported: bool,
    ) {
        let text = self.stored(entry, config);
        match &self.kind {
            SettingKind::Required { attribute, .. } => {
                if managed || imported {
                    *(attribute.get_mut)(settings) = text.map(str::to_owned).into();
                }
            }
            SettingKind::Flag { attribute, .. } => {
                let is_on = text.and_then(parse_bool).unwrap_or_default();
                let flag = (attribute.get_mut)(settings);
                if !flag.is_null() || imported && is_on {
                    *flag = Value::Known(is_on);
                }
            }
            SettingKind::List(attribute) => {
                let list = (attribute.get_mut)(settings);
                if !list.is_null() || imported {
                    *list = text.map(split).into();
                }
            }
        }
    }

    /// Sets the attribute of a data source to the stored value. If nothing is stored, the attribute is null.
    pub(crate) fn read(&self, settings: &mut S, entry: CatalogEntry, config: &ConnectorConfig) {
        let text = self.stored(entry, config);
        match &self.kind {
            SettingKind::Required { attribute, .. } => {
                *(attribute.get_mut)(settings) = text.map(str::to_owned).into();
            }
            SettingKind::Flag { attribute, .. } => {
                *(attribute.get_mut)(settings) = text.and_then(parse_bool).into();
            }
            SettingKind::List(attribute) => {
                *(attribute.get_mut)(settings) = text.map(split).into();
            }
        }
    }

    fn stored<'a>(&self, entry: CatalogEntry, config: &'a ConnectorConfig) -> Option<&'a str> {
        let text = config.plain(self.key(entry)?);
        // ConductorOne considers an empty setting unset.
        text.filter(|text| !text.is_empty())
    }
}

/// The secret that ConductorOne stores with the settings and never returns. Users set it in a sensitive attribute, or in a
/// write-only attribute with a version.
#[derive(Debug)]
pub(crate) struct SecretSetting<M> {
    pub(crate) keys: Keys,
    /// The name for messages, for example `API key`.
    pub(crate) noun: &'static str,
    /// The meaning for messages, for example `an API token of the account in username`.
    pub(crate) meaning: &'static str,
    /// The attribute that is stored in the state.
    pub(crate) stored: Attribute<M, Secret>,
    /// The write-only attribute.
    pub(crate) write_only: Attribute<M, Secret>,
    /// The version of the write-only attribute.
    pub(crate) version: Attribute<M, i64>,
    /// An assignment to the write-only attribute for messages.
    pub(crate) example: &'static str,
}

impl<M> SecretSetting<M> {
    /// Returns the key in a catalog entry.
    pub(super) fn key(&self, entry: CatalogEntry) -> Option<&'static str> {
        find_key(self.keys, entry)
    }

    /// Returns the secret. A write-only secret is in `config`.
    pub(super) fn value(&self, planned: &M, config: &M) -> Value<Secret> {
        match (self.write_only.get)(config) {
            Value::Null => (self.stored.get)(planned).clone(),
            write_only => write_only.clone(),
        }
    }

    /// Returns the attribute that `config` sets.
    pub(super) fn attribute(&self, config: &M) -> &'static str {
        if (self.write_only.get)(config).is_null() {
            self.stored.name
        } else {
            self.write_only.name
        }
    }

    /// Returns whether the planned secret differs from the prior one. A write-only secret is compared with the secret that it
    /// replaces in the state.
    pub(super) fn differs(&self, planned: &M, prior: &M, config: &M) -> bool {
        let (stored, version) = ((self.stored.get)(planned), (self.version.get)(planned));
        let (before, write_only) = ((self.stored.get)(prior), (self.write_only.get)(config));
        !stored.is_null() && stored != before
            || !version.is_null() && version != (self.version.get)(prior)
            || !write_only.is_null() && !before.is_null() && write_only != before
    }

    /// Returns whether the state records a secret.
    pub(super) fn is_recorded(&self, state: &M) -> bool {
        !(self.stored.get)(state).is_null() || !(self.version.get)(state).is_null()
    }

    /// Removes the secret from the state, so the next plan writes it again.
    pub(super) fn forget(&self, state: &mut M) {
        *(self.stored.get_mut)(state) = Value::Null;
        *(self.version.get_mut)(state) = Value::Null;
    }

    /// Returns the error for a missing secret.
    pub(super) fn diagnose_missing(&self) -> Diagnostic {
        let (stored, write_only) = (self.stored.name, self.write_only.name);
        messages::missing_secret(self.noun, stored, write_only, self.meaning)
    }
}

fn find_key(keys: Keys, entry: CatalogEntry) -> Option<&'static str> {
    keys.iter()
        .find_map(|(candidate, key)| (*candidate == entry).then_some(*key))
}
