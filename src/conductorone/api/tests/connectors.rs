//! Connectors, their owners and their credentials.

use secrecy::ExposeSecret;
use serde_json::json;

use crate::conductorone::test_support::server::{ReceivedRequest, Reply, TestServer, json_reply};
use crate::conductorone::{
    Connector, ConnectorConfig, ConnectorPages, DelegatedUpdate, EntitlementOwner,
    NewDelegatedConnector, SyncStatus, User, UserOwner,
};

/// A connector as the service writes it, with every kind of null.
const SAMPLE: &str = r#"{"connectorView": {"connector": {
    "id": "c1", "appId": "a1", "catalogId": "k1", "displayName": "Confluence v2", "description": null, "userIds": null,
    "config": {"@type": "type.googleapis.com/c1.api.app.v1.EnvConfig", "configuration": {
        "domain-url": {"stringValue": "https://acme.atlassian.net"}, "skip-personal-spaces": {"stringValue": "true"}}},
    "configUpdatedAt": "2026-01-01T00:00:00Z",
    "status": {"status": "SYNC_STATUS_RUNNING", "lastError": "", "startedAt": "2026-01-01T00:00:05Z",
        "completedAt": null, "updatedAt": "2026-01-01T00:00:05Z"},
    "syncDisabledAt": null, "syncDisabledCategory": "", "canResumeSync": false, "connectorSyncCronSchedule": null,
    "syncConfig": null, "oauthAuthorizedAs": null, "connectorApiVersion": 2, "createdAt": "2026-01-01T00:00:00Z",
    "deletedAt": null, "aFieldOfTomorrow": {}}, "appPath": ""}, "expanded": []}"#;

#[tokio::test]
async fn a_connector_with_null_fields_is_decoded() {
    let server = TestServer::start(|_, _| json_reply(SAMPLE)).await;
    let connector = server
        .client()
        .get_connector("a1", "c1")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (connector.display_name.as_str(), connector.user_ids.len()),
        ("Confluence v2", 0)
    );
    assert_eq!(
        connector.config.plain("domain-url"),
        Some("https://acme.atlassian.net")
    );
    assert_eq!(
        connector.status.map(|status| status.status),
        Some(SyncStatus::Running)
    );
}

#[tokio::test]
async fn a_missing_or_deleted_object_is_none() {
    let deleted =
        r#"{"connectorView":{"connector":{"id":"c1","deletedAt":"2026-01-01T00:00:00Z"}}}"#;
    let server = TestServer::start(move |seen, _| match seen.line.as_str() {
        "GET /api/v1/apps/a1/connectors/deleted" => json_reply(deleted),
        line if line.ends_with("/page") => Reply::Send(404, "", "<html>".to_owned()),
        _ => Reply::Send(404, "", r#"{"code":5,"message":"not found"}"#.to_owned()),
    })
    .await;
    let client = server.client();
    assert!(
        client
            .get_connector("a1", "deleted")
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        client
            .get_connector("a1", "absent")
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        client
            .get_credential("a1", "c1", "k1")
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        client.get_connector("a1", "page").await.is_err(),
        "a web page says nothing about a connector"
    );
    client.delete_connector("a1", "absent").await.unwrap();
    client.revoke_credential("a1", "c1", "k1").await.unwrap();
    assert!(client.list_user_owners("a1", "c1").await.unwrap().is_none());
}

#[tokio::test]
async fn updates_name_the_changed_fields() {
    let server = TestServer::start(|_, _| json_reply(SAMPLE)).await;
    let client = server.client();
    let update = DelegatedUpdate {
        display_name: Some("n".to_owned()),
        user_ids: Some(vec![]),
        description: None,
    };
    client
        .update_delegated_connector("a1", "c1", &update)
        .await
        .unwrap();
    client
        .update_delegated_connector("a1", "c1", &DelegatedUpdate::default())
        .await
        .unwrap();
    client
        .update_connector_config("a1", "c1", &ConnectorConfig::default())
        .await
        .unwrap();
    let new = NewDelegatedConnector {
        catalog_id: "k1".to_owned(),
        display_name: "n".to_owned(),
        description: None,
        user_ids: vec!["u1".to_owned()],
    };
    client.create_delegated_connector("a1", &new).await.unwrap();
    let seen = server.seen();
    let lines: Vec<_> = seen.iter().map(|seen| seen.line.as_str()).collect();
    let one = "/api/v1/apps/a1/connectors/c1";
    let expected = [
        format!("POST {one}/delegated"),
        format!("GET {one}"),
        format!("POST {one}"),
        one.replace("/c1", ""),
    ];
    assert!(
        lines
            .iter()
            .zip(expected)
            .all(|(line, expected)| line.ends_with(&expected)),
        "{lines:?}"
    );
    let expected = json!({
        "connector": {"appId": "a1", "id": "c1", "displayName": "n", "userIds": []}, "updateMask": "displayName,userIds"
    });
    assert_eq!(seen.first().map(ReceivedRequest::json), Some(expected));
    assert_eq!(
        seen.get(2)
            .map(ReceivedRequest::json)
            .and_then(|body| body.get("updateMask").cloned()),
        Some(json!("config"))
    );
}

#[tokio::test]
async fn a_list_is_read_to_its_end() {
    let row = |id: &str| json!({"connector": {"id": id}});
    let server = TestServer::start(move |seen, _| {
        let token = if seen.line.contains("page_token=") {
            ""
        } else {
            "p 2"
        };
        json_reply(
            &json!({"list": [row("c1"), {"connector": null}], "nextPageToken": token}).to_string(),
        )
    })
    .await;
    assert_eq!(
        server
            .client()
            .find_connectors("a1", Some)
            .await
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        server.count("GET /api/v1/apps/a1/connectors?page_size=100&page_token=p+2"),
        1
    );
}

#[tokio::test]
async fn owners_and_credentials_are_read_and_written() {
    let server = TestServer::start(|seen, _| match seen.line.split('?').next().unwrap() {
        "GET /api/v2/apps/a1/connectors/c1/owners/users" => {
            json_reply(r#"{"list":[{"roleSlug":"owner","user":{"id":"u1","email":"a@acme.example"}}],"nextPageToken":""}"#)
        }
        "GET /api/v2/apps/a1/connectors/c1/owners/entitlements" => {
            json_reply(r#"{"list":[{"roleSlug":"owner","appEntitlement":{"appId":"a2","id":"e1"}}]}"#)
        }
        "PUT /api/v2/apps/a1/connectors/c1/owners" => json_reply(""),
        "POST /api/v1/apps/connectors/credentials" => json_reply(
            r#"{"credential":{"id":"k1","clientId":"i","clientSecret":"s","expiresTime":null}}"#,
        ),
        _ => json_reply(r#"{"credential":{"id":"k1","clientId":"i","clientSecret":""}}"#),
    })
    .await;
    let client = server.client();
    let users = client.list_user_owners("a1", "c1").await.unwrap();
    assert_eq!(
        users,
        Some(vec![UserOwner {
            role_slug: "owner".to_owned(),
            user: User {
                id: "u1".to_owned(),
                email: Some("a@acme.example".to_owned()),
                ..User::default()
            },
        }])
    );
    let entitlements = client
        .list_entitlement_owners("a1", "c1")
        .await
        .unwrap()
        .unwrap();
    let (role_slug, app_id, id) = ("owner".to_owned(), "a2".to_owned(), "e1".to_owned());
    assert_eq!(
        entitlements,
        [EntitlementOwner {
            role_slug,
            app_id,
            id
        }]
    );
    client
        .set_owners("a1", "c1", "owner", &["u1".to_owned()], &entitlements)
        .await
        .unwrap();
    let expected = json!({
        "roleSlug": "owner", "userRefs": [{"id": "u1"}], "appEntitlementRefs": [{"appId": "a2", "id": "e1"}]
    });
    assert_eq!(
        server.seen().last().map(ReceivedRequest::json),
        Some(expected)
    );
    let issued = client.rotate_credential("a1", "c1").await.unwrap();
    assert_eq!(
        issued
            .client_secret
            .as_ref()
            .map(ExposeSecret::expose_secret),
        Some("s")
    );
    let read = client.get_credential("a1", "c1", "k1").await.unwrap();
    assert!(read.is_some_and(|credential| credential.client_secret.is_none()));
}

#[tokio::test]
async fn connectors_are_listed_page_by_page_and_a_failed_page_again() {
    let server = TestServer::start(|seen, count| match seen.line.as_str() {
        "GET /api/v1/apps/a1/connectors?page_size=100" => json_reply(
            r#"{"list": [{"connector": {"id": "c1"}}, {"connector": {"id": "c2", "displayName": "Wiki"}},
                {"connector": {"id": "c3", "deletedAt": "2026-01-01T00:00:00Z"}}, {"connector": {}}], "nextPageToken": "p"}"#,
        ),
        "GET /api/v1/apps/a1/connectors?page_size=100&page_token=p" if count == 2 => {
            json_reply(r#"{"list": [{"connector": {"id": "c4"}}]}"#)
        }
        _ => Reply::Send(403, "", "{}".to_owned()),
    })
    .await;
    let (client, mut pages) = (server.client(), ConnectorPages::default());
    let ids = |connectors: Vec<Connector>| -> Vec<_> {
        connectors
            .into_iter()
            .map(|connector| connector.id)
            .collect()
    };
    let is_unnamed = |connector: &Connector| connector.display_name.is_empty();
    let page = client.next_connectors("a1", &mut pages, is_unnamed).await;
    assert_eq!(ids(page.unwrap()), ["c1"]);
    let size = pages.size();
    assert!(size > 0 && !pages.is_over());
    let refused = client.next_connectors("a1", &mut pages, is_unnamed).await;
    assert_eq!(refused.unwrap_err().status(), Some(403));
    assert_eq!((pages.size(), pages.is_over()), (size, false));
    let page = client.next_connectors("a1", &mut pages, is_unnamed).await;
    assert_eq!(ids(page.unwrap()), ["c4"]);
    assert!(pages.size() > size && pages.is_over());
}
