//! Connectors over HTTP: the format of responses, and refused requests.

use crate::support::{BATON, Tenant, V1, V2, config, full_config};
use conductorone_emulator::{ConfigMode, SecretEcho};
use serde_json::{Value, json};

#[tokio::test]
async fn a_fresh_connector_has_every_field() {
    let tenant = Tenant::start().await;
    tenant
        .emulator
        .switch(|switches| switches.sync_duration_ms = 60_000);
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
    let create = |body: Value| tenant.post("connectors/create", body);
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
    assert_eq!(
        create(json!({"catalogId": V2, "config": full_config(), "userIds": [alice]}))
            .await
            .0,
        200
    );
    let delegated = json!({"catalogId": V2, "config": full_config()});
    assert_eq!(tenant.post("connectors", delegated).await.0, 400);
}

#[tokio::test]
async fn a_mask_decides_what_an_update_writes() {
    let tenant = Tenant::start().await;
    let id = tenant.create_id(V2, full_config()).await;
    let update = |body: Value| tenant.post_owned(format!("connectors/{id}/delegated"), body);

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
    let update = |pairs: &[(&str, &str)]| {
        let body = json!({"connector": {"config": config(pairs)}, "updateMask": "config"});
        tenant.post_owned(format!("connectors/{id}"), body)
    };
    let before = stored().config_updated_at;

    let (_, answer) = update(&[("username", "v")]).await;
    let shown = &answer["connectorView"]["connector"]["config"]["configuration"];
    assert_eq!(shown["username"], json!({"stringValue": "v"}));
    assert_eq!(shown.get("api-key"), None);
    assert_eq!(
        stored().config.get("api-key").map(String::as_str),
        Some("k")
    );
    let after = stored().config_updated_at;
    assert!(after > before);

    tenant
        .post_owned(
            format!("connectors/{id}"),
            json!({"connector": {"displayName": "n"}}),
        )
        .await;
    assert_eq!(stored().config_updated_at, after, "a name is no setting");
    assert_eq!(update(&[("skip-personal-spaces", "perhaps")]).await.0, 400);

    update(&[("api-key", "")]).await;
    assert_eq!(stored().config.get("api-key"), None);
    assert_eq!(
        stored().syncs.last().unwrap().error.as_deref(),
        Some("credential re-entry required: api-key")
    );

    tenant
        .emulator
        .switch(|switches| switches.config_mode = ConfigMode::Replace);
    assert_eq!(
        update(&[("username", "v")]).await.0,
        400,
        "the domain is required"
    );
}

#[tokio::test]
async fn secrets_can_be_shown_empty_or_masked() {
    let tenant = Tenant::start().await;
    let id = tenant.create_id(V2, full_config()).await;
    for (echo, expected) in [(SecretEcho::Empty, ""), (SecretEcho::Masked, "********")] {
        tenant
            .emulator
            .switch(|switches| switches.secret_echo = echo);
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
    tenant
        .emulator
        .delete_connector(&tenant.emulator.connectors()[0].id);
    let path = format!("/api/v1/apps/{}/connectors", tenant.emulator.app_id());
    let (_, first) = tenant.get(&format!("{path}?page_size=1")).await;
    assert_eq!(first["list"].as_array().unwrap().len(), 10);
    let token = first["nextPageToken"].as_str().unwrap();
    let (_, last) = tenant
        .get(&format!("{path}?page_size=10&page_token={token}"))
        .await;
    assert_eq!(
        (
            last["list"].as_array().unwrap().len(),
            &last["nextPageToken"]
        ),
        (1, &json!(""))
    );
    assert_eq!(
        tenant.get(&format!("{path}?page_token=nonsense")).await.0,
        400
    );
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
        async {
            tenant
                .send("POST", "/api/v1/apps/connectors/credentials", Some(body))
                .await
        }
    };
    let (_, answer) = rotate(&id).await;
    let credential = &answer["credential"];
    assert!(
        credential["clientSecret"]
            .as_str()
            .unwrap()
            .starts_with("secret-token:conductorone.com:v1:")
    );
    assert!(
        credential["clientId"]
            .as_str()
            .unwrap()
            .ends_with("@127.0.0.1/ccc")
    );
    assert_eq!(credential["expiresTime"], Value::Null);

    let path = format!(
        "/api/v1/apps/{app}/connectors/{id}/credentials/{}",
        credential["id"].as_str().unwrap()
    );
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
    tenant
        .emulator
        .switch(|switches| switches.sync_duration_ms = 0);
    let id = tenant.create_id(V2, full_config()).await;
    let act = |what: &str| tenant.post_owned(format!("connectors/{id}/{what}"), json!({}));
    assert_eq!(
        tenant.connector(&id).await["status"]["status"],
        "SYNC_STATUS_DONE"
    );
    act("pause").await;
    let paused = tenant.connector(&id).await;
    assert_eq!(paused["status"]["status"], "SYNC_STATUS_DISABLED");
    assert!(paused["syncDisabledAt"].is_string());
    assert_eq!(act("force_sync").await.1["code"], 9);
    tenant
        .emulator
        .switch(|switches| switches.sync_error = Some("no such site".to_owned()));
    act("resume").await;
    assert_eq!(
        tenant.connector(&id).await["status"]["lastError"],
        "no such site"
    );
    let schedule = json!({"cron": {"cronSpec": "0 4 * * *", "timezone": "Europe/Berlin"}});
    assert_eq!(
        tenant
            .post_owned(format!("connectors/{id}/schedule"), schedule)
            .await
            .0,
        200
    );
    assert_eq!(
        tenant.connector(&id).await["connectorSyncCronSchedule"]["timezone"],
        "Europe/Berlin"
    );
    for refused in [
        json!({}),
        json!({"cron": {"cronSpec": "hourly", "timezone": "UTC"}}),
        json!({"cron": {"cronSpec": "0 4 * * *", "timezone": "a b"}}),
    ] {
        let (status, _) = tenant
            .post_owned(format!("connectors/{id}/schedule"), refused.clone())
            .await;
        assert_eq!(status, 400, "{refused}");
    }
    for action in ["pause", "resume", "force_sync"] {
        let path = format!("connectors/nothing/{action}");
        assert_eq!(tenant.post_owned(path, json!({})).await.0, 404, "{action}");
    }
}
