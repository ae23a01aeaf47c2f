//! Owners of connectors, and the catalog over HTTP.

use crate::support::{Tenant, config, full_config};
use conductorone_emulator::{BATON, ListOrder, OwnersApi, V1, V2};
use serde_json::json;

#[tokio::test]
async fn owners_show_late_and_in_any_order() {
    let tenant = Tenant::start().await;
    let id = tenant.create_id(V2, full_config()).await;
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(|name| tenant.emulator.user_id(name));
    let path = format!(
        "/api/v2/apps/{}/connectors/{id}/owners",
        tenant.emulator.app_id()
    );
    let refs: Vec<_> = [&alice, &bob, &carol].map(|id| json!({"id": id})).into();
    let shown = || async {
        let (_, answer) = tenant.get(&format!("{path}/users?role_slug=owner")).await;
        let rows = answer["list"].as_array().unwrap().clone();
        rows.iter()
            .map(|row| row["user"]["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };

    assert_eq!(
        shown().await,
        [tenant.emulator.user_id("terraform")],
        "the creator owns it"
    );
    tenant.switch(|switches| switches.owner_delay_ms = 300);
    let body = json!({"roleSlug": "owner", "userRefs": refs});
    assert_eq!(tenant.send("PUT", &path, Some(body)).await.0, 200);
    assert_eq!(shown().await.len(), 1);
    tokio::time::sleep(std::time::Duration::from_millis(320)).await;
    assert_eq!(shown().await, [&alice, &bob, &carol].map(Clone::clone));

    tenant.switch(|switches| switches.list_order = ListOrder::Reversed);
    assert_eq!(shown().await, [&carol, &bob, &alice].map(Clone::clone));
    tenant.switch(|switches| switches.list_order = ListOrder::Rotated);
    assert_ne!(shown().await, shown().await);
    tenant.switch(|switches| switches.owners_api = OwnersApi::Absent);
    assert_eq!(tenant.get(&format!("{path}/users")).await.0, 404);
    tenant.switch(|switches| switches.echo_user_ids = true);
    assert_eq!(
        tenant.connector(&id).await["userIds"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[tokio::test]
async fn entitlements_own_connectors_too() {
    let tenant = Tenant::start().await;
    let id = tenant.create_id(BATON, config(&[])).await;
    let app_id = tenant.emulator.app_id();
    let path = format!("/api/v2/apps/{app_id}/connectors/{id}/owners");
    let set = |body| tenant.send("PUT", &path, Some(body));
    let entitlement = json!({"appId": app_id, "id": "e"});
    let body = json!({"roleSlug": "reviewer", "appEntitlementRefs": [entitlement]});
    assert_eq!(set(body).await, (200, json!({})));
    let (_, answer) = tenant.get(&format!("{path}/entitlements")).await;
    let row = &answer["list"][0];
    assert_eq!(
        (&row["appEntitlement"]["id"], &row["roleSlug"]),
        (&json!("e"), &json!("reviewer"))
    );
    let nobody = json!({"roleSlug": "owner", "userRefs": [{"id": "nobody"}]});
    assert_eq!(set(nobody).await.0, 404);
    let without_role = json!({"userRefs": []});
    assert_eq!(set(without_role).await.0, 400, "a role is required");
}

#[tokio::test]
async fn the_catalog_describes_its_settings() {
    let tenant = Tenant::start().await;
    let schema = |id: &str| {
        let body = json!({"catalogId": id});
        async { tenant.post("/api/v1/connectorcatalog", body).await }
    };
    let (_, v2) = schema(V2).await;
    let fields = v2["formSchema"]["fields"].as_array().unwrap();
    assert_eq!(fields.len(), 4);
    assert_eq!(fields[2]["stringField"]["passwordField"], json!({}));
    assert_eq!(
        fields[3]["boolField"],
        json!({"defaultValue": true, "rules": null, "checkboxField": {}})
    );
    assert_eq!(schema("nonsense").await.0, 404);

    let form =
        json!({"id": V2, "fields": [{"name": "region", "required": true, "stringField": {}}]});
    let other = json!({"schema": null, "formSchema": form});
    let switches = json!({"configurationSchemas": {V2: other}});
    tenant
        .send("PUT", "/_emulator/switches", Some(switches))
        .await;
    assert_eq!(schema(V2).await, (200, other));
    assert_eq!(schema(V1).await.1["formSchema"]["id"], V1);
    tenant.create(V2, full_config()).await;
    tenant.switch(|switches| switches.configuration_schemas.clear());
    assert_eq!(schema(V2).await.1, v2);
}
