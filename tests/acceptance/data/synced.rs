//! `confluence_synced_data`: what connectors have brought.

use conductorone_emulator::BATON;
use serde_json::{Value, json};

use crate::examples;
use crate::scene::{CLOUD, Scene};

use super::{assert_says, read, refused};

#[tokio::test]
async fn counts_are_those_of_the_app_or_of_one_connector() {
    let scene = or_skip!(Scene::new());
    let app = scene.emulator.app_id();
    scene.switch(|switches| {
        switches.sync_duration_ms = 0;
        switches.synced_deleted = true;
    });
    scene.create_complete(CLOUD).await;
    let hosted = scene.connector().id;
    let other = scene
        .emulator
        .add_connector(&app, BATON)
        .expect("a connector");
    assert!(scene.emulator.sync_connector(&other, None));
    let new = scene
        .emulator
        .add_connector(&app, BATON)
        .expect("a connector");
    let workspace = scene.second_workspace();
    let of = |connector: &str| json!({"app_id": app, "connector_id": connector});
    let found = read(
        &workspace,
        &[
            ("confluence_synced_data.all", json!({"app_id": app})),
            ("confluence_synced_data.hosted", of(&hosted)),
            ("confluence_synced_data.new", of(&new)),
            (
                "confluence_synced_data.none",
                json!({"app_id": scene.emulator.other_app_id()}),
            ),
        ],
    )
    .await;
    let facts = |name: &str| {
        let it = &found[name];
        json!([
            it["accounts"],
            it["entitlements"],
            it["resources"],
            it["complete"]
        ])
    };
    let kinds = json!({"Group": 4, "Space": 6});
    assert_eq!(facts("all"), json!([8, 10, kinds, true]));
    assert_eq!(facts("hosted"), json!([8, 5, kinds, true]));
    assert_eq!(facts("new"), json!([8, 0, kinds, true]));
    assert_eq!(facts("none"), json!([0, 0, {}, true]));
    assert_eq!(found["all"]["count_limit"], Value::Null);
    workspace.assert_quiet("nothing changed").await;
}

#[tokio::test]
async fn a_missing_app_or_connector_is_an_error_on_its_attribute() {
    let scene = or_skip!(Scene::new());
    let (app, nowhere) = (scene.emulator.app_id(), scene.emulator.unused_id());
    let elsewhere = scene
        .emulator
        .add_connector(&scene.emulator.other_app_id(), BATON);
    let elsewhere = elsewhere.expect("a connector");
    let wanted = [
        ("confluence_synced_data.app", json!({"app_id": nowhere})),
        (
            "confluence_synced_data.connector",
            json!({"app_id": app, "connector_id": elsewhere}),
        ),
    ];
    let run = refused(&scene.workspace, &wanted).await;
    assert_says(
        &run,
        &[
            "Error: App not found",
            &format!("ConductorOne has no app with the ID {nowhere}"),
            "Error: Connector not found",
            &format!("The app \"{app}\" has no connector \"{elsewhere}\""),
        ],
    );
}

/// The example of the data source.
#[tokio::test]
async fn a_check_warns_until_data_has_arrived() {
    let mut scene = or_skip!(Scene::new());
    scene.switch(|switches| switches.sync_duration_ms = 0);
    let app = scene.emulator.app_id();
    let id = scene
        .emulator
        .add_connector(&app, BATON)
        .expect("a connector");
    let example = examples::example("data-sources/confluence_synced_data");
    examples::copy(&example, &scene.workspace);
    scene.workspace.env("TF_VAR_app_id", &app);
    let run = scene.workspace.apply(&[]).await.succeeded();
    let warning = "The app must have at least one account and one group.";
    assert_says(&run, &["Warning: Check block assertion failed", warning]);
    assert!(scene.emulator.sync_connector(&id, None));
    let run = scene.workspace.apply(&[]).await.succeeded();
    assert!(!run.text().contains(warning), "{run}");
    let run = scene.workspace.run(&["output", "-json", "synced"]).await;
    let synced: Value = serde_json::from_str(&run.succeeded().stdout).expect("JSON");
    let expected = json!({
        "accounts": 4, "entitlements": 5, "resources": {"Group": 2, "Space": 3}, "complete": true,
    });
    assert_eq!(synced, expected);
}
