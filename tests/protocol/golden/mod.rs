//! States and calls of every version since 0.1.0, which later versions must read.
//!
//! The folder of a version has one file for each of the [`scenarios`]. `UPDATE_GOLDEN_STATES=1` writes the files of the
//! newest version in the changelog until it is released, and never those of another version. If a version renames or removes attributes,
//! change `config` in the files of earlier versions as users must change their configurations.

mod names;
mod recording;
mod scenarios;
mod schema;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::provider::Provider;
use recording::{Call, Recording, Run};
use scenarios::SCENARIOS;
use schema::Facts;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/protocol/golden");
/// The command that records the newest version.
const UPDATE: &str = "UPDATE_GOLDEN_STATES=1 cargo test --test protocol -- golden::the_recordings";
const CHANGELOG: &str = include_str!("../../../CHANGELOG.md");

/// A recording and where it comes from.
struct Golden {
    /// The version of the provider.
    version: String,
    /// The file without its extension, for messages.
    name: String,
    recording: Recording,
}

/// Returns the newest version in the changelog, and whether it is released.
fn newest_version() -> (&'static str, bool) {
    let mut lines = CHANGELOG.lines();
    let heading = lines.find_map(|line| line.strip_prefix("## "));
    let (version, date) = heading
        .and_then(|heading| heading.split_once(' '))
        .expect("a version");
    (version, date != "(Unreleased)")
}

/// Returns the recordings of all versions.
fn recordings() -> Vec<Golden> {
    let mut found = Vec::new();
    for folder in entries(Path::new(FOLDER))
        .into_iter()
        .filter(|path| path.is_dir())
    {
        for file in entries(&folder) {
            let text = std::fs::read_to_string(&file).expect("a recording");
            let recording = serde_json::from_str(&text);
            let recording = recording.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let name = |path: &Path| path.file_stem().expect("a name").display().to_string();
            let version = folder.file_name().expect("a name").display().to_string();
            found.push(Golden {
                name: format!("{} of version {version}", name(&file)),
                version,
                recording,
            });
        }
    }
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    paths
}

/// Returns the answer with only those fields that the recorded one has. A later version may add attributes.
fn known_part(answer: &Value, recorded: &Value) -> Value {
    match (answer, recorded) {
        (Value::Object(fields), Value::Object(known)) => fields
            .iter()
            .filter_map(|(name, field)| Some((name.clone(), known_part(field, known.get(name)?))))
            .collect(),
        _ => answer.clone(),
    }
}

#[tokio::test]
async fn no_schema_changes_without_an_upgrade() {
    let (_plugin, provider) = Provider::launched().await;
    let mut problems = Vec::new();
    for Golden {
        version, recording, ..
    } in recordings()
    {
        let resource = &recording.resource;
        if !provider.schema.resource_schemas.contains_key(resource) {
            problems.push(format!("{resource} of version {version} no longer exists"));
            continue;
        }
        let now = Facts::of(&provider, resource).await;
        let found = recording.schema.problems(&now).into_iter();
        problems
            .extend(found.map(|problem| format!("{resource} since version {version}: {problem}")));
    }
    problems.dedup();
    assert!(
        problems.is_empty(),
        "{}\nIf these versions are not released yet, you can also record them again: {UPDATE}",
        problems.join("\n")
    );
}

#[tokio::test]
async fn the_state_of_every_version_is_read_without_changes() {
    for Golden {
        name, recording, ..
    } in recordings()
    {
        let mut run = Run::start(&recording.resource).await;
        run.send(&recording.requests).await;
        let Recording {
            config,
            state,
            private,
            schema,
            ..
        } = &recording;
        let answers = run.upgrade(schema.version, state, private, config).await;
        for answer in &answers {
            assert_eq!(answer["findings"], Value::Array(Vec::new()), "{name}");
        }
        let [upgraded, read, planned] = answers;
        assert_eq!(
            known_part(&upgraded["state"], state),
            *state,
            "{name}: the upgrade"
        );
        assert_eq!(
            known_part(&read["state"], state),
            *state,
            "{name}: the read"
        );
        let kept = known_part(&read["private"], private);
        assert_eq!(kept, *private, "{name}: private state");
        assert_eq!(planned["state"], read["state"], "{name}: the plan");
        assert_eq!(planned["replace"], Value::Array(Vec::new()), "{name}");
    }
}

#[tokio::test]
async fn the_calls_of_every_version_have_the_same_answers() {
    let (_plugin, provider) = Provider::launched().await;
    for Golden {
        name, recording, ..
    } in recordings()
    {
        // Terraform encodes values by the current schema, and only upgrades states of another one.
        let version = provider.schema.resource_schemas[&recording.resource].version;
        if version != recording.schema.version {
            continue;
        }
        let answers = recording.repeat().await;
        for (number, (recorded, now)) in (1..).zip(recording.calls.iter().zip(answers)) {
            let Call { rpc, answer, .. } = recorded;
            let now = known_part(&now.answer, answer);
            assert_eq!(now, *answer, "{name}: call {number}, {rpc}");
        }
    }
}

#[tokio::test]
async fn the_recordings_of_this_version_are_up_to_date() {
    let update = std::env::var("UPDATE_GOLDEN_STATES").is_ok_and(|value| value == "1");
    let (version, is_released) = newest_version();
    assert!(
        !(update && is_released),
        "the recordings of version {version} are final, because it is released. Add the next version to CHANGELOG.md."
    );
    for scenario in &SCENARIOS {
        let path = format!("{FOLDER}/{version}/{}.json", scenario.name);
        let recording = Recording::of(scenario).await;
        if update {
            let text = serde_json::to_string_pretty(&recording).expect("JSON");
            std::fs::create_dir_all(format!("{FOLDER}/{version}")).expect("a folder");
            std::fs::write(&path, text + "\n").expect("a file");
        }
        let committed = std::fs::read_to_string(&path).ok();
        let committed = committed.and_then(|text| serde_json::from_str(&text).ok());
        assert!(
            committed.is_some_and(|committed| recording.is_like(&committed)),
            "{path} differs from what this version does. If the change is intended, run `{UPDATE}`, and review the \
             differences."
        );
    }
}

#[tokio::test]
async fn every_attribute_has_a_recorded_value() {
    let (_plugin, provider) = Provider::launched().await;
    let mut recorded = BTreeSet::new();
    let (version, _) = newest_version();
    for Golden { recording, .. } in recordings().iter().filter(|it| it.version == version) {
        for Call {
            request, answer, ..
        } in &recording.calls
        {
            for value in [&request["config"], &answer["state"]] {
                add_paths(&recording.resource, value, &mut recorded);
            }
        }
    }
    for resource in provider.schema.resource_schemas.keys() {
        let all = Facts::of(&provider, resource).await.attributes;
        let missing = all.keys().map(|path| format!("{resource}.{path}"));
        let missing: Vec<_> = missing.filter(|path| !recorded.contains(path)).collect();
        assert!(
            missing.is_empty(),
            "{missing:?}: add values to tests/protocol/golden/scenarios.rs"
        );
    }
}

/// Adds the paths of all values that are not null.
fn add_paths(prefix: &str, value: &Value, paths: &mut BTreeSet<String>) {
    for (name, field) in value.as_object().into_iter().flatten() {
        if !field.is_null() {
            let path = format!("{prefix}.{name}");
            add_paths(&path, field, paths);
            paths.insert(path);
        }
    }
}
