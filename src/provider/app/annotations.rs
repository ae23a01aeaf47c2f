//! Annotations of apps: the rules that ConductorOne has for them, and those that the provider adds.

use std::collections::BTreeMap;

use crate::conductorone::App;
use crate::provider::mark::Mark;
use crate::provider::problems::apps as problems;
use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::path::{Path, Step};
use crate::terraform::value::Value;

/// Keys and values.
pub(crate) type Annotations = BTreeMap<String, String>;

/// The attribute that holds the user's.
const ATTRIBUTE: &str = "annotations";

/// Says which tool manages an app.
const MANAGED_BY: &str = "managed_by";
/// Says in which workspace.
const WORKSPACE: &str = "iac_workspace";
/// Keys that begin so are ConductorOne's own.
const RESERVED: &str = "c1/";

const MOST: usize = 16;
const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;
const LARGEST: usize = 4096;

/// The annotations that the provider adds to every app. The user's own win.
#[derive(Clone, Debug)]
pub(crate) struct Stamps(Annotations);

impl Stamps {
    /// Those of this process: the tool, and the workspace where the environment names it.
    pub(crate) fn of(env: impl Fn(&str) -> Option<String>) -> Self {
        let is = |name: &str, values: [&str; 2]| {
            env(name).is_some_and(|value| values.contains(&value.as_str()))
        };
        let opentofu = is("OPENTOFU", ["true", "1"]) || is("TF_FORK", ["opentofu", "tofu"]);
        let tool = if opentofu { "opentofu" } else { "terraform" };
        let workspace = env("TF_WORKSPACE")
            .filter(|name| problem_with_value(&Path::attribute(ATTRIBUTE), name).is_none());
        let stamps = [(MANAGED_BY, Some(tool.to_owned())), (WORKSPACE, workspace)];
        let set = stamps
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?)));
        Self(set.collect())
    }

    /// The user's annotations and those that the provider adds.
    fn beside(&self, own: &Annotations) -> Annotations {
        let mut all = self.0.clone();
        all.extend(own.clone());
        all
    }

    /// What to write so that an app, on which the user had `prior` annotations, has `own`: an empty value deletes its key.
    pub(crate) fn changes(&self, prior: &Annotations, own: &Annotations) -> Annotations {
        let removed = prior.keys().map(|key| (key.clone(), String::new()));
        let mut changes: Annotations = removed.collect();
        changes.extend(self.beside(own));
        changes
    }

    /// The mistake of annotations that do not fit beside those that the provider adds.
    pub(crate) fn crowded(&self, own: &Annotations) -> Option<Diagnostic> {
        let all = self.beside(own);
        let added: Vec<_> = (self.0.keys())
            .filter(|key| !own.contains_key(*key))
            .map(String::as_str)
            .collect();
        let added = if added.is_empty() {
            String::new()
        } else {
            format!(", with {} that the provider adds", added.join(" and "))
        };
        if all.len() > MOST {
            return Some(problems::too_many_annotations(&MOST, &all.len(), &added));
        }
        let size = serde_json::to_string(&all).map_or(0, |text| text.len());
        (size > LARGEST).then(|| problems::too_large_annotations(&LARGEST, &size, &added))
    }
}

/// Marks an app that is being created. The mark is the value of `managed_by`, which the last step of a creation
/// overwrites, so that an app that was left half-way can be told from all others.
pub(super) fn set_mark(annotations: &mut Annotations, mark: &Mark) {
    annotations.insert(MANAGED_BY.to_owned(), mark.annotation());
}

/// The mark of an app that is being created. `None` if the app is finished.
pub(super) fn mark_of(app: &App) -> Option<Mark> {
    Mark::in_annotation(app.annotations.get(MANAGED_BY)?)
}

/// An app as far as lists of all apps ask for it: its name, its age and its mark.
pub(in crate::provider) fn outline(mut app: App) -> App {
    app.annotations.retain(|key, _| key == MANAGED_BY);
    app.description.clear();
    app.description.shrink_to_fit();
    app
}

/// Whether an app has these annotations, whatever says which tool manages it.
pub(super) fn has_all(app: &App, annotations: &Annotations) -> bool {
    let mut own = annotations.iter().filter(|(key, _)| *key != MANAGED_BY);
    own.all(|(key, value)| app.annotations.get(key) == Some(value))
}

/// What is wrong with the annotations that a user wrote, each mistake at its entry. Unknown values may turn out well.
pub(crate) fn mistakes(own: &BTreeMap<String, Value<String>>) -> Vec<Diagnostic> {
    let mut mistakes: Vec<_> = own.iter().filter_map(mistake).collect();
    let known = |(key, value): (&String, &Value<String>)| {
        (key.clone(), value.known().cloned().unwrap_or_default())
    };
    let own = own.iter().map(known).collect();
    // The tool is always added. Whether the workspace is, the plan knows.
    mistakes.extend(Stamps::of(|_| None).crowded(&own));
    mistakes
}

fn mistake((key, value): (&String, &Value<String>)) -> Option<Diagnostic> {
    let path = Path::attribute(ATTRIBUTE).then(Step::Key(key.clone()));
    let problem = problem_with_key(&path, key).or_else(|| {
        value
            .known()
            .and_then(|value| problem_with_own_value(&path, value))
    })?;
    Some(problem.at(path))
}

fn problem_with_key(path: &Path, key: &str) -> Option<Diagnostic> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte);
    if key.starts_with(RESERVED) {
        return Some(problems::reserved_annotation(path, RESERVED));
    }
    let is_key = key.starts_with(|first: char| first.is_ascii_alphabetic())
        && key.len() <= LONGEST_KEY
        && key.bytes().all(allowed);
    (!is_key).then(|| problems::annotation_key(path, &LONGEST_KEY))
}

fn problem_with_own_value(path: &Path, value: &str) -> Option<Diagnostic> {
    if value.is_empty() {
        return Some(problems::empty_annotation(path));
    }
    if Mark::in_annotation(value).is_some() {
        return Some(problems::marking_annotation(path));
    }
    problem_with_value(path, value)
}

fn problem_with_value(path: &Path, value: &str) -> Option<Diagnostic> {
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    if value.len() > LONGEST_VALUE {
        return Some(problems::long_annotation(
            path,
            &LONGEST_VALUE,
            &value.len(),
        ));
    }
    (!value.bytes().all(allowed)).then(|| problems::annotation_value(path))
}

/// Those of an app that stand where the provider adds its own.
pub(crate) fn stamped(app: &App) -> Annotations {
    let stamps = app.annotations.iter();
    stamps
        .filter(|(key, _)| [MANAGED_BY, WORKSPACE].contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// The annotations of an app that concern the user: of those that `state` holds, the ones that are still there. After an
/// import, when the state holds none yet, all but those that the provider would add and ConductorOne's own. The mark of an
/// unfinished app shows in any case, so that the next apply takes it away.
pub(crate) fn observed(app: &App, state: Option<&Annotations>, imported: bool) -> Annotations {
    let concerns = |key: &String, value: &String| {
        let added = key == WORKSPACE
            || key == MANAGED_BY && ["terraform", "opentofu"].contains(&value.as_str());
        let kept = state.is_some_and(|state| state.contains_key(key));
        let found = imported && !added && !key.starts_with(RESERVED);
        kept || found || key == MANAGED_BY && Mark::in_annotation(value).is_some()
    };
    let all = app.annotations.iter();
    all.filter(|(key, value)| concerns(key, value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(mistakes(&known(pairs(&good))), []);
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
            let found = mistakes(&known(pairs(&[(key, value)])));
            let path = Path::attribute(ATTRIBUTE).then(Step::Key(key.to_owned()));
            let places: Vec<_> = found.iter().map(|it| &it.attribute).collect();
            assert_eq!(places, [&path], "{key:?} = {value:?}");
        }
    }

    #[test]
    fn unknown_values_are_no_mistake() {
        let unknown = BTreeMap::from([("a".to_owned(), Value::Unknown)]);
        assert_eq!(mistakes(&unknown), []);
    }

    #[test]
    fn the_providers_own_take_room() {
        let many = |count: usize, value: &str| -> Annotations {
            let entry = |n| (format!("key{n:02}"), value.to_owned());
            (0..count).map(entry).collect()
        };
        let crowded = |own: &Annotations| Stamps::of(in_workspace).crowded(own).is_some();
        assert_eq!(mistakes(&known(many(15, "x"))), []);
        assert_eq!(mistakes(&known(many(16, "x"))).len(), 1);
        assert!(!crowded(&many(14, "x")) && crowded(&many(15, "x")));
        // With their keys and marks, 14 of these take 3990 bytes and 15 take 4275, beside the 25 of managed_by.
        let large = |count| -> Annotations {
            let entry = |n| (format!("key{n:020}"), "v".repeat(256));
            (0..count).map(entry).collect()
        };
        assert_eq!(mistakes(&known(large(14))), []);
        assert_eq!(mistakes(&known(large(15))).len(), 1);
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
            let Stamps(found) =
                Stamps::of(|name| (Some(name) == variable).then(|| value.to_owned()));
            assert_eq!(
                found,
                pairs(&[(MANAGED_BY, tool)]),
                "{variable:?} = {value}"
            );
        }
        let Stamps(found) = Stamps::of(in_workspace);
        let both = pairs(&[(MANAGED_BY, "terraform"), (WORKSPACE, "staging")]);
        assert_eq!(found, both);
    }

    #[test]
    fn what_is_removed_is_sent_empty_or_given_back_to_the_provider() {
        let prior = pairs(&[("a", "1"), ("b", "2"), (MANAGED_BY, "me")]);
        let own = pairs(&[("a", "3")]);
        let sent = Stamps::of(|_| None).changes(&prior, &own);
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
            observed(&app(&all), Some(&state), false),
            pairs(&[("a", "1")])
        );
        assert_eq!(observed(&app(&all), None, false), pairs(&[]));
        assert_eq!(
            observed(&app(&all), None, true),
            pairs(&[("a", "1"), ("b", "2")])
        );
        let marked = app(&[(MANAGED_BY, UNFINISHED)]);
        assert_eq!(observed(&marked, None, false), marked.annotations);
    }
}
