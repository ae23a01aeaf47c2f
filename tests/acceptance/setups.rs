//! The examples for each way to sign in, and for each journey to a connector. They are applied against an emulated tenant.
//! What they take from other providers and services is replaced.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::examples::{entries, example};
use crate::scene::Scene;
use crate::terraform::skip;

/// The key of the connector in most setups.
const KEY: &str = "key-1";
/// The owner in the examples.
const OWNER: &str = "alice@acme.com";

/// A tenant with the owner of the examples, and a workspace with the examples' variables.
async fn tenant() -> Option<Scene> {
    let mut scene = Scene::new().await?;
    let roles = ["Connector Administrator"];
    scene.emulator.add_user("Alice Example", OWNER, &roles);
    scene.workspace.env("TF_VAR_confluence_api_token", KEY);
    Some(scene)
}

/// Returns the text of an example.
fn read(folder: &str) -> String {
    std::fs::read_to_string(example(folder).join("main.tf")).expect("an example")
}

/// Applies a configuration twice. The second plan is empty.
async fn apply(scene: &Scene, text: &str, what: &str) {
    let versions = scene.workspace.path("versions.tf.json");
    if text.contains("required_providers") && versions.exists() {
        std::fs::remove_file(versions).expect("a file");
    }
    std::fs::write(scene.workspace.path("main.tf"), text).expect("a file");
    scene.workspace.validate().await.succeeded();
    scene.workspace.apply(&[]).await.succeeded();
    scene.workspace.assert_quiet(what).await;
}

/// Applies a setup.
async fn set_up(scene: &Scene, name: &str) {
    apply(scene, &read(&format!("setups/{name}")), name).await;
}

/// Removes the block that begins with this text.
fn without(text: &str, beginning: &str) -> String {
    let mut kept = Vec::new();
    let mut end: Option<String> = None;
    let mut removed = 0;
    for line in text.lines() {
        match &end {
            Some(last) if line == last => end = None,
            Some(_) => {}
            None if line.trim_start().starts_with(beginning) => {
                removed += 1;
                let indentation = line.len() - line.trim_start().len();
                end = (!line.ends_with('}')).then(|| format!("{}}}", " ".repeat(indentation)));
            }
            None => kept.push(line),
        }
    }
    assert_eq!((removed, end), (1, None), "{beginning}: {text}");
    kept.join("\n") + "\n"
}

/// Returns the apps that the tenant did not have at first. All of them must have the owner of the examples.
fn new_apps(scene: &Scene) -> Vec<String> {
    let emulator = &scene.emulator;
    let seeded = [
        emulator.app_id(),
        emulator.other_app_id(),
        emulator.directory_app_id(),
    ];
    let mut users = emulator.users().into_iter();
    let owner = users.find(|user| user.email == OWNER).expect("the owner");
    let apps = emulator.apps().into_iter().filter(|app| !app.is_deleted());
    let new = apps.filter(|app| !seeded.contains(&app.id));
    new.map(|app| {
        assert_eq!(app.owner_ids(), [owner.id.as_str()], "{app:?}");
        app.id
    })
    .collect()
}

#[tokio::test]
async fn every_setup_is_in_the_list() {
    let list = std::fs::read_to_string(example("setups/README.md")).expect("a list");
    let folders = entries(&example("setups"));
    let folders = folders.iter().filter(|path| path.is_dir());
    for name in folders.filter_map(|path| path.file_name()?.to_str()) {
        assert!(list.contains(&format!("| [{name}]({name}) |")), "{name}");
    }
}

#[tokio::test]
async fn an_existing_app_gets_a_connector() {
    let scene = or_skip!(tenant());
    set_up(&scene, "existing-app").await;
    assert_eq!(scene.connector().app_id, scene.emulator.app_id());
    assert_eq!(scene.connector().config["api-key"], KEY);
    assert_eq!(new_apps(&scene), Vec::<String>::new());
    scene.workspace.destroy().await.succeeded();
}

#[tokio::test]
async fn a_new_app_gets_a_connector() {
    let scene = or_skip!(tenant());
    set_up(&scene, "new-app").await;
    assert_eq!(new_apps(&scene), [scene.connector().app_id]);
    scene.workspace.destroy().await.succeeded();
    assert_eq!((new_apps(&scene).len(), scene.connectors().len()), (0, 0));
}

#[tokio::test]
async fn a_discovered_app_gets_a_connector() {
    let mut scene = or_skip!(tenant());
    let discovered = scene.emulator.discovered_resource_id();
    scene.workspace.env("TF_VAR_discovered_app_id", &discovered);
    set_up(&scene, "discovered-app").await;
    assert_eq!(new_apps(&scene), [scene.connector().app_id]);
    let state = scene.workspace.state("confluence_app.wiki").await;
    assert_eq!(state["display_name"], "Confluence Cloud");
    scene.workspace.destroy().await.succeeded();
}

#[tokio::test]
async fn a_self_hosted_connector_gets_manifests() {
    let scene = or_skip!(tenant());
    set_up(&scene, "self-hosted").await;
    assert_eq!(new_apps(&scene), [scene.connector().app_id]);
    let output = ["output", "-raw", "manifests"];
    let run = scene.workspace.run(&output).await.succeeded();
    let key = format!("\"BATON_API_KEY\": \"{}\"", STANDARD.encode(KEY));
    for text in ["kind: ", &key] {
        assert!(run.stdout.contains(text), "{text}");
    }
    scene.workspace.destroy().await.succeeded();
}

/// Another ephemeral value takes the place of the one from the store.
#[tokio::test]
async fn an_api_token_comes_from_a_store_of_secrets() {
    let stores = [
        (
            "vault",
            "vault = {",
            "ephemeral.vault_kv_secret_v2.atlassian.data.api_token",
            "ephemeral.confluence_access_token.stand_in.token",
        ),
        (
            "aws-secrets-manager",
            "aws = {",
            "jsondecode(ephemeral.aws_secretsmanager_secret_version.atlassian.secret_string)",
            "{ api_token = ephemeral.confluence_access_token.stand_in.token }",
        ),
    ];
    for (name, required, value, stand_in) in stores {
        let scene = or_skip!(tenant());
        let text = read(&format!("setups/{name}"));
        assert!(text.contains(value), "{text}");
        let store = required.trim_end_matches(" = {");
        let text = without(&text.replace(value, stand_in), required);
        let text = without(&text, &format!("provider \"{store}\""));
        let text = without(&text, &format!("ephemeral \"{store}_"));
        let text = format!("{text}\nephemeral \"confluence_access_token\" \"stand_in\" {{}}\n");
        apply(&scene, &text, name).await;
        let connector = scene.connector();
        assert_eq!(connector.app_id, scene.emulator.app_id());
        let key = &connector.config["api-key"];
        assert!(key.len() > 10, "{name}: {key}");
        let state = std::fs::read_to_string(scene.workspace.path("terraform.tfstate"));
        assert!(!state.expect("a state").contains(key), "{name}");
    }
}

#[tokio::test]
async fn a_workflow_on_github_signs_in_without_a_secret() {
    let mut scene = or_skip!(tenant());
    let text = read("setups/github-actions");
    let client_id = "swift-otter-19384@acme.conductor.one/wfe";
    assert!(text.contains(client_id), "{text}");
    let text = text.replace(client_id, scene.emulator.federation_client_id());
    let text = without(&text, "backend \"s3\"");
    let oidc_token = scene.emulator.oidc_token().to_owned();
    scene.workspace.env("CONDUCTORONE_OIDC_TOKEN", &oidc_token);
    scene.workspace.without("CONDUCTORONE_CLIENT_ID");
    scene.workspace.without("CONDUCTORONE_CLIENT_SECRET");
    apply(&scene, &text, "github-actions").await;
    assert_eq!(new_apps(&scene), [scene.connector().app_id]);
}

/// Runs the last step of the workflow as GitHub does, with a `curl` that returns a token and a `terraform` that prints it.
#[test]
fn the_workflow_requests_a_token_for_terraform() {
    let path = example("setups/github-actions").join("terraform.yaml");
    let workflow = std::fs::read_to_string(path).expect("a workflow");
    let workflow: Value = serde_saphyr::from_str(&workflow).expect("YAML");
    let job = &workflow["jobs"]["apply"];
    assert_eq!(job["permissions"]["id-token"], "write");
    let steps = job["steps"].as_array().expect("steps");
    let last = steps.last().expect("a step");
    assert!(last["env"]["TF_VAR_confluence_api_token"].is_string());

    let programs = tempfile::tempdir().expect("a folder");
    for (name, script) in [
        (
            "curl",
            "echo \"curl $*\" >&2; echo '{\"value\": \"an-oidc-token\"}'",
        ),
        ("terraform", "echo \"$CONDUCTORONE_OIDC_TOKEN $*\""),
    ] {
        let program = programs.path().join(name);
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).expect("a file");
        std::fs::set_permissions(&program, Permissions::from_mode(0o755)).expect("a file");
    }
    let search = std::env::var("PATH").unwrap_or_default();
    if std::env::split_paths(&search).all(|folder| !folder.join("jq").exists()) {
        skip("jq is not installed");
        return;
    }
    let output = std::process::Command::new("bash")
        .args(["--noprofile", "--norc", "-eo", "pipefail", "-c"])
        .arg(last["run"].as_str().expect("a script"))
        .env("PATH", format!("{}:{search}", programs.path().display()))
        .env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "a-request-token")
        .env("ACTIONS_ID_TOKEN_REQUEST_URL", "https://example.com/?a=b")
        .output()
        .expect("bash");
    let [printed, asked] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
    let expected = "::add-mask::an-oidc-token\nan-oidc-token apply -auto-approve\n";
    assert_eq!(printed, expected, "{asked}");
    for part in [
        "bearer a-request-token",
        "/?a=b&audience=acme.conductor.one",
    ] {
        assert!(asked.contains(part), "{asked}");
    }
}

/// Each method reads an app with its credentials alone.
#[tokio::test]
async fn every_way_to_sign_in_works() {
    let methods = entries(&example("authentication"));
    let methods: Vec<_> = methods
        .iter()
        .filter_map(|path| path.file_name()?.to_str())
        .collect();
    let expected = [
        "access-token",
        "custom-host",
        "github-actions",
        "hcp-terraform",
        "service-principal",
    ];
    assert_eq!(methods, expected);
    for method in methods {
        let mut scene = or_skip!(Scene::new());
        let text = credentials(
            &mut scene,
            method,
            &read(&format!("authentication/{method}")),
        );
        std::fs::write(scene.workspace.path("provider.tf"), text).expect("a file");
        let id = scene.emulator.app_id();
        let app = json!({"data": {"confluence_app": {"it": {"id": id}}}});
        scene.workspace.write(&app);
        scene.workspace.apply(&[]).await.succeeded();
        let state = scene.workspace.state("data.confluence_app.it").await;
        assert_eq!(state["display_name"], "Confluence", "{method}");
    }
}

/// Sets the environment that a method requires, and replaces the names of the example's tenant. Returns the configuration.
fn credentials(scene: &mut Scene, method: &str, text: &str) -> String {
    let emulator = &scene.emulator;
    let server_url = format!("server_url = {:?}", emulator.url());
    let (variable, value, from, to) = match method {
        "service-principal" => (
            "TF_VAR_conductorone_client_secret",
            emulator.client_secret(),
            "plucky-heron-40417@acme.conductor.one/spc",
            emulator.client_id(),
        ),
        "hcp-terraform" => (
            "TFC_WORKLOAD_IDENTITY_TOKEN_CONDUCTORONE",
            emulator.oidc_token(),
            "clever-fox-42195@acme.conductor.one/wfe",
            emulator.federation_client_id(),
        ),
        "github-actions" => (
            "CONDUCTORONE_OIDC_TOKEN",
            emulator.oidc_token(),
            "swift-otter-19384@acme.conductor.one/wfe",
            emulator.federation_client_id(),
        ),
        "access-token" => (
            "CONDUCTORONE_ACCESS_TOKEN",
            emulator.access_token(),
            "tenant_domain = \"acme\"",
            server_url.as_str(),
        ),
        _ => (
            "CONDUCTORONE_ACCESS_TOKEN",
            emulator.access_token(),
            "server_url = \"https://c1.acme.example\"",
            server_url.as_str(),
        ),
    };
    assert!(text.contains(from), "{method}: {text}");
    let (text, value) = (text.replace(from, to), value.to_owned());
    for unset in ["CONDUCTORONE_CLIENT_ID", "CONDUCTORONE_CLIENT_SECRET"] {
        scene.workspace.without(unset);
    }
    scene.workspace.env(variable, &value);
    text
}
