//! The examples are valid. `tests/docs` checks that the pages show them.

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
    assert!(examples.len() >= 30, "{examples:?}");
    for example in examples {
        if needs_others(&example) {
            continue;
        }
        let workspace = Workspace::new(cli);
        if has_actions(&example) && workspace.terraform_version().await < Some((1, 14)) {
            continue;
        }
        copy(&example, &workspace);
        let run = workspace.validate().await;
        assert_eq!(run.code, Some(0), "{}: {run}", example.display());
    }
}

/// Returns whether an example requires a provider that is not installed. Only its format is checked.
fn needs_others(example: &Path) -> bool {
    let others = [
        "hashicorp/aws",
        "hashicorp/kubernetes",
        "hashicorp/vault",
        "integrations/github",
    ];
    configurations(example).iter().any(|file| {
        let text = std::fs::read_to_string(file).expect("a file");
        others.iter().any(|other| text.contains(other))
    })
}

/// Returns whether an example has actions. Other tools than Terraform 1.14 and later cannot read them.
fn has_actions(example: &Path) -> bool {
    configurations(example).iter().any(|file| {
        let text = std::fs::read_to_string(file).expect("a file");
        text.lines().any(|line| line.starts_with("action "))
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

/// Versions before 1.14 ignore files with this extension and cannot validate a `list` block.
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
    let mut scene = or_skip!(Scene::new());
    copy(&example("datacenter"), &scene.workspace);
    let roles = ["Connector Administrator"];
    scene
        .emulator
        .add_user("Alice Example", "alice@acme.com", &roles);
    let app_id = scene.emulator.app_id();
    scene.workspace.env("TF_VAR_app_id", &app_id);
    scene.workspace.env("TF_VAR_confluence_access_token", TOKEN);
    let run = scene.workspace.apply(&[]).await.succeeded();
    assert!(!run.text().contains(TOKEN), "{run}");
    scene.workspace.assert_quiet("datacenter").await;
    for (output, expected) in [
        ("manifests", ["kind: ", &encoded]),
        ("environment_file", [secret, TOKEN]),
    ] {
        let run = scene
            .workspace
            .run(&["output", "-raw", output])
            .await
            .succeeded();
        for text in expected {
            assert!(run.stdout.contains(text), "{output}: {text}");
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
        copy_tests(&folder, &workspace);
        let run = workspace.run(&["test", "-no-color"]).await.succeeded();
        assert!(run.text().contains("Success! "), "{module}: {run}");
    }
}

/// The page for users of the emulator shows this example.
#[tokio::test]
async fn the_example_for_the_emulator_passes_its_test() {
    let mut scene = or_skip!(Scene::new());
    let folder = example("emulator");
    copy(&folder, &scene.workspace);
    copy_tests(&folder, &scene.workspace);
    let app_id = scene.emulator.app_id();
    scene.workspace.env("TF_VAR_app_id", &app_id);
    let run = scene
        .workspace
        .run(&["test", "-no-color"])
        .await
        .succeeded();
    assert!(run.text().contains("Success! 2 passed"), "{run}");
    let left = scene.emulator.connectors().into_iter();
    assert_eq!(left.filter(|it| it.deleted_at.is_none()).count(), 0);
}

/// Copies the tests of an example.
fn copy_tests(example: &Path, workspace: &Workspace) {
    let tests = workspace.path("tests");
    std::fs::create_dir(&tests).expect("a directory");
    for file in entries(&example.join("tests")) {
        let name = file.file_name().expect("a name");
        std::fs::copy(&file, tests.join(name)).expect("a file");
    }
}

/// Copies the files of an example into a workspace. If the example has its own `required_providers`, removes the
/// workspace's. Leaves out the import by identity, which requires a newer Terraform and duplicates the import by ID.
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

/// Returns a folder of `examples/`.
pub(crate) fn example(name: &str) -> PathBuf {
    Path::new(ROOT).join("examples").join(name)
}

/// Returns every folder with a configuration.
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

/// Returns the entries of a folder, sorted by name.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}
