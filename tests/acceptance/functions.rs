//! Functions in a configuration.

use serde_json::{Value, json};

use crate::scene::{DATA_CENTER, Scene, config, with};

/// A Data Center connector with these changes, and an output of its manifests with these options.
fn with_manifests(scene: &Scene, changes: &Value, options: &str, sensitive: bool) -> Value {
    let attributes = with(&scene.attributes(DATA_CENTER), changes);
    let mut config = config(&[(DATA_CENTER, &attributes)]);
    let call = format!(
        "${{provider::confluence::kubernetes_manifests({DATA_CENTER}.environment, {options})}}"
    );
    config["output"] = json!({"manifests": {"value": call, "sensitive": sensitive}});
    config
}

/// The client ID of the only connector's newest credential, and the manifests.
async fn manifests(scene: &Scene) -> (String, String) {
    let run = scene.workspace.run(&["output", "-raw", "manifests"]).await;
    let state = scene.workspace.state(DATA_CENTER).await;
    let client_id = state["client_id"].as_str().expect("a client ID");
    (client_id.to_owned(), run.succeeded().stdout)
}

fn checksum(manifests: &str) -> &str {
    let mut lines = manifests.lines().map(str::trim);
    let checksum = lines.find_map(|line| line.strip_prefix("\"checksum/secret\": "));
    checksum.unwrap_or_else(|| panic!("no checksum in {manifests}"))
}

#[tokio::test]
async fn manifests_are_sensitive_and_roll_the_pods_when_the_credential_is_rotated() {
    let Some(scene) = Scene::new().await else {
        return;
    };
    let none = json!({});
    scene
        .workspace
        .write(&with_manifests(&scene, &none, "{}", false));
    let run = scene.workspace.plan().await.1.failed();
    assert!(run.text().contains("sensitive"), "{run}");

    scene
        .workspace
        .write(&with_manifests(&scene, &none, "{}", true));
    let run = scene.workspace.apply(&[]).await.succeeded();
    assert!(!run.text().contains("BATON_"), "{run}");
    scene.workspace.assert_quiet("after the apply").await;
    let (id, before) = manifests(&scene).await;
    assert!(
        before.contains(&format!("\"BATON_CLIENT_ID\": \"{id}\"\n")),
        "{before}"
    );

    let rotated = json!({"credential_version": 2});
    scene
        .workspace
        .write(&with_manifests(&scene, &rotated, "null", true));
    scene.workspace.apply(&[]).await.succeeded();
    let (new_id, after) = manifests(&scene).await;
    assert_ne!(id, new_id);
    assert!(
        after.contains(&format!("\"BATON_CLIENT_ID\": \"{new_id}\"\n")),
        "{after}"
    );
    assert_ne!(checksum(&before), checksum(&after));
}

#[tokio::test]
async fn a_mistake_in_the_options_shows_no_secret() {
    let Some(scene) = Scene::new().await else {
        return;
    };
    let options = "{ replica = 2, name = \"Wiki\" }";
    scene
        .workspace
        .write(&with_manifests(&scene, &json!({}), options, true));
    let run = scene.workspace.apply(&[]).await.failed();
    for part in [
        "did you mean replicas?",
        "such as wiki-connector",
        "\"options\"",
    ] {
        assert!(run.text().contains(part), "{part}: {run}");
    }
    assert!(!run.text().contains("pat-1"), "{run}");
}
