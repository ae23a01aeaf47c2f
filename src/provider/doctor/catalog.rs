//! Compares the settings of each catalog entry with those that the provider knows.

use std::collections::BTreeMap;

use crate::conductorone::CatalogSchema;
use crate::provider::connector::{BATON, CONFLUENCE, CONFLUENCE_V2, CatalogEntry, HostedModel};
use crate::provider::integration::IntegrationModel;

use super::access::no_client;
use super::facts::Facts;
use super::messages;
use super::outcome::Outcome;
use super::privacy::shown_name;

/// Returns the settings of an entry that the provider knows: each key, and whether the provider requires it.
type Known = fn(CatalogEntry) -> Vec<(&'static str, bool)>;

/// The catalog entries that the provider uses.
const ENTRIES: [(CatalogEntry, Known); 3] = [
    (CONFLUENCE, IntegrationModel::catalog_keys),
    (CONFLUENCE_V2, IntegrationModel::catalog_keys),
    // ConductorOne stores no settings for connectors that users run.
    (BATON, |_| Vec::new()),
];

/// Checks all entries.
pub(super) async fn catalog(facts: &mut Facts) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (entry, known) in ENTRIES {
        let Some(client) = facts.client() else {
            return vec![no_client()];
        };
        let outcome = match client.connector_catalog(entry.id).await {
            Ok(Some(schema)) => compare(&schema, &known(entry)),
            Ok(None) => messages::entry_missing().into(),
            Err(error) => Outcome::from(&error),
        };
        outcomes.push(outcome.about(entry.display_name));
    }
    outcomes
}

/// How a key of an entry differs from those that the provider knows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Difference {
    /// The provider requires the key, and the entry does not list it.
    MissingRequired,
    /// The entry does not list the key, which the provider can do without.
    Missing,
    /// The entry requires the key, and the provider does not know it.
    UnknownRequired,
    /// The provider does not know the key, and the entry does not require it.
    Unknown,
    /// Only one of both requires the key.
    RequiredByOne,
}

impl Difference {
    /// All differences and their names.
    const ALL: [(Self, &'static str); 5] = [
        (Self::MissingRequired, "missing and required"),
        (Self::Missing, "missing"),
        (Self::UnknownRequired, "unknown and required"),
        (Self::Unknown, "unknown"),
        (Self::RequiredByOne, "required by only one of both"),
    ];

    fn prevents_creation(self) -> bool {
        matches!(self, Self::MissingRequired | Self::UnknownRequired)
    }
}

fn compare(schema: &CatalogSchema, known: &[(&'static str, bool)]) -> Outcome {
    let found = differences(schema, known);
    let named = Difference::ALL.iter().filter_map(|(kind, name)| {
        let keys = found.iter().filter(|(found, _)| found == kind);
        let keys: Vec<_> = keys.map(|(_, key)| *key).collect();
        (!keys.is_empty()).then(|| format!("{name}: {}", keys.join(", ")))
    });
    let named = named.collect::<Vec<_>>().join("; ");
    if found.is_empty() {
        return Outcome::ok(&match known.len() {
            0 => "no settings, as the provider expects".to_owned(),
            count => format!("the {count} settings are those that the provider knows"),
        });
    }
    let prevents = found.iter().any(|(kind, _)| kind.prevents_creation());
    if prevents {
        messages::entry_incompatible(&named).into()
    } else {
        messages::entry_differs(&named).into()
    }
}

fn differences<'a>(
    schema: &'a CatalogSchema,
    known: &[(&'static str, bool)],
) -> Vec<(Difference, &'a str)> {
    let listed: BTreeMap<_, _> = schema.keys().collect();
    let known_keys = known.iter().filter_map(|(key, required)| {
        let difference = match listed.get(key) {
            None if *required => Difference::MissingRequired,
            None => Difference::Missing,
            Some(other) if other != required => Difference::RequiredByOne,
            Some(_) => return None,
        };
        Some((difference, *key))
    });
    let is_unknown = |key: &str| !known.iter().any(|(other, _)| *other == key);
    let unknown = listed.iter().filter(|(key, _)| is_unknown(key));
    let unknown = unknown.map(|(key, required)| {
        let difference = if *required {
            Difference::UnknownRequired
        } else {
            Difference::Unknown
        };
        (difference, shown_name(key))
    });
    known_keys.chain(unknown).collect()
}
