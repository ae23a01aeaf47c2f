//! Which changes of a schema require an upgrade of stored states.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::provider::Provider;
use crate::wire::tfplugin6::get_resource_identity_schemas;
use crate::wire::tfplugin6::schema::{Attribute, object};

/// What to do after a change that makes stored states unreadable.
const UPGRADE: &str = "Add a function to UPGRADES of the resource, which raises the version of its schema, or undo the \
                       change. See \"Add an attribute\" in CONTRIBUTING.md.";

/// The parts of a resource's schema that stored states depend on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Facts {
    /// The version of the schema.
    pub(super) version: i64,
    /// The type and the flags of every attribute by its path, for example `"string, required"`.
    pub(super) attributes: BTreeMap<String, String>,
    /// The types of the attributes of the identity.
    identity: BTreeMap<String, String>,
}

impl Facts {
    /// Returns the facts of a resource's current schema.
    pub(super) async fn of(provider: &Provider, resource: &str) -> Self {
        let mut attributes = BTreeMap::new();
        add("", &provider.attributes(resource), &mut attributes);
        let request = get_resource_identity_schemas::Request {};
        let mut rpc = provider.rpc.clone();
        let answer = rpc.get_resource_identity_schemas(request).await;
        let mut identities = answer.expect("an answer").into_inner();
        let identity = identities.identity_schemas.remove(resource);
        let identity = identity.expect("an identity").identity_attributes;
        Self {
            version: provider.schema.resource_schemas[resource].version,
            attributes,
            identity: identity
                .iter()
                .map(|it| (it.name.clone(), type_text(&it.r#type)))
                .collect(),
        }
    }

    /// Returns the changes since these facts that make states unreadable, and what to do. A version with a greater number
    /// upgrades them, which other tests check.
    pub(super) fn problems(&self, now: &Self) -> Vec<String> {
        let (before, after) = (self.version, now.version);
        if self.identity != now.identity {
            return vec![format!(
                "the attributes of the identity were {:?} and are now {:?}. States and import blocks contain identities, so \
                 undo the change.",
                self.identity, now.identity
            )];
        }
        if after < before {
            return vec![format!(
                "the version of the schema was {before} and is now {after}, so stored states cannot be read. Never \
                 remove a function from UPGRADES."
            )];
        }
        if after > before {
            return Vec::new();
        }
        let lost = self.attributes.iter().filter_map(|(path, old)| {
            let Some(new) = now.attributes.get(path) else {
                return Some(format!("{path} was removed"));
            };
            let (old, new) = (type_of(old), type_of(new));
            (old != new).then(|| format!("the type of {path} was {old} and is now {new}"))
        });
        let is_required = |facts: &Self, path: &str| {
            let attribute = facts.attributes.get(path);
            attribute.is_some_and(|it| it.contains(", required"))
        };
        let required = now.attributes.keys();
        let required = required.filter(|path| is_required(now, path) && !is_required(self, path));
        let required = required.map(|path| format!("{path} is now required"));
        let changes = lost.chain(required);
        changes
            .map(|change| {
                format!("{change}, and the version of the schema is still {after}. {UPGRADE}")
            })
            .collect()
    }
}

fn type_of(fact: &str) -> &str {
    fact.split_once(", ").map_or(fact, |(ty, _)| ty)
}

fn add(prefix: &str, attributes: &[Attribute], facts: &mut BTreeMap<String, String>) {
    for attribute in attributes {
        let path = format!("{prefix}{}", attribute.name);
        let ty = match &attribute.nested_type {
            None => type_text(&attribute.r#type),
            Some(nested) => {
                add(&format!("{path}."), &nested.attributes, facts);
                nesting(nested.nesting()).to_owned()
            }
        };
        let flags = [
            (attribute.required, ", required"),
            (attribute.optional, ", optional"),
            (attribute.computed, ", computed"),
            (attribute.sensitive, ", sensitive"),
            (attribute.write_only, ", write-only"),
        ];
        let flags = flags.iter().filter(|(is_set, _)| *is_set);
        let flags: String = flags.map(|(_, flag)| *flag).collect();
        facts.insert(path, format!("{ty}{flags}"));
    }
}

/// Returns a type as text. Primitive types have no quotes.
fn type_text(ty: &[u8]) -> String {
    String::from_utf8_lossy(ty).trim_matches('"').to_owned()
}

fn nesting(mode: object::NestingMode) -> &'static str {
    use object::NestingMode::{Invalid, List, Map, Set, Single};
    match mode {
        Single => "object",
        List => "list of objects",
        Set => "set of objects",
        Map => "map of objects",
        Invalid => panic!("invalid nesting"),
    }
}

#[test]
fn a_changed_schema_requires_an_upgrade() {
    let facts = |version, attributes: &[(&str, &str)]| Facts {
        version,
        attributes: attributes
            .iter()
            .map(|(path, fact)| ((*path).to_owned(), (*fact).to_owned()))
            .collect(),
        identity: BTreeMap::from([("id".to_owned(), "string".to_owned())]),
    };
    let before = facts(
        1,
        &[
            ("id", "string, computed"),
            ("sync", "object, optional"),
            ("sync.cron", "string, optional"),
        ],
    );
    let changed = |version, path: &str, fact: Option<&str>| {
        let mut now = before.clone();
        now.version = version;
        match fact {
            Some(fact) => now.attributes.insert(path.to_owned(), fact.to_owned()),
            None => now.attributes.remove(path),
        };
        before.problems(&now)
    };
    for (path, fact, says) in [
        ("sync.cron", None, "sync.cron was removed"),
        (
            "id",
            Some("number, computed"),
            "the type of id was string and is now number",
        ),
        ("name", Some("string, required"), "name is now required"),
        (
            "sync.cron",
            Some("string, required"),
            "sync.cron is now required",
        ),
    ] {
        let problems = changed(1, path, fact);
        assert_eq!(problems.len(), 1, "{path}: {problems:?}");
        assert!(
            problems[0].starts_with(says) && problems[0].contains("UPGRADES"),
            "{problems:?}"
        );
        assert_eq!(changed(2, path, fact), [""; 0], "an upgrade exists");
    }
    for (path, fact) in [
        ("name", "string, optional"),
        ("id", "string, optional, computed, sensitive"),
    ] {
        assert_eq!(changed(1, path, Some(fact)), [""; 0], "{path}");
    }
    let problems = changed(0, "id", Some("string, computed"));
    assert!(problems[0].contains("Never remove"), "{problems:?}");
    let mut now = before.clone();
    now.identity.clear();
    assert_eq!(before.problems(&now).len(), 1);
}
