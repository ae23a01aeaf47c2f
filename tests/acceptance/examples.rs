//! The examples are right. That the pages show them as they are is checked by `tests/docs`.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::scene::Scene;
use crate::terraform::{Workspace, cli};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[tokio::test]
async fn every_example_is_valid() {
    let Some(cli) = cli() else { return };
    let examples = examples();
    assert!(examples.len() >= 8, "{examples:?}");
    for example in examples {
        if needs_others(&example) {
            continue;
        }
        let workspace = Workspace::new(cli);
        copy(&example, &workspace);
        let run = workspace.validate().await;
        assert_eq!(run.code, Some(0), "{}: {run}", example.display());
    }
}

/// Whether an example needs a provider that is not here. The formatter reads it all the same.
fn needs_others(example: &Path) -> bool {
    let others = ["hashicorp/kubernetes", "integrations/github"];
    configurations(example).iter().any(|file| {
        let text = std::fs::read_to_string(file).expect("a file");
        others.iter().any(|other| text.contains(other))
    })
}

#[tokio::test]
async fn every_example_is_formatted() {
    let Some(cli) = cli() else { return };
    let workspace = Workspace::new(cli);
    let examples = example("").display().to_string();
    let run = workspace
        .run(&["fmt", "-check", "-diff", "-recursive", &examples])
        .await;
    assert_eq!(run.code, Some(0), "{run}");
}

/// Versions before 1.14 pass over files with this ending, and know no `list` block that they could validate.
#[tokio::test]
async fn every_query_is_formatted() {
    let Some(cli) = cli() else { return };
    let workspace = Workspace::new(cli);
    let folders = entries(&example("list-resources"));
    assert!(folders.len() >= 3, "{folders:?}");
    for query in folders.iter().flat_map(|folder| entries(folder)) {
        std::fs::copy(&query, workspace.path("query.tf")).expect("a file");
        let run = workspace.run(&["fmt", "-check", "-diff"]).await;
        assert_eq!(run.code, Some(0), "{}: {run}", query.display());
    }
}

#[tokio::test]
async fn a_connector_is_handed_to_kubectl_and_to_docker_compose() {
    const TOKEN: &str = "MARKER-token";
    let encoded = format!("\"BATON_ACCESS_TOKEN\": \"{}\"", STANDARD.encode(TOKEN));
    let secret = "BATON_CLIENT_SECRET='secret-token:conductorone.com:v1:";
    for (folder, output, expected) in [
        ("kubectl", "manifests", ["kind: ", &encoded]),
        ("docker-compose", "environment_file", [secret, TOKEN]),
    ] {
        let Some(mut scene) = Scene::new().await else {
            return;
        };
        copy(&example(&format!("datacenter/{folder}")), &scene.workspace);
        let app_id = scene.emulator.app_id();
        scene.workspace.env("TF_VAR_app_id", &app_id);
        scene.workspace.env("TF_VAR_confluence_access_token", TOKEN);
        let run = scene.workspace.apply(&[]).await.succeeded();
        assert!(!run.text().contains(TOKEN), "{run}");
        scene.workspace.assert_quiet(folder).await;
        let output = scene
            .workspace
            .run(&["output", "-raw", output])
            .await
            .succeeded();
        for text in expected {
            assert!(output.stdout.contains(text), "{folder}: {text}");
        }
    }
}

#[tokio::test]
async fn modules_pass_their_own_tests() {
    let Some(cli) = cli() else { return };
    for module in ["confluence-cloud", "confluence-datacenter"] {
        let folder = example(&format!("modules/{module}"));
        let workspace = Workspace::new(cli);
        copy(&folder, &workspace);
        let tests = workspace.path("tests");
        std::fs::create_dir(&tests).expect("a directory");
        for file in entries(&folder.join("tests")) {
            let name = file.file_name().expect("a name");
            std::fs::copy(&file, tests.join(name)).expect("a file");
        }
        let run = workspace.run(&["test", "-no-color"]).await.succeeded();
        assert!(run.text().contains("Success! "), "{module}: {run}");
    }
}

/// Puts the files of an example into a directory. One that names its providers itself leaves nothing to add. An import by
/// identity stands beside the one by ID, which says the same, and needs a newer command line.
pub(crate) fn copy(example: &Path, workspace: &Workspace) {
    let files = configurations(example).into_iter();
    for file in files.filter(|file| !file.ends_with("import-by-identity.tf")) {
        let text = std::fs::read_to_string(&file).expect("a file");
        if text.contains("required_providers") {
            std::fs::remove_file(workspace.path("versions.tf.json")).expect("a file");
        }
        let name = file.file_name().expect("a name").to_string_lossy();
        std::fs::write(workspace.path(&name), text).expect("a file");
    }
}

/// A folder of `examples/`.
pub(crate) fn example(name: &str) -> PathBuf {
    Path::new(ROOT).join("examples").join(name)
}

/// Every folder that holds a configuration.
fn examples() -> Vec<PathBuf> {
    let mut folders = vec![example("")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        folders.extend(entries(&folder).into_iter().filter(|path| path.is_dir()));
        if !configurations(&folder).is_empty() {
            found.push(folder);
        }
    }
    found
}

fn configurations(folder: &Path) -> Vec<PathBuf> {
    let is_configuration = |path: &PathBuf| path.extension().is_some_and(|end| end == "tf");
    entries(folder)
        .into_iter()
        .filter(is_configuration)
        .collect()
}

/// What is in a folder, sorted by name.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}
