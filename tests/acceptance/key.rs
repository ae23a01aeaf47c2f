//! The API key: write-only or in the state, and changes of the settings outside Terraform.

use serde_json::{Value, json};

use crate::scene::{CLOUD, Scene, with};

/// Returns a connector whose key is in neither plan nor state.
fn write_only(scene: &Scene, key: &str, version: i64) -> Value {
    let changes = json!({"api_key": null, "api_key_wo": key, "api_key_wo_version": version});
    scene.changed(CLOUD, &changes)
}

fn stored_key(scene: &Scene) -> Value {
    json!(scene.connector().config)["api-key"].clone()
}

/// Changes the settings outside Terraform.
fn change_elsewhere(scene: &Scene, key: &str, value: &str) {
    let settings = [(key.to_owned(), value.to_owned())];
    scene.edit(|connector| {
        connector.reconfigure(settings);
    });
}

#[tokio::test]
async fn a_write_only_key_is_sent_and_kept_nowhere() {
    let scene = or_skip!(Scene::new());
    scene
        .create(&[(CLOUD, &write_only(&scene, "MARKER-1", 1))])
        .await;
    assert_eq!(stored_key(&scene), "MARKER-1");
    let state = scene.workspace.state(CLOUD).await;
    assert_eq!(
        (&state["api_key"], &state["api_key_wo"]),
        (&Value::Null, &Value::Null)
    );
    // Terraform cannot compare a write-only key, so only a changed version sends it.
    scene
        .create(&[(CLOUD, &write_only(&scene, "MARKER-2", 1))])
        .await;
    assert_eq!(stored_key(&scene), "MARKER-1");
    scene
        .create(&[(CLOUD, &write_only(&scene, "MARKER-2", 2))])
        .await;
    assert_eq!(stored_key(&scene), "MARKER-2");
    scene.write(&[(CLOUD, &write_only(&scene, "MARKER-3", 3))]);
    scene.workspace.save_plan().await;
    for file in ["terraform.tfstate", "plan.bin"] {
        let bytes = std::fs::read(scene.workspace.path(file)).expect("a file");
        let holds = bytes.windows(6).any(|window| window == b"MARKER");
        assert!(!holds, "{file}");
    }
}

#[tokio::test]
async fn another_setting_is_sent_with_the_key_of_the_configuration() {
    let scene = or_skip!(Scene::new());
    let attributes = write_only(&scene, "key-1", 1);
    scene.create(&[(CLOUD, &attributes)]).await;
    let changed = with(
        &attributes,
        &json!({"username": "other@acme.example", "api_key_wo": "key-2"}),
    );
    scene.emulator.clear_journal();
    scene.create(&[(CLOUD, &changed)]).await;
    let config = json!(scene.connector().config);
    assert_eq!(
        (&config["username"], &config["api-key"]),
        (&json!("other@acme.example"), &json!("key-2"))
    );
    assert_eq!(scene.writes().len(), 1);
}

#[tokio::test]
async fn a_key_moves_from_the_state_to_the_configuration_alone() {
    let scene = or_skip!(Scene::new());
    scene.create_complete(CLOUD).await;
    scene
        .create(&[(CLOUD, &write_only(&scene, "key-2", 1))])
        .await;
    assert_eq!(stored_key(&scene), "key-2");
    assert_eq!(scene.workspace.state(CLOUD).await["api_key"], Value::Null);
}

#[tokio::test]
async fn a_key_that_takes_the_place_of_the_one_in_the_state_is_sent_if_it_is_another_one() {
    let scene = or_skip!(Scene::new());
    let passing = |key: &str| {
        let changes = json!({"api_key": null, "api_key_wo": key});
        scene.changed(CLOUD, &changes)
    };
    for (key, writes) in [("key-1", 0), ("key-2", 1)] {
        scene.create_complete(CLOUD).await;
        scene.emulator.clear_journal();
        scene.create(&[(CLOUD, &passing(key))]).await;
        assert_eq!(stored_key(&scene), key);
        assert_eq!(scene.writes().len(), writes, "{key}");
        assert_eq!(scene.workspace.state(CLOUD).await["api_key"], Value::Null);
    }
}

#[tokio::test]
async fn a_key_that_somebody_else_may_have_replaced_is_written_again() {
    let scene = or_skip!(Scene::new());
    for attributes in [scene.attributes(CLOUD), write_only(&scene, "key-1", 7)] {
        scene.create(&[(CLOUD, &attributes)]).await;
        change_elsewhere(&scene, "api-key", "of somebody else");
        let (_, run) = scene.workspace.plan().await;
        assert!(
            run.text().contains("Settings changed outside Terraform"),
            "{run}"
        );
        scene.workspace.apply_update(CLOUD, "the repair").await;
        assert_eq!(stored_key(&scene), "key-1");
        scene.workspace.destroy().await.succeeded();
    }
}

#[tokio::test]
async fn the_warning_about_a_key_without_a_version_returns_until_a_version_is_set() {
    let scene = or_skip!(Scene::new());
    let keyed = |changes: &Value| {
        let key = json!({"api_key": null, "api_key_wo": "key-1"});
        with(&scene.changed(CLOUD, &key), changes)
    };
    scene.create(&[(CLOUD, &keyed(&json!({})))]).await;
    change_elsewhere(&scene, "api-key", "of somebody else");
    let warning = "Settings changed outside Terraform";
    // Neither a refresh nor another change ends the warning.
    for name in ["Confluence v2", "Wiki"] {
        let named = keyed(&json!({"display_name": name}));
        scene.write(&[(CLOUD, &named)]);
        scene.workspace.apply(&[]).await.succeeded();
        let (_, run) = scene.workspace.plan().await;
        let text = run.text();
        assert!(text.contains(warning), "{run}");
        assert!(text.contains("set api_key_wo_version"), "{run}");
        assert_eq!(stored_key(&scene), "of somebody else");
    }
    let versioned = keyed(&json!({"display_name": "Wiki", "api_key_wo_version": 1}));
    scene.write(&[(CLOUD, &versioned)]);
    let run = scene.workspace.apply(&[]).await.succeeded();
    assert!(run.text().contains("Apply this plan"), "{run}");
    assert_eq!(stored_key(&scene), "key-1");
    let (_, run) = scene.workspace.plan().await;
    assert!(!run.text().contains(warning), "{run}");
}

#[tokio::test]
async fn the_warning_about_a_key_survives_a_saved_refresh() {
    let scene = or_skip!(Scene::new());
    for attributes in [scene.attributes(CLOUD), write_only(&scene, "key-1", 7)] {
        scene.create(&[(CLOUD, &attributes)]).await;
        change_elsewhere(&scene, "api-key", "of somebody else");
        for _ in 0..2 {
            scene.workspace.apply(&["-refresh-only"]).await.succeeded();
            let (_, run) = scene.workspace.plan().await;
            let text = run.text();
            assert!(text.contains("Settings changed outside Terraform"), "{run}");
            assert!(text.contains("Apply this plan"), "{run}");
        }
        scene.create(&[(CLOUD, &attributes)]).await;
        assert_eq!(stored_key(&scene), "key-1");
        scene.workspace.destroy().await.succeeded();
    }
}

#[tokio::test]
async fn changes_of_a_name_leave_the_key_alone() {
    let scene = or_skip!(Scene::new());
    let attributes = scene.attributes(CLOUD);
    scene.create(&[(CLOUD, &attributes)]).await;
    scene
        .create(&[(CLOUD, &with(&attributes, &json!({"display_name": "Wiki"})))])
        .await;
    scene.edit(|connector| {
        "Theirs".clone_into(&mut connector.display_name);
    });
    let (_, run) = scene.workspace.plan().await;
    assert!(
        !run.text().contains("Settings changed outside Terraform"),
        "{run}"
    );
}
