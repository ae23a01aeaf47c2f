//! The configurations in the guides are formatted and valid.

use std::collections::BTreeSet;
use std::path::Path;

use crate::import::needs_provider;
use crate::terraform::{Workspace, cli};

/// The lines before and after a configuration on a page. Fragments are marked as `hcl` instead.
const FENCES: (&str, &str) = ("```terraform\n", "\n```");

#[tokio::test]
async fn every_configuration_of_a_guide_is_formatted_and_valid() {
    let Some(cli) = cli() else { return };
    let configurations = configurations();
    assert!(configurations.len() >= 10, "{configurations:#?}");
    for (guide, text) in configurations {
        let workspace = Workspace::new(cli);
        write(&workspace, &text);
        let run = workspace.run(&["fmt", "-check", "-diff"]).await;
        assert_eq!(run.code, Some(0), "{guide}: {run}");
        // That provider is not installed.
        if text.contains("ephemeral \"vault_") {
            continue;
        }
        let is_import = text.starts_with("import {") && !text.contains("resource \"");
        if is_import && !text.contains("provider") && needs_provider(&workspace).await {
            continue;
        }
        let run = workspace.validate().await;
        assert_eq!(run.code, Some(0), "{guide}: {run}");
    }
}

/// Returns all configurations with the names of their guides.
fn configurations() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides");
    let guides = std::fs::read_dir(folder).expect("a folder");
    let paths = guides.map(|guide| guide.expect("an entry").path());
    paths
        .flat_map(|path| {
            let page = std::fs::read_to_string(&path).expect("a file");
            let (begin, end) = FENCES;
            let blocks = page.split(begin).skip(1);
            let texts = blocks.map(|rest| rest.split(end).next().unwrap_or(rest));
            let named = |text| (path.display().to_string(), format!("{text}\n"));
            texts.map(named).collect::<Vec<_>>()
        })
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
