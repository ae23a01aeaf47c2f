//! Text from servers and directories: names, email addresses and IDs that could affect the user's terminal or shell.

use conductorone_emulator::{BATON, Emulator};
use serde_json::{Value, json};

use crate::identity::import_and_read;
use crate::listing;
use crate::plan::{APP, CLOUD, Scene, set};
use crate::provider::{Finding, findings};
use crate::wire::tfplugin6::{DynamicValue, call_function};

/// Text that clears the screen, changes the text direction, and contains invisible characters.
const HOSTILE: &str = "a\u{1b}[2Jb\u{202e}c\u{200b}d\u{7f}\u{9b}e\u{e0041}";
const SHOWN: &str = r"a\u{1b}[2Jb\u{202e}c\u{200b}d\u{7f}\u{9b}e\u{e0041}";

/// The name and email address of a malicious user.
fn rename(emulator: &Emulator, id: &str) {
    emulator.edit_user(id, |user| {
        HOSTILE.clone_into(&mut user.display_name);
        user.email = format!("{HOSTILE}@acme.example");
        "DISABLED".clone_into(&mut user.status);
    });
}

fn assert_shown(findings: &[Finding], summary: &str) {
    let about = |finding: &&Finding| finding.summary == summary;
    let found: Vec<_> = findings.iter().filter(about).collect();
    assert!(!found.is_empty(), "{findings:#?}");
    for finding in found {
        let text = format!("{}\n{}", finding.summary, finding.detail);
        assert!(text.contains(SHOWN), "{text:?}");
        assert!(
            !text.contains(|c: char| c != '\n' && c.is_control()),
            "{text:?}"
        );
    }
}

#[tokio::test]
async fn names_of_users_are_escaped_in_diagnostics() {
    let scene = Scene::new().await;
    let alice = scene.emulator.user_id("alice");
    rename(&scene.emulator, &alice);
    let config = set(&scene.config(CLOUD), "owner_ids", json!([alice]));
    let plan = scene.plan_create(CLOUD, &config).await;
    assert_shown(&plan.findings, "Owner is not enabled");
}

#[tokio::test]
async fn what_the_server_says_about_a_connector_is_escaped_in_diagnostics() {
    let scene = Scene::new().await;
    let (emulator, provider) = (&scene.emulator, &scene.provider);
    let app_id = emulator.app_id();
    let id = emulator.add_connector(&app_id, BATON);
    let id = id.expect("a connector");
    emulator.edit_connector(&id, |connector| {
        HOSTILE.clone_into(&mut connector.display_name);
    });
    let by = json!({"app_id": app_id, "id": id});
    let read = import_and_read(provider, CLOUD, &by).await;
    assert_shown(
        &findings(read.diagnostics),
        "Not a Confluence Cloud connector",
    );
}

#[tokio::test]
async fn names_in_lists_are_escaped() {
    let scene = Scene::new().await;
    let id = scene.emulator.add_app("Wiki");
    scene
        .emulator
        .edit_app(&id, |app| app.display_name = format!("{HOSTILE}\nfake"));
    let names = listing::names(&scene.provider, APP).await;
    let expected = format!("{SHOWN}\\nfake");
    assert!(names.contains(&expected), "{names:?}");
}

#[tokio::test]
async fn what_a_function_says_about_its_arguments_is_escaped() {
    let scene = Scene::new().await;
    let json = |value: Value| DynamicValue {
        msgpack: Vec::new(),
        json: value.to_string().into_bytes(),
    };
    let request = call_function::Request {
        name: "site_domain".to_owned(),
        arguments: vec![json(json!(HOSTILE))],
    };
    let answer = scene.provider.rpc.clone().call_function(request).await;
    let error = answer.expect("an answer").into_inner().error;
    let text = error.expect("an error").text;
    assert!(text.contains(SHOWN), "{text:?}");
}
