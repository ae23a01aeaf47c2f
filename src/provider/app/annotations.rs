//! The annotations of apps: ConductorOne's rules, and the annotations that the provider adds.

use std::collections::BTreeMap;

use crate::conductorone::App;
use crate::provider::app::messages;
use crate::provider::automation::Automation;
use crate::provider::creation_mark::CreationMark;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::path::{Path, Step};
use crate::terraform::value::Value;

/// Annotations by key.
pub(crate) type Annotations = BTreeMap<String, String>;

/// The attribute for the user's annotations.
const ATTRIBUTE: &str = "annotations";

/// The key for the tool that manages an app.
const MANAGED_BY: &str = "managed_by";
/// The key for the workspace.
const WORKSPACE: &str = "iac_workspace";
/// The prefix of ConductorOne's own keys.
const RESERVED: &str = "c1/";

const MOST: usize = 16;
const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;
const LARGEST: usize = 4096;

/// The annotations that the provider adds to every app. The user's annotations have precedence.
#[derive(Clone, Debug)]
pub(super) struct StampedAnnotations(Annotations);

impl StampedAnnotations {
    /// Returns the annotations: the tool, and the workspace if it is known and a valid value.
    pub(super) fn new(automation: &Automation) -> Self {
        let is_valid = |name: &&String| diagnose_value(&Path::attribute(ATTRIBUTE), name).is_none();
        let workspace = automation.workspace.as_ref().filter(is_valid).cloned();
        let tool = Some(automation.tool.to_owned());
        let added = [(MANAGED_BY, tool), (WORKSPACE, workspace)].into_iter();
        let known = added.filter_map(|(key, value)| Some((key.to_owned(), value?)));
        Self(known.collect())
    }

    /// Merges the user's annotations and those that the provider adds.
    fn merge(&self, own: &Annotations) -> Annotations {
        let mut all = self.0.clone();
        all.extend(own.clone());
        all
    }

    /// Returns the annotations to write if the user's annotations change from `prior` to `own`. An empty value deletes its key.
    pub(super) fn changes(&self, prior: &Annotations, own: &Annotations) -> Annotations {
        let removed = prior.keys().map(|key| (key.clone(), String::new()));
        let mut changes: Annotations = removed.collect();
        changes.extend(self.merge(own));
        changes
    }

    /// Returns the error if there are too many annotations, together with those that the provider adds.
    pub(super) fn diagnose_size(&self, own: &Annotations) -> Option<Diagnostic> {
        let all = self.merge(own);
        let added: Vec<_> = (self.0.keys())
            .filter(|key| !own.contains_key(*key))
            .map(String::as_str)
            .collect();
        let added = if added.is_empty() {
            String::new()
        } else {
            format!(", including {} from the provider", added.join(" and "))
        };
        if all.len() > MOST {
            return Some(messages::too_many_annotations(&MOST, &all.len(), &added));
        }
        let size = serde_json::to_string(&all).map_or(0, |text| text.len());
        (size > LARGEST).then(|| messages::too_large_annotations(&LARGEST, &size, &added))
    }
}

/// Marks an unfinished app. The mark is the value of `managed_by`, which the last step of a creation overwrites.
pub(super) fn set_mark(annotations: &mut Annotations, mark: &CreationMark) {
    annotations.insert(MANAGED_BY.to_owned(), mark.to_annotation());
}

/// Returns the mark of an unfinished app. `None` if the app is finished.
pub(super) fn find_mark(app: &App) -> Option<CreationMark> {
    CreationMark::from_annotation(app.annotations.get(MANAGED_BY)?)
}

/// Returns whether an app has these annotations, apart from `managed_by`.
pub(super) fn has_annotations(app: &App, annotations: &Annotations) -> bool {
    let mut own = annotations.iter().filter(|(key, _)| *key != MANAGED_BY);
    own.all(|(key, value)| app.annotations.get(key) == Some(value))
}

/// Validates the annotations of a configuration. Each diagnostic is at its entry. Unknown values are ignored.
pub(super) fn validate_annotations(
    own: &BTreeMap<String, Value<String>>,
    diagnostics: &mut Diagnostics,
) {
    diagnostics.extend(own.iter().filter_map(diagnose_entry));
    let known = |(key, value): (&String, &Value<String>)| {
        (key.clone(), value.known().cloned().unwrap_or_default())
    };
    let own = own.iter().map(known).collect();
    // The provider always adds the tool. Whether it adds the workspace is known in the plan.
    let stamped = StampedAnnotations::new(&Automation::from_environment(|_| None));
    diagnostics.extend(stamped.diagnose_size(&own));
}

fn diagnose_entry((key, value): (&String, &Value<String>)) -> Option<Diagnostic> {
    let path = Path::attribute(ATTRIBUTE).then(Step::Key(key.clone()));
    let problem = diagnose_key(&path, key).or_else(|| {
        value
            .known()
            .and_then(|value| diagnose_own_value(&path, value))
    })?;
    Some(problem.at(path))
}

fn diagnose_key(path: &Path, key: &str) -> Option<Diagnostic> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte);
    if key.starts_with(RESERVED) {
        return Some(messages::reserved_annotation(path, RESERVED));
    }
    let is_key = key.starts_with(|first: char| first.is_ascii_alphabetic())
        && key.len() <= LONGEST_KEY
        && key.bytes().all(allowed);
    (!is_key).then(|| messages::annotation_key(path, &LONGEST_KEY))
}

fn diagnose_own_value(path: &Path, value: &str) -> Option<Diagnostic> {
    if value.is_empty() {
        return Some(messages::empty_annotation(path));
    }
    if CreationMark::from_annotation(value).is_some() {
        return Some(messages::marking_annotation(path));
    }
    diagnose_value(path, value)
}

fn diagnose_value(path: &Path, value: &str) -> Option<Diagnostic> {
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    if value.len() > LONGEST_VALUE {
        return Some(messages::long_annotation(
            path,
            &LONGEST_VALUE,
            &value.len(),
        ));
    }
    (!value.bytes().all(allowed)).then(|| messages::annotation_value(path))
}

/// Returns the annotations of an app whose keys the provider adds.
pub(super) fn find_stamped(app: &App) -> Annotations {
    let stamps = app.annotations.iter();
    stamps
        .filter(|(key, _)| [MANAGED_BY, WORKSPACE].contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// Returns the annotations of an app that concern the user: those in `state` that still exist. After an import, the state has none,
/// so these are all except those that the provider adds and ConductorOne's own. The mark of an unfinished app is always
/// included, so the next apply removes it.
pub(super) fn find_visible(app: &App, state: Option<&Annotations>, imported: bool) -> Annotations {
    let concerns = |key: &String, value: &String| {
        let added = key == WORKSPACE
            || key == MANAGED_BY && ["terraform", "opentofu"].contains(&value.as_str());
        let kept = state.is_some_and(|state| state.contains_key(key));
        let found = imported && !added && !key.starts_with(RESERVED);
        kept || found || key == MANAGED_BY && CreationMark::from_annotation(value).is_some()
    };
    let all = app.annotations.iter();
    all.filter(|(key, value)| concerns(key, value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamped(env: impl Fn(&str) -> Option<String>) -> StampedAnnotations {
        StampedAnnotations::new(&Automation::from_environment(env))
    }

    fn errors(own: &BTreeMap<String, Value<String>>) -> Vec<Diagnostic> {
        let mut diagnostics = Diagnostics::default();
        validate_annotations(own, &mut diagnostics);
        diagnostics.into_iter().collect()
    }

    const UNFINISHED: &str = "being-created-by-terraform";

    fn pairs(pairs: &[(&str, &str)]) -> Annotations {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect()
    }

    fn known(own: Annotations) -> BTreeMap<String, Value<String>> {
        let known = |(key, value)| (key, Value::Known(value));
        own.into_iter().map(known).collect()
    }

    fn in_workspace(name: &str) -> Option<String> {
        (name == "TF_WORKSPACE").then(|| "staging".to_owned())
    }

    #[test]
    fn keys_and_values_at_and_beyond_their_limits() {
        let (longest_key, longest) = ("k".repeat(128), "v".repeat(256));
        let good = [
            ("a", "1"),
            ("A.b_c/d-9", "x~y:z/?#[]@!$&'()*+,;=%20"),
            (&longest_key, &longest),
        ];
        assert_eq!(errors(&known(pairs(&good))), []);
        let (long_key, long) = ("k".repeat(129), "v".repeat(257));
        let bad = [
            ("", "x"),
            ("1a", "x"),
            ("_a", "x"),
            ("a b", "x"),
            ("ä", "x"),
            ("c1/a", "x"),
            (&long_key, "x"),
            ("a", ""),
            ("a", "a b"),
            ("a", "\u{e4}"),
            ("a", "a\"b"),
            ("a", &long),
            ("managed_by", UNFINISHED),
        ];
        for (key, value) in bad {
            let found = errors(&known(pairs(&[(key, value)])));
            let path = Path::attribute(ATTRIBUTE).then(Step::Key(key.to_owned()));
            let places: Vec<_> = found.iter().map(|it| &it.attribute).collect();
            assert_eq!(places, [&path], "{key:?} = {value:?}");
        }
    }

    #[test]
    fn unknown_values_are_valid() {
        let unknown = BTreeMap::from([("a".to_owned(), Value::Unknown)]);
        assert_eq!(errors(&unknown), []);
    }

    #[test]
    fn the_providers_own_take_room() {
        let many = |count: usize, value: &str| -> Annotations {
            let entry = |n| (format!("key{n:02}"), value.to_owned());
            (0..count).map(entry).collect()
        };
        let crowded = |own: &Annotations| stamped(in_workspace).diagnose_size(own).is_some();
        assert_eq!(errors(&known(many(15, "x"))), []);
        assert_eq!(errors(&known(many(16, "x"))).len(), 1);
        assert!(!crowded(&many(14, "x")) && crowded(&many(15, "x")));
        // With their keys and marks, 14 of these take 3990 bytes and 15 take 4275, beside the 25 of managed_by.
        let large = |count| -> Annotations {
            let entry = |n| (format!("key{n:020}"), "v".repeat(256));
            (0..count).map(entry).collect()
        };
        assert_eq!(errors(&known(large(14))), []);
        assert_eq!(errors(&known(large(15))).len(), 1);
    }

    #[test]
    fn the_environment_names_tool_and_workspace() {
        let cases = [
            (None, "", "terraform"),
            (Some("OPENTOFU"), "true", "opentofu"),
            (Some("OPENTOFU"), "1", "opentofu"),
            (Some("OPENTOFU"), "false", "terraform"),
            (Some("TF_FORK"), "opentofu", "opentofu"),
            (Some("TF_FORK"), "tofu", "opentofu"),
        ];
        for (variable, value, tool) in cases {
            let StampedAnnotations(found) =
                stamped(|name| (Some(name) == variable).then(|| value.to_owned()));
            assert_eq!(
                found,
                pairs(&[(MANAGED_BY, tool)]),
                "{variable:?} = {value}"
            );
        }
        let StampedAnnotations(found) = stamped(in_workspace);
        let both = pairs(&[(MANAGED_BY, "terraform"), (WORKSPACE, "staging")]);
        assert_eq!(found, both);
    }

    #[test]
    fn what_is_removed_is_sent_empty_or_given_back_to_the_provider() {
        let prior = pairs(&[("a", "1"), ("b", "2"), (MANAGED_BY, "me")]);
        let own = pairs(&[("a", "3")]);
        let sent = stamped(|_| None).changes(&prior, &own);
        let expected = pairs(&[("a", "3"), ("b", ""), (MANAGED_BY, "terraform")]);
        assert_eq!(sent, expected);
    }

    #[test]
    fn what_shows_is_the_users_and_the_mark() {
        let app = |annotations: &[(&str, &str)]| App {
            annotations: pairs(annotations),
            ..App::default()
        };
        let all = [
            ("a", "1"),
            ("b", "2"),
            ("c1/x", "3"),
            (MANAGED_BY, "terraform"),
            (WORKSPACE, "w"),
        ];
        let state = pairs(&[("a", "0"), ("gone", "0")]);
        assert_eq!(
            find_visible(&app(&all), Some(&state), false),
            pairs(&[("a", "1")])
        );
        assert_eq!(find_visible(&app(&all), None, false), pairs(&[]));
        assert_eq!(
            find_visible(&app(&all), None, true),
            pairs(&[("a", "1"), ("b", "2")])
        );
        let marked = app(&[(MANAGED_BY, UNFINISHED)]);
        assert_eq!(find_visible(&marked, None, false), marked.annotations);
    }
}
