//! Tokens, and the calls as they look on the wire.

use std::sync::atomic::{AtomicUsize, Ordering};

use secrecy::ExposeSecret;
use serde_json::json;

use crate::conductorone::test_support::server::{
    ReceivedRequest, Reply, TestServer, json as answer, status,
};
use crate::conductorone::{
    Cause, ConnectorConfig, DelegatedUpdate, EntitlementOwner, NewDelegatedConnector, SyncStatus,
    User, UserOwner,
};

const TOKEN: &str = "POST /auth/v1/token";

/// The contract's sample of a fresh, configured connector, with every kind of null.
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

fn token_answer(token: usize) -> Reply {
    answer(
        &json!({"access_token": format!("t{token}"), "token_type": "Bearer", "expires_in": 600})
            .to_string(),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_token_for_any_number_of_calls() {
    let server = TestServer::start(|seen, _| {
        if seen.line == TOKEN {
            token_answer(1)
        } else {
            answer(SAMPLE)
        }
    })
    .await;
    let client = server.client_with_exchange();
    assert!(server.seen().is_empty(), "making a client makes no request");
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get_connector("a1", "c1").await })
        })
        .collect();
    for call in calls {
        assert!(call.await.unwrap().unwrap().is_some());
    }
    assert_eq!((server.count(TOKEN), server.count("GET ")), (1, 50));
    let seen = server.seen();
    assert!(
        seen.iter()
            .skip(1)
            .all(|seen| seen.authorization.as_deref() == Some("Bearer t1"))
    );
    let form = seen.first().map(|seen| seen.body.clone()).unwrap();
    assert!(
        form.contains("subject_token=external-token&")
            && form.contains("client_id=ci%40127.0.0.1%2Fwfe")
    );
}

#[tokio::test]
async fn refused_credentials_are_tried_once_for_all_who_wait() {
    let server =
        TestServer::start(|_, _| Reply::Send(401, "", r#"{"error":"invalid_client"}"#.to_owned()))
            .await;
    let client = server.client_with_exchange();
    let (a, b, c) = tokio::join!(
        client.get_connector("a1", "1"),
        client.get_connector("a1", "2"),
        client.get_connector("a1", "3")
    );
    for error in [a.unwrap_err(), b.unwrap_err(), c.unwrap_err()] {
        assert!(
            matches!(
                error.cause(),
                Some(Cause::CredentialsRefused { status: 401, .. })
            ),
            "{error:?}"
        );
        assert!(
            error
                .to_string()
                .ends_with("the credentials were refused: HTTP 401 Unauthorized: invalid_client")
        );
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let issued = AtomicUsize::new(0);
    let server = TestServer::start(move |seen, _| match seen.authorization.as_deref() {
        None => token_answer(issued.fetch_add(1, Ordering::SeqCst)),
        Some("Bearer t0") => status(401),
        Some(_) if seen.line.ends_with("/never") => status(401),
        Some(_) => answer(SAMPLE),
    })
    .await;
    let client = server.client_with_exchange();
    assert!(client.get_connector("a1", "c1").await.unwrap().is_some());
    assert_eq!((server.count(TOKEN), server.count("GET ")), (2, 2));
    assert_eq!(
        client
            .get_connector("a1", "never")
            .await
            .unwrap_err()
            .status(),
        Some(401)
    );
    assert_eq!((server.count(TOKEN), server.count("GET ")), (3, 4));
}

#[tokio::test]
async fn a_given_token_is_not_renewed() {
    let server = TestServer::start(|_, _| status(401)).await;
    assert_eq!(
        server
            .client()
            .get_connector("a1", "c1")
            .await
            .unwrap_err()
            .status(),
        Some(401)
    );
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_token_that_needs_proofs_is_refused() {
    let server =
        TestServer::start(|_, _| answer(r#"{"access_token":"t","token_type":"DPoP"}"#)).await;
    let error = server
        .client_with_exchange()
        .get_connector("a1", "c1")
        .await
        .unwrap_err();
    assert_eq!(error.cause(), Some(&Cause::TokenType("DPoP".into())));
}

#[tokio::test]
async fn a_connector_is_decoded_whatever_is_null() {
    let server = TestServer::start(|_, _| answer(SAMPLE)).await;
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
async fn gone_is_gone() {
    let deleted =
        r#"{"connectorView":{"connector":{"id":"c1","deletedAt":"2026-01-01T00:00:00Z"}}}"#;
    let server = TestServer::start(move |seen, _| match seen.line.as_str() {
        "GET /api/v1/apps/a1/connectors/deleted" => answer(deleted),
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
async fn updates_name_exactly_what_they_change() {
    let server = TestServer::start(|_, _| answer(SAMPLE)).await;
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
async fn lists_are_read_to_the_end_but_not_for_ever() {
    let row = |id: &str| json!({"connector": {"id": id}});
    let server = TestServer::start(move |seen, _| {
        let token = if seen.line.contains("/circle/") || !seen.line.contains("page_token=") {
            "p 2"
        } else {
            ""
        };
        answer(
            &json!({"list": [row("c1"), {"connector": null}], "nextPageToken": token}).to_string(),
        )
    })
    .await;
    assert_eq!(
        server.client().list_connectors("a1").await.unwrap().len(),
        2
    );
    assert_eq!(
        server.count("GET /api/v1/apps/a1/connectors?page_size=100&page_token=p+2"),
        1
    );
    let error = server.client().list_connectors("circle").await.unwrap_err();
    assert!(
        matches!(error.cause(), Some(Cause::Unexpected { .. })),
        "{error:?}"
    );
}

#[tokio::test]
async fn owners_and_credentials() {
    let server = TestServer::start(|seen, _| match seen.line.split('?').next().unwrap() {
        "GET /api/v2/apps/a1/connectors/c1/owners/users" => {
            answer(r#"{"list":[{"roleSlug":"owner","user":{"id":"u1","email":"a@acme.example"}}],"nextPageToken":""}"#)
        }
        "GET /api/v2/apps/a1/connectors/c1/owners/entitlements" => {
            answer(r#"{"list":[{"roleSlug":"owner","appEntitlement":{"appId":"a2","id":"e1"}}]}"#)
        }
        "PUT /api/v2/apps/a1/connectors/c1/owners" => answer(""),
        "POST /api/v1/apps/connectors/credentials" => answer(
            r#"{"credential":{"id":"k1","clientId":"i","clientSecret":"s","expiresTime":null}}"#,
        ),
        _ => answer(r#"{"credential":{"id":"k1","clientId":"i","clientSecret":""}}"#),
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
