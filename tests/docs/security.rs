//! The claims of `SECURITY.md`. A table names the tests that show them.

use std::collections::BTreeSet;

use crate::files;

const PAGE: &str = "SECURITY.md";

/// A test that a row of the table names.
#[derive(Debug, PartialEq, Eq)]
struct NamedTest<'a> {
    name: &'a str,
    path: &'a str,
}

/// Returns the rows of the table: a claim and its tests. A test is a link: its name as code, and its file.
fn claims(page: &str) -> Vec<(&str, Vec<NamedTest<'_>>)> {
    let (_, table) = page.split_once("| Claim | Tests |").unwrap_or_default();
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let row = |line| {
        let mut cells = str::split(line, '|').skip(1).map(str::trim);
        let claim = cells.next().unwrap_or_default();
        (claim, tests(cells.next().unwrap_or_default()))
    };
    rows.map(row).collect()
}

fn tests(cell: &str) -> Vec<NamedTest<'_>> {
    let links = cell.split("[`").skip(1);
    links
        .filter_map(|link| {
            let (name, rest) = link.split_once("`](")?;
            let (path, _) = rest.split_once(')')?;
            Some(NamedTest { name, path })
        })
        .collect()
}

/// Returns whether a file contains a test of this name.
fn contains_test(source: &str, name: &str) -> bool {
    let declarations = [format!("fn {name}("), format!("async fn {name}(")];
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    let place = lines
        .iter()
        .position(|line| declarations.iter().any(|it| line.starts_with(it)));
    let above = lines.iter().take(place.unwrap_or_default()).rev();
    let mut attributes = above.take_while(|line| !line.is_empty() && !line.ends_with('}'));
    attributes.any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"))
}

#[test]
fn every_claim_is_shown_by_tests_that_exist() {
    let page = files::read(PAGE);
    let claims = claims(&page);
    assert!(claims.len() >= 30, "{claims:?}");
    let mut problems = Vec::new();
    for (claim, tests) in &claims {
        if tests.is_empty() {
            problems.push(format!("{claim}: no test"));
        }
        for NamedTest { name, path } in tests {
            let source = files::find(path).unwrap_or_default();
            if !contains_test(&source, name) {
                problems.push(format!("{claim}: {path} has no test {name}"));
            }
        }
    }
    let different: BTreeSet<_> = claims.iter().map(|(claim, _)| claim).collect();
    assert_eq!(different.len(), claims.len(), "a claim is listed twice");
    assert!(problems.is_empty(), "{PAGE}:\n{}", problems.join("\n"));
}

#[test]
fn no_crate_may_contain_unsafe_code() {
    let root = files::read("Cargo.toml");
    assert!(root.contains("\nunsafe_code = \"forbid\"\n"), "{root}");
    let manifests = ["", "emulator/", "release/", "benches/microbench/"];
    for manifest in manifests.map(|folder| format!("{folder}Cargo.toml")) {
        let text = files::read(&manifest);
        assert!(text.contains("\n[lints]\nworkspace = true\n"), "{manifest}");
    }
    let members = "members = [\"benches/microbench\", \"emulator\", \"release\"]";
    assert!(root.contains(members), "there are other crates: {root}");
}

/// Without `--locked`, Cargo may take other versions than those in `Cargo.lock`.
#[test]
fn every_build_uses_the_locked_versions() {
    let workflows = files::below(".github").into_iter();
    let scripts = workflows.filter(|path| files::extension(path) == "yml");
    let mut count = 0;
    for path in scripts.chain(["Makefile".to_owned()]) {
        // A command may continue in the next line.
        let text = files::read(&path).replace("\\\n", " ");
        for command in ["build", "test", "run", "check", "clippy", "bench", "deny"] {
            let command = format!("cargo {command} ");
            for line in text
                .lines()
                .filter(|line| !line.trim_start().starts_with('#'))
            {
                if line.contains(&command) {
                    count += 1;
                    assert!(line.contains("--locked"), "{path}: {line}");
                }
            }
        }
    }
    assert!(count >= 15, "{count}");
}

#[test]
fn the_tests_of_a_claim_are_read_from_its_row() {
    let page = "text\n\n| Claim | Tests |\n|---|---|\n| A | [`a`](src/a.rs), [`b`](tests/b.rs) |\n| B | none |\n\n| C |\n";
    let named = |name, path| NamedTest { name, path };
    let expected = vec![
        ("A", vec![named("a", "src/a.rs"), named("b", "tests/b.rs")]),
        ("B", Vec::new()),
    ];
    assert_eq!(claims(page), expected);
    let source =
        "#[tokio::test]\nasync fn a() {\n}\n\nfn b() {\n}\n\n#[test]\n#[expect(x)]\nfn c() {\n}\n";
    let found = ["a", "b", "c", "d"].map(|name| contains_test(source, name));
    assert_eq!(found, [true, false, true, false]);
}
