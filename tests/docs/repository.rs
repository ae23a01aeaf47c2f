//! The files that tell GitHub and editors about this repository.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::files::{self, below};
use crate::subject::{Kind, Plugin};
use crate::workflows::parse;

const DEPENDABOT: &str = ".github/dependabot.yml";
const CONTAINER: &str = ".devcontainer/devcontainer.json";
const TESTS: &str = ".github/workflows/test.yml";
const BUG: &str = ".github/ISSUE_TEMPLATE/bug.yml";

#[test]
fn every_dependency_is_updated_every_week() {
    let all = parse(DEPENDABOT);
    let updates = all["updates"].as_array().expect("updates");
    for update in updates {
        assert_eq!(update["schedule"]["interval"], "weekly", "{update}");
        assert!(patterns(update).contains(&"*"), "{update}");
    }
    let of = |ecosystem| {
        let mut found = updates
            .iter()
            .filter(|it| it["package-ecosystem"] == ecosystem);
        found.next().expect(ecosystem)
    };
    // All crates share the lock file of the root folder.
    let cargo = of("cargo");
    assert_eq!(cargo["directory"], "/");
    let lock = files::read("Cargo.lock");
    let crates = lock
        .lines()
        .filter_map(|line| line.strip_prefix("name = \""));
    let crates: Vec<_> = crates.collect();
    for pattern in patterns(cargo) {
        let start = pattern.trim_end_matches('*');
        assert!(crates.iter().any(|it| it.starts_with(start)), "{pattern}");
    }
    // The first folder stands for the workflows. A star stands for a part of a path.
    assert_eq!(
        of("github-actions")["directories"],
        json!(["/", "/.github/actions/*"])
    );
    for action in below(".github/actions") {
        assert_eq!(action.split('/').count(), 4, "{action}");
    }
}

/// Returns the patterns of all groups of an ecosystem.
fn patterns(update: &Value) -> Vec<&str> {
    let groups = update["groups"].as_object().expect("groups").values();
    let patterns = groups.filter_map(|group| group["patterns"].as_array());
    patterns.flatten().filter_map(Value::as_str).collect()
}

#[test]
fn the_container_has_the_tools_of_the_tests() {
    let container: Value =
        serde_json::from_str(&files::read(CONTAINER)).expect("JSON without comments");
    assert_eq!(
        container["image"],
        concat!("rust:", env!("CARGO_PKG_RUST_VERSION"))
    );
    let features = container["features"].as_object().expect("features");
    let terraform = features
        .iter()
        .find(|(name, _)| name.contains("/terraform:"));
    let (_, terraform) = terraform.expect("Terraform");
    let version = terraform["version"].as_str().expect("a version");
    let (minor, _) = version.rsplit_once('.').expect("three numbers");
    let tests = parse(TESTS);
    let used = tests["jobs"]["test"]["steps"].as_array().expect("steps");
    let mut used = used.iter().map(|step| &step["with"]["terraform_version"]);
    assert!(used.any(|it| *it == format!("{minor}.*")), "{version}");
}

/// A user who reports a bug chooses what it is about.
#[tokio::test]
async fn the_form_for_bugs_names_every_resource() {
    let form = parse(BUG);
    let fields = form["body"].as_array().expect("fields");
    let subject = fields
        .iter()
        .find(|it| it["id"] == "subject")
        .expect("the subject");
    let options = subject["attributes"]["options"]
        .as_array()
        .expect("options");
    let options: BTreeSet<_> = options.iter().filter_map(Value::as_str).collect();
    for subject in Plugin::get().await.subjects() {
        if let Kind::Resource(..) = subject.kind {
            let option = format!("{} (resource)", subject.name);
            assert!(options.contains(option.as_str()), "{option}");
        }
    }
}
