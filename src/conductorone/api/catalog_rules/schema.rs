//! The settings that a catalog entry accepts.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::task::spawn_blocking;

use super::field::{Field, FieldKind, Presence};
use super::relationship::Relationship;
use super::setting::Setting;
use super::violation::Violation;
use crate::conductorone::http::{Cause, join, too_much};

/// The maximum number of fields, and of relationships. A typical entry has about ten.
const MAX_FIELDS: usize = 200;
/// The maximum number of patterns.
const MAX_PATTERNS: usize = 50;
/// The maximum length of a pattern in bytes.
const MAX_PATTERN_LENGTH: usize = 1000;

/// The settings that a catalog entry accepts.
#[derive(Clone, Debug, Default)]
pub struct CatalogSchema {
    pub(crate) fields: Vec<Field>,
    pub(crate) relationships: Vec<Relationship>,
}

impl CatalogSchema {
    /// Returns the schema, or an error if it is larger than that of any real entry.
    pub(crate) fn with_checked_size(self) -> Result<Self, Cause> {
        let patterns = || self.fields.iter().map(|field| field.kind.pattern());
        let longest = patterns().map(str::len).max().unwrap_or_default();
        let count = patterns().filter(|pattern| !pattern.is_empty()).count();
        let fields = self.fields.len().max(self.relationships.len());
        for (number, max, what) in [
            (fields, MAX_FIELDS, "fields or relationships of fields"),
            (count, MAX_PATTERNS, "patterns"),
            (longest, MAX_PATTERN_LENGTH, "bytes in a pattern"),
        ] {
            if number > max {
                return Err(too_much(max, what));
            }
        }
        Ok(self)
    }

    /// Returns the key of each setting, and whether the entry requires the setting.
    pub fn keys(&self) -> impl Iterator<Item = (&str, bool)> {
        let fields = self.fields.iter();
        fields.map(|field| (field.name.as_str(), field.required))
    }

    /// Returns the display name of a setting, for example `API key`, or `None` if the entry does not list the setting.
    pub fn display_name(&self, key: &str) -> Option<&str> {
        self.field(key).map(|field| field.display_name.as_str())
    }

    /// Returns the [`violations`](Self::violations), but checks on its own thread: patterns can take long, and other
    /// calls must not wait.
    pub async fn check(self: &Arc<Self>, settings: &BTreeMap<String, Setting>) -> Vec<Violation> {
        let (schema, settings) = (Arc::clone(self), settings.clone());
        join(spawn_blocking(move || schema.violations(&settings)).await).await
    }

    /// Returns the rules that `settings` violate, in the order of the entry's fields. Settings that the entry does not
    /// list have no rules.
    pub fn violations(&self, settings: &BTreeMap<String, Setting>) -> Vec<Violation> {
        let of_fields = self.fields.iter().flat_map(|field| {
            field
                .unmet(settings.get(&field.name))
                .into_iter()
                .map(|expectation| Violation::new(vec![field.name.clone()], &expectation))
        });
        let presence = |key: &str| self.presence(key, settings.get(key));
        let of_relationships = self
            .relationships
            .iter()
            .filter_map(|relationship| relationship.violation(&presence));
        of_fields.chain(of_relationships).collect()
    }

    fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == key)
    }

    fn presence(&self, key: &str, setting: Option<&Setting>) -> Presence {
        let kind = self.field(key).map(|field| &field.kind);
        kind.unwrap_or(&FieldKind::Unchecked).presence(setting)
    }
}
