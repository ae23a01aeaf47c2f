//! Requirements of the Registry and of readers for all pages.

use crate::files;
use crate::page;
use crate::pages::import_examples;
use crate::subject::{Kind, Plugin, Subject};
use crate::wire::tfplugin6::schema::Attribute;

/// The Registry truncates longer pages.
const LONGEST_PAGE: usize = 500_000;

fn assert_none(problems: &[String]) {
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[tokio::test]
async fn everything_is_described() {
    let mut problems = Vec::new();
    for subject in Plugin::get().await.subjects() {
        let name = subject.name;
        let mut check = |name: &str, text: &str| {
            if !says_something(name, text) {
                problems.push(format!("{name}: {text:?} is no description"));
            }
        };
        check(name, subject.description());
        check_attributes(name, subject.attributes(), &mut check);
        if let Kind::Function(function) = subject.kind {
            check(name, &function.summary);
            let variadic = function.variadic_parameter.as_ref();
            for parameter in function.parameters.iter().chain(variadic) {
                check(
                    &format!("{name}.{}", parameter.name),
                    &parameter.description,
                );
            }
        }
    }
    assert_none(&problems);
}

fn check_attributes(path: &str, attributes: &[Attribute], check: &mut impl FnMut(&str, &str)) {
    for attribute in attributes {
        let path = format!("{path}.{}", attribute.name);
        check(&path, &attribute.description);
        if let Some(nested) = &attribute.nested_type {
            check_attributes(&path, &nested.attributes, check);
        }
    }
}

/// Returns whether a description contains words that are not in the name.
fn says_something(path: &str, text: &str) -> bool {
    let text = text.to_lowercase();
    let name = path.rsplit('.').next().unwrap_or(path);
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    let new = words.filter(|word| word.len() > 1 && !name.split('_').any(|part| part == *word));
    new.count() >= 3
}

#[tokio::test]
async fn every_example_is_shown_and_nothing_lacks_one() {
    let subjects = Plugin::get().await.subjects();
    let mut problems = Vec::new();
    let mut shown = Vec::new();
    for subject in &subjects {
        let (usage, import) = (subject.examples(), import_examples(subject));
        let folder = subject.examples_folder();
        if usage.is_empty() {
            problems.push(format!("{folder}: there is no example"));
        }
        if wants_import(subject) && import.len() < 3 {
            problems.push(format!(
                "{folder}: import-by-string-id.tf, import-by-identity.tf and import.sh are not all there"
            ));
        }
        shown.extend(usage.into_iter().chain(import).map(|example| example.path));
    }
    let unused = files::below("examples")
        .into_iter()
        .filter(|path| !stands_alone(path) && !shown.contains(path));
    problems.extend(unused.map(|path| format!("{path}: no page shows this file")));
    assert_none(&problems);
}

/// Returns whether a file explains examples, or belongs to a configuration that no page has to show.
fn stands_alone(path: &str) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    // Tests of a module.
    let folder = folder.strip_suffix("/tests").unwrap_or(folder);
    files::extension(path) == "md" || files::exists(&format!("{folder}/main.tf"))
}

fn wants_import(subject: &Subject<'_>) -> bool {
    matches!(subject.kind, Kind::Resource(_, Some(_)))
}

#[test]
fn pages_are_what_the_registry_takes() {
    let mut problems = Vec::new();
    let pages = files::below("docs").into_iter();
    // The Registry does not accept pictures.
    for path in pages.filter(|path| !path.starts_with("docs/images/")) {
        let text = files::read(&path);
        if text.len() > LONGEST_PAGE {
            problems.push(format!("{path}: {} bytes are too many", text.len()));
        }
        let front_matter = page::front_matter(&text).unwrap_or_default();
        let wrong = wrong_keys(front_matter, path == "docs/index.md");
        problems.extend(wrong.map(|problem| format!("{path}: {problem}")));
    }
    assert_none(&problems);
}

/// Returns the errors in the keys of a front matter. The first page belongs to no group.
fn wrong_keys(front_matter: &str, is_index: bool) -> impl Iterator<Item = String> {
    let allowed: &[&str] = if is_index {
        &["page_title", "description"]
    } else {
        &["page_title", "subcategory", "description"]
    };
    let lines = front_matter.lines();
    let keys = lines.filter(|line| !line.starts_with(' '));
    let keys = keys.map(|line| line.split(':').next().unwrap_or(line));
    let needed = ["page_title", "description"].into_iter();
    let keys: Vec<_> = keys.collect();
    let missing = needed.filter(|key| !keys.contains(key));
    let missing: Vec<_> = missing.map(|key| format!("{key} is missing")).collect();
    let strange = keys.into_iter().filter(|key| !allowed.contains(key));
    let strange: Vec<_> = strange
        .map(|key| format!("{key} has no place here"))
        .collect();
    missing.into_iter().chain(strange)
}

#[test]
fn a_repeated_name_is_not_a_description() {
    for text in [
        "",
        "Owner IDs.",
        "The owner ids",
        "IDs of the owner",
        "owner_ids",
    ] {
        assert!(
            !says_something("confluence_integration.owner_ids", text),
            "{text}"
        );
    }
    for text in ["ID of the connector.", "Who owns the connector."] {
        assert!(
            says_something("confluence_integration.owner_ids", text),
            "{text}"
        );
    }
}

#[test]
fn front_matter_has_the_keys_that_the_registry_knows() {
    let problems = |text, is_index| wrong_keys(text, is_index).collect::<Vec<_>>();
    let page = "page_title: \"x\"\nsubcategory: \"\"\ndescription: |-\n  layout: none";
    assert!(problems(page, false).is_empty());
    assert_eq!(problems(page, true), ["subcategory has no place here"]);
    assert_eq!(
        problems("layout: x\ndescription: y", false),
        ["page_title is missing", "layout has no place here"]
    );
}

/// One rule for versions of this provider: every configuration accepts the patch releases of the current minor version.
#[test]
fn every_configuration_pins_the_same_version() {
    let major_minor = env!("CARGO_PKG_VERSION")
        .rsplit_once('.')
        .map_or("", |(major_minor, _)| major_minor);
    let expected = format!("version = \"~> {major_minor}.0\"");
    let examples = files::below("examples").into_iter();
    let examples = examples.filter(|path| files::extension(path) == "tf");
    let mut problems = Vec::new();
    for path in files::pages().into_iter().chain(examples) {
        let text = files::read(&path);
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        for (number, pair) in (1..).zip(lines.windows(2)) {
            let is_source =
                pair[0].starts_with("source ") && pair[0].ends_with("\"conductorone/confluence\"");
            if is_source && pair[1] != expected {
                problems.push(format!("{path}:{number}: {expected} must follow"));
            }
        }
    }
    assert_none(&problems);
}
