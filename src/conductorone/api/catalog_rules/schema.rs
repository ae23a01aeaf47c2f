//! The settings that a catalog entry accepts.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::task::spawn_blocking;

use super::field::{Field, FieldKind, Presence};
use super::relationship::Relationship;
use super::setting::Setting;
use super::violation::Violation;
use crate::conductorone::http::{Cause, join, too_much};

/// Fields, and relationships of fields, that an entry may have. A real entry has about ten.
const MOST_FIELDS: usize = 200;
/// Patterns that an entry may have.
const MOST_PATTERNS: usize = 50;
/// Bytes of a pattern.
const LONGEST_PATTERN: usize = 1000;

/// The settings that a catalog entry takes.
#[derive(Clone, Debug, Default)]
pub struct CatalogSchema {
    pub(crate) fields: Vec<Field>,
    pub(crate) relationships: Vec<Relationship>,
}

impl CatalogSchema {
    /// The settings, unless there is more to check than any entry asks for.
    pub(crate) fn with_checked_size(self) -> Result<Self, Cause> {
        let patterns = || self.fields.iter().map(|field| field.kind.pattern());
        let longest = patterns().map(str::len).max().unwrap_or_default();
        let count = patterns().filter(|pattern| !pattern.is_empty()).count();
        let fields = self.fields.len().max(self.relationships.len());
        for (number, most, what) in [
            (fields, MOST_FIELDS, "fields or relationships of fields"),
            (count, MOST_PATTERNS, "patterns"),
            (longest, LONGEST_PATTERN, "bytes in a pattern"),
        ] {
            if number > most {
                return Err(too_much(most, what));
            }
        }
        Ok(self)
    }

    /// What the entry calls a setting, for example `API key`. None if it does not list it.
    pub fn display_name(&self, key: &str) -> Option<&str> {
        self.field(key).map(|field| field.display_name.as_str())
    }

    /// The same as [`violations`](Self::violations), on a thread of its own: patterns can take long, and meanwhile other
    /// calls are served.
    pub async fn check(self: &Arc<Self>, settings: &BTreeMap<String, Setting>) -> Vec<Violation> {
        let (schema, settings) = (Arc::clone(self), settings.clone());
        join(spawn_blocking(move || schema.violations(&settings)).await).await
    }

    /// The rules that `settings` do not satisfy, in the order of the entry's fields. Settings that the entry does not
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
