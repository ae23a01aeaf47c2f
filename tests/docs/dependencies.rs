//! The rules for dependencies that require no network. `make deny` checks them for all platforms, and checks advisories.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde::Deserialize;
use spdx::{Expression, LicenseReq};
use toml::Table;

use crate::files::read;

/// The page with the reason for each dependency.
const PAGE: &str = "docs/architecture.md";
const HEADING: &str = "## Why these dependencies";

/// What `cargo metadata` says of the crates of this workspace.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Manifest>,
}

#[derive(Deserialize)]
struct Manifest {
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// The folder of a crate of this workspace.
    path: Option<String>,
}

/// What deny.toml says.
#[derive(Deserialize)]
struct Rules {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
    skip: Vec<Skipped>,
}

#[derive(Deserialize)]
struct Banned {
    name: String,
}

#[derive(Deserialize)]
struct Skipped {
    #[serde(rename = "crate")]
    version: String,
}

fn rules() -> Rules {
    toml::from_str(&read("deny.toml")).expect("deny.toml has the rules")
}

fn output(program: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(program);
    let output = command
        .args(arguments)
        .output()
        .expect("the program starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("text")
}

/// Returns the names and licenses of all packages in the programs and tests for this platform. Cargo has not downloaded those
/// of others.
fn compiled() -> BTreeSet<(String, String)> {
    let arguments = ["tree", "--workspace", "--locked", "--offline"];
    let format = ["--prefix=none", "--no-dedupe", "--format={p}\t{l}"];
    let tree = output(env!("CARGO"), &[&arguments[..], &format].concat());
    let packages = tree.lines().filter_map(|line| line.split_once('\t'));
    let packages = packages.map(|(package, license)| {
        let name = package.split(' ').next().unwrap_or_default();
        (name.to_owned(), license.to_owned())
    });
    packages.collect()
}

/// Returns the dependencies of the crates of this workspace.
fn direct() -> BTreeSet<String> {
    let arguments = ["metadata", "--format-version=1", "--no-deps", "--offline"];
    let metadata: Metadata =
        serde_json::from_str(&output(env!("CARGO"), &arguments)).expect("metadata");
    let manifests = metadata.packages.into_iter();
    let dependencies = manifests.flat_map(|manifest| manifest.dependencies);
    let others = dependencies.filter(|dependency| dependency.path.is_none());
    others.map(|dependency| dependency.name).collect()
}

/// Returns the names and versions in Cargo.lock, with their sources.
fn locked() -> Vec<(String, String, Option<String>)> {
    let lock: Table = toml::from_str(&read("Cargo.lock")).expect("Cargo.lock");
    let packages = lock["package"].as_array().expect("packages").iter();
    let package = |package: &toml::Value| {
        let text = |key: &str| package.get(key)?.as_str().map(str::to_owned);
        let version = text("version").expect("a version");
        (text("name").expect("a name"), version, text("source"))
    };
    packages.map(package).collect()
}

#[test]
fn the_license_of_every_package_is_allowed() {
    let rules = rules();
    let is_allowed = |license: &LicenseReq| rules.licenses.allow.contains(&license.to_string());
    let mut refused = Vec::new();
    for (name, license) in compiled() {
        // Some packages separate alternatives with a slash.
        let expression = Expression::parse(&license.replace('/', " OR "));
        if !expression.is_ok_and(|it| it.evaluate(is_allowed)) {
            refused.push(format!("{name}: {license:?}"));
        }
    }
    assert!(refused.is_empty(), "deny.toml does not allow {refused:#?}");
}

#[test]
fn every_package_comes_from_the_one_registry() {
    let sources: BTreeSet<_> = locked()
        .into_iter()
        .filter_map(|(.., source)| source)
        .collect();
    assert!(
        sources.iter().all(|it| it.starts_with("registry+")),
        "{sources:?}"
    );
    assert_eq!(sources.len(), 1, "{sources:?}");
}

#[test]
fn no_banned_package_is_in_a_program_or_a_test() {
    let banned: BTreeSet<_> = rules().bans.deny.into_iter().map(|it| it.name).collect();
    let packages = compiled().into_iter().map(|(name, _)| name);
    let found: BTreeSet<_> = packages.filter(|name| banned.contains(name)).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn every_second_version_of_a_package_is_known() {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, version, _) in locked() {
        versions.entry(name).or_default().insert(version);
    }
    // The newest version is the one to keep.
    let older = versions.into_iter().flat_map(|(name, versions)| {
        let mut versions: Vec<_> = versions
            .into_iter()
            .map(|it| it.parse().expect("a version"))
            .collect();
        versions.sort_unstable();
        versions.pop();
        let name = move |version: semver::Version| format!("{name}@{version}");
        versions.into_iter().map(name).collect::<Vec<_>>()
    });
    let older: BTreeSet<_> = older.collect();
    let skipped: BTreeSet<_> = rules().bans.skip.into_iter().map(|it| it.version).collect();
    assert_eq!(
        older, skipped,
        "`skip` in deny.toml lists every second version, with its reason"
    );
}

/// Returns the names of the dependencies in the first column of the table.
fn with_reason() -> BTreeSet<String> {
    let page = read(PAGE);
    let (_, section) = page.split_once(HEADING).expect("the section");
    let (section, _) = section.split_once("\n## ").expect("the next section");
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = rows.filter_map(|row| row.split_once(" | "));
    let names = cells.flat_map(|(names, _)| names.split('`').step_by(2));
    names.map(str::to_owned).collect()
}

#[test]
fn every_dependency_has_its_reason() {
    let mut direct = direct();
    let fuzz: Table = toml::from_str(&read("tests/fuzz/Cargo.toml")).expect("a manifest");
    let fuzz = fuzz["dependencies"]
        .as_table()
        .expect("dependencies")
        .iter();
    let fuzz = fuzz.filter(|(_, it)| it.get("path").is_none());
    direct.extend(fuzz.map(|(name, _)| name.clone()));
    assert_eq!(
        direct,
        with_reason(),
        "the table below {HEADING:?} in {PAGE}"
    );
}
