//! A whole life needs every operation that the API has for it. That each request is as the API describes it, and each
//! answer of the emulator too, is checked in every test: see [`CheckedEmulator`](crate::emulator::CheckedEmulator).

use serde_json::json;

use crate::scene::{BOTH, CLOUD, DATA_CENTER, Scene, with};

#[tokio::test]
async fn a_whole_life_uses_every_operation_that_is_meant_for_it() {
    let Some(scene) = Scene::new().await else {
        return;
    };
    live(&scene).await;
    let seen = scene.emulator.operations();
    for operation in [
        "post /api/v1/apps/{app_id}/connectors/create",
        "post /api/v1/apps/{app_id}/connectors",
        "post /api/v1/apps/{app_id}/connectors/{id}",
        "post /api/v1/apps/{connector_app_id}/connectors/{connector_id}/delegated",
        "delete /api/v1/apps/{app_id}/connectors/{id}",
        "post /api/v1/apps/connectors/credentials",
        "put /api/v2/apps/{app_id}/connectors/{connector_id}/owners",
        "post /api/v1/apps/{app_id}/connectors/{connector_id}/schedule",
        "post /api/v1/apps/{app_id}/connectors/{connector_id}/pause",
        "post /api/v1/apps/{app_id}/connectors/{connector_id}/resume",
    ] {
        assert!(
            seen.iter().any(|it| it == operation),
            "{operation} was not needed: {seen:#?}"
        );
    }
}

/// Creates, changes and destroys both resources.
async fn live(scene: &Scene) {
    let attributes = BOTH.map(|address| scene.attributes(address));
    scene
        .create(&[(CLOUD, &attributes[0]), (DATA_CENTER, &attributes[1])])
        .await;
    let owners = [scene.emulator.user_id("bob")];
    let changes = json!({"display_name": "Wiki", "description": "x", "owner_ids": owners});
    let [cloud, data_center] = attributes.map(|attributes| with(&attributes, &changes));
    let cloud = with(&cloud, &json!({"username": "other@acme.example"}));
    for enabled in [false, true] {
        let sync = json!({"sync": {"enabled": enabled, "cron": "0 4 * * *"}});
        let [cloud, data_center] = [&cloud, &data_center].map(|it| with(it, &sync));
        scene
            .create(&[(CLOUD, &cloud), (DATA_CENTER, &data_center)])
            .await;
    }
    scene.workspace.destroy().await.succeeded();
}
