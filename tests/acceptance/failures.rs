//! A failing service: the provider treats no object as deleted, and the state contains what was done.

use conductorone_emulator::{Fault, FaultAction};
use serde_json::json;

use crate::scene::{BOTH, CLOUD, DATA_CENTER, Scene, with};
use crate::terraform::Outcome;

#[tokio::test]
async fn an_invalid_response_is_never_treated_as_a_deletion() {
    let scene = or_skip!(Scene::new());
    let attributes = BOTH.map(|address| scene.attributes(address));
    scene.create_both(&attributes).await;
    let empty = FaultAction::Body {
        status: 200,
        content_type: "application/json".to_owned(),
        body: "{}".to_owned(),
    };
    let elsewhere = FaultAction::Redirect {
        location: "/login".to_owned(),
    };
    for action in [
        FaultAction::status(403),
        FaultAction::Html,
        empty,
        elsewhere,
    ] {
        let what = format!("{action:?}");
        scene.fail(Fault::every("GET", "/api/v1/apps/*/connectors/*", action));
        let (outcome, run) = scene.workspace.plan().await;
        assert_eq!(outcome, Outcome::Error, "{what}: {run}");
        scene.emulator.clear_faults();
    }
    scene.workspace.assert_quiet("after the failures").await;
}

#[tokio::test]
async fn a_partial_update_is_saved_in_the_state() {
    let scene = or_skip!(Scene::new());
    scene.create_complete(CLOUD).await;
    let bob = scene.emulator.user_id("bob");
    let changes = json!({"username": "other@acme.example", "owner_ids": [bob]});
    scene.write(&[(CLOUD, &scene.changed(CLOUD, &changes))]);
    for method in ["PUT", "POST", "DELETE"] {
        let refused = FaultAction::status(403);
        scene.fail(Fault::every(method, "/owners", refused));
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

#[tokio::test]
async fn a_connector_that_cannot_be_deleted_stays_in_the_state() {
    let scene = or_skip!(Scene::new());
    for address in BOTH {
        scene.create_complete(address).await;
        let refused = FaultAction::status(403);
        scene.fail(Fault::every("DELETE", "/connectors/", refused));
        scene.workspace.destroy().await.failed();
        assert_eq!(
            scene.workspace.state(address).await["id"],
            scene.connector().id
        );
        scene.emulator.clear_faults();
        scene.workspace.destroy().await.succeeded();
        assert_eq!(scene.connectors().len(), 0, "{address}");
    }
}

#[tokio::test]
async fn a_delete_whose_answer_was_lost_is_a_delete() {
    let scene = or_skip!(Scene::new());
    for address in BOTH {
        scene.create_complete(address).await;
        let lost = FaultAction::DropAfter;
        scene.fail(Fault::nth("DELETE", "/connectors/", 1, lost));
        scene.workspace.destroy().await.succeeded();
        assert_eq!(scene.connectors().len(), 0, "{address}");
        scene.emulator.clear_faults();
    }
}

#[tokio::test]
async fn an_expired_token_is_replaced_silently() {
    let scene = or_skip!(Scene::new());
    let count = json!({"count": 3});
    let attributes = scene.changed(CLOUD, &count);
    scene.write(&[(CLOUD, &attributes)]);
    scene.fail(Fault::nth("GET", "/api/v2/", 2, FaultAction::status(401)));
    scene.workspace.apply(&[]).await.succeeded();
    scene.workspace.assert_quiet("after the 401").await;
    assert_eq!(scene.connectors().len(), 3);
}
