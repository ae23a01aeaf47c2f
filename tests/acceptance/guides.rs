//! The configurations that somebody wrote on a page are formatted and valid. Those from `examples/` have their own test.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::examples::entries;
use crate::import::needs_provider;
use crate::terraform::{Workspace, cli};

/// The lines before and after a configuration on a page. Fragments are marked as `hcl` instead.
const FENCES: (&str, &str) = ("```terraform\n", "\n```");

/// The lines before and after a generated part of a page.
const GENERATED: (&str, &str) = ("<!-- generated: ", "<!-- /generated -->");

#[tokio::test]
async fn every_configuration_of_a_page_is_formatted_and_valid() {
    let Some(cli) = cli() else { return };
    let configurations = configurations();
    assert!(configurations.len() >= 25, "{configurations:#?}");
    for (page, text) in configurations {
        let workspace = Workspace::new(cli);
        let has_actions = text.lines().any(|line| line.starts_with("action "));
        if has_actions && workspace.terraform_version().await < Some((1, 14)) {
            continue;
        }
        write(&workspace, &text);
        let run = workspace.run(&["fmt", "-check", "-diff"]).await;
        assert_eq!(run.code, Some(0), "{page}: {run}");
        // These providers and modules are not installed.
        let others = [
            "ephemeral \"aws_",
            "ephemeral \"vault_",
            "resource \"kubernetes_",
            "module \"",
        ];
        if others.iter().any(|other| text.contains(other)) {
            continue;
        }
        let is_import = text.starts_with("import {") && !text.contains("resource \"");
        if is_import && !text.contains("provider") && needs_provider(&workspace).await {
            continue;
        }
        let run = workspace.validate().await;
        assert_eq!(run.code, Some(0), "{page}: {run}");
    }
}

/// Returns all configurations with the names of their pages.
fn configurations() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = vec![
        root.join("README.md"),
        root.join("examples/modules/README.md"),
    ];
    add_pages(&root.join("docs"), &mut paths);
    paths
        .iter()
        .flat_map(|path| {
            let page = by_hand(&std::fs::read_to_string(path).expect("a file"));
            let (begin, end) = FENCES;
            let blocks = page.split(begin).skip(1);
            let texts = blocks.map(|rest| rest.split(end).next().unwrap_or(rest));
            let named = |text| (path.display().to_string(), format!("{text}\n"));
            texts.map(named).collect::<Vec<_>>()
        })
        .collect()
}

/// Adds the pages in a folder.
fn add_pages(folder: &Path, paths: &mut Vec<PathBuf>) {
    for path in entries(folder) {
        if path.is_dir() {
            add_pages(&path, paths);
        } else if path.extension().is_some_and(|end| end == "md") {
            paths.push(path);
        }
    }
}

/// Returns a page without its generated parts.
fn by_hand(page: &str) -> String {
    let (begin, end) = GENERATED;
    let mut parts = page.split(begin);
    let first = parts.next().unwrap_or_default().to_owned();
    let after = |part: &str| part.split_once(end).map(|(_, rest)| rest.to_owned());
    std::iter::once(first)
        .chain(parts.filter_map(after))
        .collect()
}

/// Writes a configuration into a directory, and declares the variables that it does not declare.
fn write(workspace: &Workspace, text: &str) {
    if text.contains("required_providers") {
        std::fs::remove_file(workspace.path("versions.tf.json")).expect("a file");
    }
    std::fs::write(workspace.path("guide.tf"), text).expect("a file");
    let variables = undeclared(text).into_iter();
    let declared: Vec<_> = variables
        .map(|name| format!("variable \"{name}\" {{}}\n"))
        .collect();
    std::fs::write(workspace.path("variables.tf"), declared.concat()).expect("a file");
}

/// Returns the variables that are used but not declared.
fn undeclared(text: &str) -> BTreeSet<String> {
    let is_other = |letter: char| !letter.is_alphanumeric() && letter != '_';
    let used = text.split("var.").skip(1);
    let used = used.filter_map(|rest| rest.split(is_other).next());
    used.filter(|name| !text.contains(&format!("variable \"{name}\"")))
        .map(str::to_owned)
        .collect()
}
