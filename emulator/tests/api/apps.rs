//! Apps, their owners, and discovered apps over HTTP.

use crate::support::{Tenant, full_config};
use conductorone_emulator::{DeletedAnswer, V2};
use serde_json::{Value, json};

#[tokio::test]
async fn owners_of_an_app_are_replaced() {
    let tenant = &Tenant::start().await;
    let [alice, me] = ["alice", "terraform"].map(|name| tenant.emulator.user_id(name));
    let app = |id: &str| format!("/api/v1/apps/{id}");
    let ids = |app: String| async move { tenant.get(&format!("{app}/ownerids")).await };
    let set = |app: String, ids: Value| {
        let body = Some(json!({"userIds": ids}));
        async move { tenant.send("PUT", &format!("{app}/owners"), body).await }
    };
    let now = app(&tenant.emulator.app_id());
    let [owned_by_me, owned_by_alice] = [&me, &alice].map(|id| (200, json!({"userIds": [id]})));
    assert_eq!(ids(now.clone()).await, owned_by_me);
    assert_eq!(set(now.clone(), json!([alice])).await, (200, json!({})));
    assert_eq!(ids(now.clone()).await, owned_by_alice);
    assert_eq!(set(now.clone(), json!([""])).await.0, 400);
    assert_eq!(set(now, json!(["nobody"])).await.0, 404);

    let later = app(&tenant.emulator.other_app_id());
    tenant.switch(|it| it.owner_delay_ms = 60_000);
    assert_eq!(set(later.clone(), json!([alice])).await, (200, json!({})));
    assert_eq!(ids(later).await, owned_by_me);

    let nowhere = app("nowhere");
    assert_eq!(ids(nowhere.clone()).await, (200, json!({"userIds": []})));
    assert_eq!(set(nowhere, json!([alice])).await.0, 404);
}

#[tokio::test]
async fn a_discovered_app_is_promoted_once() {
    let tenant = Tenant::start().await;
    let directory = tenant.emulator.directory_app_id();
    let bindings =
        format!("/api/v1/apps/{directory}/resource_types/application/managed_state_bindings");
    let (_, answer) = tenant.get(&bindings).await;
    let binding = &answer["list"][0]["appManagementStateBinding"];
    assert_eq!(binding["state"], json!({"unmanaged": {}}));
    let resource_id = binding["resourceId"].as_str().unwrap();
    let one = format!("{bindings}/{resource_id}");
    let (_, read) = tenant.get(&one).await;
    assert_eq!(
        &read["appManagementState"]["appManagementStateBinding"],
        binding
    );
    assert_eq!(tenant.get(&format!("{bindings}/nothing")).await.0, 404);
    let promote = format!("{one}/promote");
    let alice = tenant.emulator.user_id("alice");
    let nobody = json!({"userIds": ["nobody"]});
    assert_eq!(tenant.post(&promote, nobody).await.0, 400);
    let body = json!({"userIds": [alice]});
    let (_, answer) = tenant.post(&promote, body).await;
    assert_eq!(tenant.get(&one).await.1, answer);
    let state = &answer["appManagementState"]["appManagementStateBinding"]["state"];
    let app = state["managed"]["appId"].as_str().unwrap();
    let owners = tenant.get(&format!("/api/v1/apps/{app}/ownerids")).await.1;
    assert_eq!(owners, json!({"userIds": [alice]}));
    assert_eq!(
        tenant.get(&format!("/api/v1/apps/{app}")).await.1["app"]["displayName"],
        "Confluence Cloud"
    );
    assert_eq!(tenant.send("POST", &promote, None).await.0, 409);
}

#[tokio::test]
async fn deleting_an_app_deletes_its_connectors() {
    let tenant = Tenant::start().await;
    let id = tenant.create_id(V2, full_config()).await;
    let app = format!("/api/v1/apps/{}", tenant.emulator.app_id());
    assert_eq!(
        tenant.send("DELETE", &app, Some(json!({}))).await,
        (200, json!({}))
    );
    assert_eq!(tenant.get(&app).await.0, 404);
    assert!(tenant.emulator.connectors()[0].is_deleted());
    let connector = format!("{app}/connectors/{id}");
    assert_eq!(tenant.get(&connector).await.0, 404);
    tenant.switch(|it| it.deleted_answer = DeletedAnswer::DeletedAt);
    let (status, answer) = tenant.get(&connector).await;
    assert_eq!(status, 200);
    assert!(answer["connectorView"]["connector"]["deletedAt"].is_string());
}

#[tokio::test]
async fn app_annotations_merge() {
    let tenant = Tenant::start().await;
    let body = json!({"displayName": "A", "annotations": {"managed_by": "terraform", "team": "x"}});
    let (_, created) = tenant.post("/api/v1/apps", body).await;
    let path = format!("/api/v1/apps/{}", created["app"]["id"].as_str().unwrap());
    let update = |annotations: Value| {
        let body = json!({"app": {"annotations": annotations}, "updateMask": "annotations"});
        async { tenant.post(&path, body).await }
    };
    let (_, updated) = update(json!({"team": "", "a": "b"})).await;
    assert_eq!(
        updated["app"]["annotations"],
        json!({"managed_by": "terraform", "a": "b"})
    );
    assert_eq!(updated["app"]["userCount"], "0");
    assert_eq!(update(json!({"c1/x": "y"})).await.0, 400);
    assert_eq!(tenant.post("/api/v1/apps", json!({})).await.0, 400);
    let (_, found) = tenant
        .post("/api/v1/search/apps", json!({"displayName": "JIR"}))
        .await;
    assert_eq!(found["list"][0]["displayName"], "Jira");
}

#[tokio::test]
async fn a_mask_decides_what_an_update_of_an_app_writes() {
    let tenant = &Tenant::start().await;
    let path = format!("/api/v1/apps/{}", tenant.emulator.app_id());
    let update = |body: Value| {
        let path = path.clone();
        async move { tenant.post(&path, body).await }
    };
    let body =
        json!({"app": {"displayName": "n", "description": "d"}, "updateMask": "description"});
    let (_, answer) = update(body).await;
    assert_eq!(answer["app"]["displayName"], "Confluence");
    assert_eq!(answer["app"]["description"], "d");
    let (_, answer) = update(json!({"app": {}, "updateMask": "description"})).await;
    assert_eq!(answer["app"]["description"], "");
    for body in [
        json!({"app": {}, "updateMask": "displayName"}),
        json!({"app": {"displayName": "n"}, "updateMask": "display_name"}),
        json!({"app": {"id": "another"}, "updateMask": "description"}),
        json!({"app": {"userCount": "1"}, "updateMask": "userCount"}),
    ] {
        assert_eq!(update(body.clone()).await.0, 400, "{body}");
    }
}
