//! Connectors over HTTP: the format of responses, and refused requests.

use crate::support::{Tenant, config, full_config};
use conductorone_emulator::{BATON, ConfigMode, SecretEcho, StoredConnector, V1, V2};
use serde_json::{Value, json};

#[tokio::test]
async fn a_fresh_connector_has_every_field() {
    let tenant = Tenant::start().await;
    tenant.switch(|switches| switches.sync_duration_ms = 60_000);
    let connector = tenant.create(V2, full_config()).await;
    for (name, expected) in [
        ("displayName", json!("Confluence v2")),
        ("description", json!("")),
        ("userIds", json!([])),
        (
            "config",
            config(&[
                ("domain-url", "https://acme.atlassian.net"),
                ("username", "u"),
            ]),
        ),
        ("syncDisabledAt", Value::Null),
        ("disableCheckBadSync", json!(false)),
        ("connectorSyncCronSchedule", Value::Null),
        ("syncConfig", Value::Null),
        ("profileAllowList", json!([])),
        ("connectorApiVersion", json!(2)),
        ("deletedAt", Value::Null),
    ] {
        assert_eq!(connector.get(name), Some(&expected), "{name}");
    }
    assert_eq!(connector["status"]["status"], "SYNC_STATUS_RUNNING");
    assert_eq!(connector["status"]["completedAt"], Value::Null);
    assert_eq!(connector.get("parallelSyncWorkerCount"), None);
    assert_eq!(connector.as_object().unwrap().len(), 24);
}

#[tokio::test]
async fn requests_that_the_contract_does_not_allow_are_refused() {
    let tenant = Tenant::start().await;
    let alice = tenant.emulator.user_id("alice");
    let create = |body: Value| tenant.act("/create", body);
    for body in [
        json!({"catalogId": V2, "config": full_config(), "displayName": "x"}),
        json!({"catalogId": "nonsense", "config": full_config()}),
        json!({"catalogId": V2}),
        json!({"catalogId": V2, "config": config(&[("domain-url", "a"), ("username", "u")])}),
        json!({"catalogId": V2, "config": config(&[("nonsense", "a")])}),
        json!({"catalogId": V2, "config": {"configuration": {}}}),
        json!({"catalogId": V1, "config": config(&[("confluence_domain", "a")])}),
        json!({"catalogId": V2, "config": full_config(), "userIds": [""]}),
        json!({"catalogId": V2, "config": full_config(), "userIds": ["nobody"]}),
    ] {
        let (status, answer) = create(body.clone()).await;
        assert_eq!(
            (status, &answer["code"]),
            (400, &json!(3)),
            "{body}: {answer}"
        );
    }
    let owned = json!({"catalogId": V2, "config": full_config(), "userIds": [alice]});
    assert_eq!(create(owned).await.0, 200);
    let delegated = json!({"catalogId": V2, "config": full_config()});
    assert_eq!(tenant.act("", delegated).await.0, 400);
}

#[tokio::test]
async fn a_mask_decides_what_an_update_writes() {
    let tenant = Tenant::start().await;
    let id = tenant.create_id(V2, full_config()).await;
    let path = format!("/{id}/delegated");
    let update = |body: Value| tenant.act(&path, body);

    let (_, answer) = update(json!({"connector": {"displayName": "A", "description": "B"}})).await;
    assert_eq!(answer["connectorView"]["connector"]["description"], "B");
    let (_, answer) =
        update(json!({"connector": {"displayName": "C"}, "updateMask": "description"})).await;
    let connector = &answer["connectorView"]["connector"];
    assert_eq!(
        (&connector["displayName"], &connector["description"]),
        (&json!("A"), &json!(""))
    );

    let other = tenant.emulator.other_app_id();
    for body in [
        json!({"connector": {}, "updateMask": "display_name"}),
        json!({"connector": {}, "updateMask": "createdAt"}),
        json!({"connector": {}, "updateMask": "nonsense"}),
        json!({"connector": {"nonsense": 1}}),
        json!({"connector": {"appId": other, "displayName": "x"}}),
        json!({"connector": {"catalogId": V1, "displayName": "x"}}),
    ] {
        assert_eq!(update(body.clone()).await.0, 400, "{body}");
    }
}

#[tokio::test]
async fn a_config_update_merges_or_replaces() {
    let tenant = Tenant::start().await;
    let id = tenant.create_id(V2, full_config()).await;
    let stored = || tenant.emulator.connectors().remove(0);
    let path = format!("/{id}");
    let update = |pairs: &[(&str, &str)]| {
        let body = json!({"connector": {"config": config(pairs)}, "updateMask": "config"});
        tenant.act(&path, body)
    };
    let before = stored().config_updated_at;

    let (_, answer) = update(&[("username", "v")]).await;
    let shown = &answer["connectorView"]["connector"]["config"]["configuration"];
    assert_eq!(shown["username"], json!({"stringValue": "v"}));
    assert_eq!(shown.get("api-key"), None);
    assert_eq!(stored().config["api-key"], "k");
    let after = stored().config_updated_at;
    assert!(after > before);

    let name = json!({"connector": {"displayName": "n"}});
    tenant.act(&path, name).await;
    assert_eq!(stored().config_updated_at, after, "a name is no setting");
    assert_eq!(update(&[("skip-personal-spaces", "perhaps")]).await.0, 400);

    update(&[("api-key", "")]).await;
    assert_eq!(stored().config.get("api-key"), None);
    let error = stored().syncs.last().unwrap().error.clone();
    assert_eq!(error.unwrap(), "credential re-entry required: api-key");

    tenant.switch(|switches| switches.config_mode = ConfigMode::Replace);
    let refused = update(&[("username", "v")]).await.0;
    assert_eq!(refused, 400, "the domain is required");
}

#[tokio::test]
async fn secrets_can_be_shown_empty_or_masked() {
    let tenant = Tenant::start().await;
    let id = tenant.create_id(V2, full_config()).await;
    for (echo, expected) in [(SecretEcho::Empty, ""), (SecretEcho::Masked, "********")] {
        tenant.switch(|switches| switches.secret_echo = echo);
        let connector = tenant.connector(&id).await;
        assert_eq!(
            connector["config"]["configuration"]["api-key"],
            json!({"stringValue": expected})
        );
    }
}

#[tokio::test]
async fn a_list_comes_in_pages_without_deleted_ones() {
    let tenant = Tenant::start().await;
    for _ in 0..12 {
        tenant.create_id(BATON, config(&[])).await;
    }
    let first = &tenant.emulator.connectors()[0].id;
    tenant.emulator.delete_connector(first);
    let path = format!("/api/v1/apps/{}/connectors", tenant.emulator.app_id());
    let (_, first) = tenant.get(&format!("{path}?page_size=1")).await;
    assert_eq!(first["list"].as_array().unwrap().len(), 10);
    let token = first["nextPageToken"].as_str().unwrap();
    let last = format!("{path}?page_size=10&page_token={token}");
    let (_, last) = tenant.get(&last).await;
    assert_eq!(last["list"].as_array().unwrap().len(), 1);
    assert_eq!(last["nextPageToken"], "");
    let nonsense = format!("{path}?page_token=nonsense");
    assert_eq!(tenant.get(&nonsense).await.0, 400);
    let (status, answer) = tenant.get("/api/v1/apps/nonsense/connectors").await;
    assert_eq!((status, &answer["code"]), (404, &json!(5)));
}

#[tokio::test]
async fn credentials_live_until_they_are_revoked() {
    let tenant = Tenant::start().await;
    let app = tenant.emulator.app_id();
    let id = tenant.create_id(BATON, config(&[])).await;
    let rotate = |id: &str| {
        let body = json!({"appId": app, "connectorId": id});
        tenant.post("/api/v1/apps/connectors/credentials", body)
    };
    let (_, answer) = rotate(&id).await;
    let credential = &answer["credential"];
    let [credential_id, secret, client_id] =
        ["id", "clientSecret", "clientId"].map(|it| credential[it].as_str().unwrap());
    assert!(secret.starts_with("secret-token:conductorone.com:v1:"));
    assert!(client_id.ends_with("@127.0.0.1/ccc"));
    assert_eq!(credential["expiresTime"], Value::Null);

    let path = format!("/api/v1/apps/{app}/connectors/{id}/credentials/{credential_id}");
    assert_eq!(tenant.get(&path).await.1["credential"]["clientSecret"], "");
    assert_eq!(tenant.send("POST", &path, None).await, (200, json!({})));
    assert_eq!(tenant.get(&path).await.0, 404);

    let hosted = tenant.create_id(V2, full_config()).await;
    let (status, answer) = rotate(&hosted).await;
    assert_eq!((status, &answer["code"]), (400, &json!(9)));
}

#[tokio::test]
async fn a_pause_stops_syncs() {
    let tenant = Tenant::start().await;
    tenant.switch(|switches| switches.sync_duration_ms = 0);
    let id = tenant.create_id(V2, full_config()).await;
    let act = async |what: &str, body: Value| tenant.act(&format!("/{id}/{what}"), body).await;
    let status = async || tenant.connector(&id).await["status"].clone();
    assert_eq!(status().await["status"], "SYNC_STATUS_DONE");
    act("pause", json!({})).await;
    assert_eq!(status().await["status"], "SYNC_STATUS_DISABLED");
    assert!(tenant.connector(&id).await["syncDisabledAt"].is_string());
    assert_eq!(act("force_sync", json!({})).await.1["code"], 9);
    tenant.switch(|it| it.sync_error = Some("no such site".to_owned()));
    act("resume", json!({})).await;
    assert_eq!(status().await["lastError"], "no such site");
    let schedule = json!({"cron": {"cronSpec": "0 4 * * *", "timezone": "Europe/Berlin"}});
    assert_eq!(act("schedule", schedule).await.0, 200);
    let stored = &tenant.connector(&id).await["connectorSyncCronSchedule"];
    assert_eq!(stored["timezone"], "Europe/Berlin");
    for refused in [
        json!({}),
        json!({"cron": {"cronSpec": "hourly", "timezone": "UTC"}}),
        json!({"cron": {"cronSpec": "0 4 * * *", "timezone": "a b"}}),
    ] {
        let (status, _) = act("schedule", refused.clone()).await;
        assert_eq!(status, 400, "{refused}");
    }
    for action in ["/nothing/pause", "/nothing/resume", "/nothing/force_sync"] {
        assert_eq!(tenant.act(action, json!({})).await.0, 404, "{action}");
    }
}

#[tokio::test]
async fn a_confirmation_ends_a_stop_by_the_data_drop_check() {
    let tenant = Tenant::start().await;
    let id = tenant.create_id(V2, full_config()).await;
    let mut sync = String::new();
    let stop = |connector: &mut StoredConnector| sync = connector.stop_sync();
    tenant.emulator.edit_connector(&id, stop);
    assert!(tenant.connector(&id).await["syncDisabledAt"].is_string());
    let confirm = async |sync: &str| {
        let path = format!("/{id}/confirm_sync_valid/{sync}");
        tenant.act(&path, json!({})).await.0
    };
    assert_eq!(confirm("another").await, 404);
    for _ in 0..2 {
        assert_eq!(confirm(&sync).await, 200);
        assert!(tenant.connector(&id).await["syncDisabledAt"].is_null());
    }
}
