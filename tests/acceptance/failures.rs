//! A partial update, and a deleted app: the state contains what was done, and the destroy succeeds.

use serde_json::json;

use crate::scene::{BOTH, CLOUD, DATA_CENTER, Scene, with};

#[tokio::test]
async fn a_partial_update_is_saved_in_the_state() {
    let scene = or_skip!(Scene::new());
    scene.create_complete(CLOUD).await;
    let bob = scene.emulator.user_id("bob");
    let changes = json!({"username": "other@acme.example", "owner_ids": [bob]});
    scene.write(&[(CLOUD, &scene.changed(CLOUD, &changes))]);
    for method in ["PUT", "POST", "DELETE"] {
        scene.emulator.refuse(method, "/owners", 403);
    }
    let run = scene.workspace.apply(&[]).await.failed();
    let stored = json!(scene.connector().config)["username"].clone();
    let state = scene.workspace.state(CLOUD).await;
    assert_eq!(
        state["username"], stored,
        "the state tells another story: {run}"
    );
    assert_eq!(state["owner_ids"], json!([scene.emulator.user_id("alice")]));
    scene.emulator.clear_faults();
    scene.workspace.apply_update(CLOUD, "the rest").await;
    assert_eq!(scene.connector().owner_ids(), [bob]);
}

#[tokio::test]
async fn a_deleted_app_takes_its_connectors_along_and_destroy_succeeds() {
    let scene = or_skip!(Scene::new());
    let attributes = BOTH.map(|address| scene.attributes(address));
    scene.create_both(&attributes).await;
    scene.emulator.delete_app(&scene.emulator.app_id());
    let (_, run) = scene.workspace.plan().await;
    assert!(run.text().contains("Warning: App not found"), "{run}");
    // A missing key does not prevent the destroy. Terraform plans to create missing objects before it destroys.
    let without_key = with(&attributes[0], &json!({"api_key": null}));
    scene.write(&[(CLOUD, &without_key), (DATA_CENTER, &attributes[1])]);
    scene.workspace.destroy().await.succeeded();
}
