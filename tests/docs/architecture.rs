//! The floors of `src`. A file may import only files of its own floor and of the floors that its floor uses. The files of a
//! floor may not import each other in a circle, and neither may its folders.

use std::collections::{BTreeSet, VecDeque};

use crate::imports::{Imports, Source};

/// The floors, and the floors that each one uses.
const FLOORS: [(&str, &[&str]); 5] = [
    ("plugin", &[]),
    ("terraform", &[]),
    ("conductorone", &[]),
    ("confluence", &["conductorone"]),
    ("provider", &["terraform", "conductorone", "confluence"]),
];

/// What `confluence` may use of `conductorone`: the client for single requests, the proxy, and texts of other servers. The
/// client for ConductorOne's API has ConductorOne's credentials.
const FOR_CONFLUENCE: [&str; 7] = [
    // Where `remember_secret` has its name.
    "conductorone::http",
    "conductorone::http::cause",
    "conductorone::http::host",
    "conductorone::http::peer_text",
    "conductorone::http::plain_client",
    "conductorone::http::proxy",
    "conductorone::http::server_message",
];

#[test]
fn no_import_points_upward_or_in_a_circle() {
    let faults = faults(&Source::read());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Returns a description of each import that points upward, and of a circle in each floor.
fn faults(source: &Source) -> Vec<String> {
    let imports = source.imports();
    let mut faults: Vec<_> = imports
        .iter()
        .flat_map(|(file, imported)| imported.iter().map(move |target| (file, target)))
        .filter(|(file, target)| points_upward(file, target))
        .map(|(file, target)| {
            format!(
                "{} imports {}, which is not below it",
                source.path(file),
                source.path(target)
            )
        })
        .collect();
    for (floor, _) in &FLOORS {
        let files = of_floor(&imports, floor);
        let of_files = circle(&files).map(|circle| {
            let paths: Vec<_> = circle.iter().map(|module| source.path(module)).collect();
            paths.join(" -> ")
        });
        let of_folders = || {
            let paths = circle(&by_folder(&files))?.into_iter();
            let paths: Vec<_> = paths.map(|module| module.replace("::", "/")).collect();
            Some(format!("src/{}", paths.join(" -> src/")))
        };
        let found = of_files.or_else(of_folders);
        faults.extend(found.map(|circle| format!("a circle of imports: {circle}")));
    }
    faults
}

fn floor_of(module: &str) -> &str {
    module.split("::").next().unwrap_or_default()
}

/// Only `main.rs` and `lib.rs` are above the floors.
fn points_upward(module: &str, imported: &str) -> bool {
    let (floor, target) = (floor_of(module), floor_of(imported));
    if floor == "confluence" && target == "conductorone" {
        return !FOR_CONFLUENCE.contains(&imported);
    }
    FLOORS
        .iter()
        .find(|(name, _)| *name == floor)
        .is_some_and(|(_, uses)| floor != target && !uses.contains(&target))
}

/// Returns the imports between files of a floor.
fn of_floor(imports: &Imports, floor: &str) -> Imports {
    let mut imports = imports.clone();
    imports.retain(|module, _| floor_of(module) == floor);
    for imported in imports.values_mut() {
        imported.retain(|module| floor_of(module) == floor);
    }
    imports
}

/// Returns the imports between the files and folders that are directly in a floor.
fn by_folder(files: &Imports) -> Imports {
    let entry = |module: &String| {
        let parts: Vec<_> = module.split("::").take(2).collect();
        parts.join("::")
    };
    let mut folders = Imports::new();
    for (module, imported) in files {
        let folder = entry(module);
        let imported = imported.iter().map(entry).filter(|other| *other != folder);
        folders.entry(folder.clone()).or_default().extend(imported);
    }
    folders
}

/// Returns a shortest circle of imports. The first module is repeated at the end.
fn circle(imports: &Imports) -> Option<Vec<String>> {
    let circles = imports.keys().filter_map(|start| way_back(imports, start));
    circles.min_by_key(Vec::len)
}

/// Returns a shortest chain of imports from a module to itself.
fn way_back(imports: &Imports, start: &String) -> Option<Vec<String>> {
    let mut chains = VecDeque::from([vec![start.clone()]]);
    let mut visited = BTreeSet::new();
    while let Some(chain) = chains.pop_front() {
        for next in imports.get(chain.last()?).into_iter().flatten() {
            let mut longer = chain.clone();
            longer.push(next.clone());
            if next == start {
                return Some(longer);
            }
            if visited.insert(next.clone()) {
                chains.push_back(longer);
            }
        }
    }
    None
}

fn faults_of(files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    faults(&Source::parse(&files))
}

const ROOT: (&str, &str) = (
    "lib.rs",
    "pub mod plugin;\npub mod provider;\npub mod terraform;",
);

#[test]
fn an_import_that_points_upward_is_a_fault() {
    let files = [
        ROOT,
        ("plugin/mod.rs", "use crate::terraform::value::Value;"),
        ("terraform/mod.rs", "pub mod value;"),
        ("terraform/value.rs", "fn f() { crate::provider::f() }"),
        ("provider/mod.rs", "use crate::terraform::value::Value;"),
    ];
    assert_eq!(
        faults_of(&files),
        [
            "src/plugin/mod.rs imports src/terraform/value.rs, which is not below it",
            "src/terraform/value.rs imports src/provider/mod.rs, which is not below it",
        ]
    );
}

#[test]
fn confluence_cannot_use_the_client_with_credentials() {
    let files = [
        ("lib.rs", "pub mod conductorone;\nmod confluence;"),
        (
            "confluence/mod.rs",
            "use crate::conductorone::{Client, PlainClient};",
        ),
        (
            "conductorone/mod.rs",
            "mod http;\n\npub use http::Client;\npub(crate) use http::PlainClient;",
        ),
        (
            "conductorone/http/mod.rs",
            "mod client;\nmod plain_client;\n\npub use client::Client;\npub(crate) use plain_client::PlainClient;",
        ),
        ("conductorone/http/client.rs", ""),
        ("conductorone/http/plain_client.rs", ""),
    ];
    assert_eq!(
        faults_of(&files),
        ["src/confluence/mod.rs imports src/conductorone/http/client.rs, which is not below it"]
    );
}

#[test]
fn a_circle_is_a_fault() {
    let circles = [
        // Two files.
        [
            "mod a;\nmod b;",
            "use super::b::B;",
            "use std::fmt;\n\nuse crate::terraform::{\n    a::{self, A as Other},\n    c::C,\n};",
        ],
        // A path in an expression.
        [
            "mod a;\nmod b;",
            "use super::b::B;",
            "fn f() { super::a::f() }",
        ],
        // A re-export in the parent.
        [
            "mod a;\nmod b;\n\npub(crate) use a::A;\npub use b::{B, C};",
            "use super::B;",
            "use super::A;",
        ],
    ];
    for [parent, a, b] in circles {
        let files = [
            ROOT,
            ("terraform/mod.rs", parent),
            ("terraform/a.rs", a),
            ("terraform/b.rs", b),
        ];
        assert_eq!(
            faults_of(&files),
            ["a circle of imports: src/terraform/a.rs -> src/terraform/b.rs -> src/terraform/a.rs"],
            "{b}"
        );
    }
}

#[test]
fn a_parent_and_its_child_can_be_a_circle() {
    let files = [
        ROOT,
        ("terraform/mod.rs", "mod a;\n\nuse a::f;\n\nstruct Parent;"),
        ("terraform/a.rs", "use super::Parent;"),
    ];
    assert_eq!(
        faults_of(&files),
        ["a circle of imports: src/terraform/mod.rs -> src/terraform/a.rs -> src/terraform/mod.rs"]
    );
}

#[test]
fn two_folders_can_be_a_circle_although_their_files_are_not() {
    let files = [
        ROOT,
        ("terraform/mod.rs", "mod a;\nmod b;"),
        ("terraform/a/mod.rs", "mod one;\nmod two;"),
        ("terraform/a/one.rs", "use crate::terraform::b::B;"),
        ("terraform/a/two.rs", ""),
        ("terraform/b.rs", "use super::a::two::f;"),
    ];
    assert_eq!(
        faults_of(&files),
        ["a circle of imports: src/terraform/a -> src/terraform/b -> src/terraform/a"]
    );
}

#[test]
fn comments_strings_and_tests_do_not_count() {
    let b = "//! use super::a::A;\n\
             const TEXT: &str = \"use super::a::A; \\\" crate::provider::A\";\n\
             const RAW: &str = r#\"\"crate::provider::A\"#;\n\n\
             #[cfg(test)]\n\
             #[expect(clippy::unwrap_used, reason = \"a test\")]\n\
             mod tests {\n    use super::super::a::A;\n}\n\n\
             #[cfg(test)]\n\
             mod more;\n";
    let files = [
        ROOT,
        ("terraform/mod.rs", "mod a;\nmod b;"),
        ("terraform/a.rs", "use super::b::B;"),
        ("terraform/b.rs", b),
        ("terraform/b/more.rs", "use crate::terraform::a::A;"),
    ];
    assert_eq!(faults_of(&files), Vec::<String>::new());
}
