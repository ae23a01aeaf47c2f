//! What connectors have brought, over HTTP.

use conductorone_emulator::BATON;
use serde_json::{Value, json};

use crate::support::Tenant;

/// Returns the rows of a list of the app.
async fn rows(tenant: &Tenant, path: &str) -> Vec<Value> {
    let path = format!("/api/v1/apps/{}/{path}", tenant.emulator.app_id());
    let (status, answer) = tenant.get(&path).await;
    assert_eq!(
        (status, &answer["nextPageToken"]),
        (200, &json!("")),
        "{path}"
    );
    answer["list"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_connector_brings_data_with_its_first_successful_sync() {
    let tenant = Tenant::start().await;
    tenant.switch(|switches| switches.sync_duration_ms = 0);
    let id = tenant
        .emulator
        .add_connector(&tenant.emulator.app_id(), BATON);
    let id = id.unwrap();
    let lists = ["app_users", "entitlements", "resource_types"];
    for error in [None, Some("no")] {
        if let Some(error) = error {
            assert!(tenant.emulator.sync_connector(&id, Some(error)));
        }
        for list in lists {
            assert_eq!(rows(&tenant, list).await, Vec::<Value>::new(), "{list}");
        }
    }
    assert!(tenant.emulator.sync_connector(&id, None));
    let counts = [4, 5, 2];
    for (list, count) in lists.into_iter().zip(counts) {
        assert_eq!(rows(&tenant, list).await.len(), count, "{list}");
    }
    let entitlement = &rows(&tenant, "entitlements").await[0]["appEntitlement"];
    assert!(
        entitlement["sourceConnectorIds"][&id].is_string(),
        "{entitlement}"
    );
    assert_eq!(
        rows(&tenant, "resource_types/group/resources").await.len(),
        2
    );
    assert_eq!(
        rows(&tenant, "resource_types/space/resources").await.len(),
        3
    );
    let app_id = tenant.emulator.app_id();
    let nowhere = format!("/api/v1/apps/{app_id}/resource_types/page/resources");
    assert_eq!(tenant.get(&nowhere).await.0, 404);
    let nowhere = format!("/api/v1/apps/{}/app_users", tenant.emulator.unused_id());
    assert_eq!(tenant.get(&nowhere).await.0, 404);

    tenant.switch(|switches| {
        switches.synced_deleted = true;
        switches.synced_accounts = 9;
    });
    let accounts = rows(&tenant, "app_users").await;
    let deleted = |it: &&Value| it["appUser"]["deletedAt"].is_string();
    assert_eq!(
        (accounts.len(), accounts.iter().filter(deleted).count()),
        (10, 1)
    );
    tenant.emulator.delete_connector(&id);
    assert_eq!(rows(&tenant, "app_users").await, Vec::<Value>::new());
}
