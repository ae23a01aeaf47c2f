//! Users and roles.

use serde_json::{Value, json};

use crate::conductorone::test_support::server::{ReceivedRequest, Reply, TestServer, json_reply};
use crate::conductorone::{Cause, Role, UserKind, UserStatus};

fn view(user: &Value) -> Value {
    json!({"user": user, "userId": user["id"], "rolesPath": "", "objectPermissions": null})
}

/// Returns one page with these users.
fn page(users: &[Value], token: &str) -> Reply {
    let views: Vec<_> = users.iter().map(view).collect();
    json_reply(&json!({"list": views, "nextPageToken": token, "expanded": []}).to_string())
}

#[tokio::test]
async fn a_user_with_null_or_unknown_fields_is_decoded() {
    let statuses = [
        (json!("ENABLED"), UserStatus::Enabled),
        (json!("DISABLED"), UserStatus::Disabled),
        (json!("DELETED"), UserStatus::Deleted),
        (json!("UNKNOWN"), UserStatus::Unknown),
        (json!(""), UserStatus::Unknown),
        (Value::Null, UserStatus::Unknown),
        (json!("ON_LEAVE"), UserStatus::Other("ON_LEAVE".to_owned())),
    ];
    for (status, expected) in statuses {
        let user = json!({
            "id": "u1", "displayName": "Alice", "email": "", "status": status, "roleIds": null,
            "profile": {"a": 1}, "deletedAt": null
        });
        let body = json!({"userView": view(&user), "expanded": []}).to_string();
        let server = TestServer::start(move |_, _| json_reply(&body)).await;
        let user = server.client().get_user("u 1").await.unwrap().unwrap();
        assert_eq!(user.status, expected);
        assert_eq!((user.email, user.role_ids.len()), (None, 0));
        assert_eq!(server.lines(), ["GET /api/v1/users/u%201"]);
    }
}

#[tokio::test]
async fn the_own_user_has_a_kind() {
    for (kind, expected) in [
        (json!("USER_TYPE_HUMAN"), UserKind::Human),
        (json!("USER_TYPE_SERVICE"), UserKind::Service),
        (json!("USER_TYPE_SYSTEM"), UserKind::System),
        (json!("USER_TYPE_AGENT"), UserKind::Agent),
        (json!("USER_TYPE_ROBOT"), UserKind::Unknown),
        (Value::Null, UserKind::Unknown),
    ] {
        let user = json!({"id": "u1", "type": kind, "roleIds": ["r1"]});
        let body = json!({"userView": view(&user), "expanded": []}).to_string();
        let server = TestServer::start(move |_, _| json_reply(&body)).await;
        let user = server.client().own_user().await.unwrap();
        assert_eq!((user.kind, user.role_ids.len()), (expected, 1));
        assert_eq!(server.lines(), ["POST /api/v1/users/introspect"]);
    }
}

#[tokio::test]
async fn a_missing_user_is_none() {
    let server = TestServer::start(|seen, _| match seen.line.as_str() {
        "GET /api/v1/users/deleted" => {
            json_reply(r#"{"userView":{"user":{"id":"u1","deletedAt":"2026-01-01T00:00:00Z"}}}"#)
        }
        "GET /api/v1/users/nothing" => json_reply(r#"{"userView":{"user":null}}"#),
        "GET /api/v1/users/page" => Reply::Send(404, "", "<html>".to_owned()),
        _ => Reply::Send(404, "", r#"{"code":5,"message":"not found"}"#.to_owned()),
    })
    .await;
    let client = server.client();
    assert!(client.get_user("deleted").await.unwrap().is_none());
    assert!(client.get_user("absent").await.unwrap().is_none());
    let error = client.get_user("nothing").await.unwrap_err();
    assert!(matches!(error.cause(), Some(Cause::Unexpected { .. })));
    assert!(
        client.get_user("page").await.is_err(),
        "a web page says nothing about a user"
    );
    client.get_user("").await.unwrap_err();
    assert_eq!(server.seen().len(), 4, "an empty ID is not sent");
}

#[tokio::test]
async fn users_are_found_by_email() {
    let server = TestServer::start(|_, before| match before {
        0 => page(
            &[
                json!({"id": "u1", "email": "Älice@Acme.example", "roleIds": ["r1"]}),
                json!({"id": "u2", "email": "älice@acme.example.org"}),
                json!({"id": "u3", "email": "", "emails": ["älice@acme.example"]}),
                json!({"id": "u4", "email": null}),
            ],
            "p2",
        ),
        _ => page(
            &[
                json!({"id": "u5", "email": "älice@acme.example", "deletedAt": "2026-01-01T00:00:00Z"}),
                json!({"id": "u6", "email": "älice@acme.example", "deletedAt": null}),
                json!({"id": "", "email": "älice@acme.example"}),
                Value::Null,
            ],
            "",
        ),
    })
    .await;
    let client = server.client();
    let users = client.search_users_by_email("älice@ACME.example").await;
    let users = users.unwrap();
    let ids: Vec<_> = users.iter().map(|user| user.id.as_str()).collect();
    assert_eq!(ids, ["u1", "u6"]);
    assert_eq!(users[0].role_ids, ["r1"]);
    assert_eq!(server.count("POST /api/v1/search/users"), 2);
    let bodies: Vec<_> = server.seen().iter().map(ReceivedRequest::json).collect();
    let page = |token| json!({"email": "älice@ACME.example", "pageSize": 100, "pageToken": token});
    assert_eq!(bodies, [page(""), page("p2")]);
}

#[tokio::test]
async fn users_are_found_by_id() {
    let rows = [
        json!({"id": "u2", "email": "b@acme.example", "status": "DISABLED"}),
        json!({"id": "u1", "deletedAt": "2026-01-01T00:00:00Z"}),
    ];
    let server = TestServer::start(move |_, _| page(&rows, "")).await;
    let client = server.client();
    assert!(client.search_users_by_id(&[]).await.unwrap().is_empty());
    assert!(
        server.seen().is_empty(),
        "a search for nobody finds everybody"
    );
    let ids = ["u1", "u2"].map(str::to_owned);
    let users = client.search_users_by_id(&ids).await.unwrap();
    assert_eq!(users.len(), 1);
    assert_eq!(users[0].email.as_deref(), Some("b@acme.example"));
    let expected = json!({"refs": [{"id": "u1"}, {"id": "u2"}], "pageSize": 100, "pageToken": ""});
    assert_eq!(server.seen()[0].json(), expected);
}

#[tokio::test]
async fn a_search_is_retried_and_ends() {
    let server = TestServer::start(|_, before| match before {
        0 => Reply::Drop,
        _ => page(&[], "p"),
    })
    .await;
    let error = server
        .client()
        .search_users_by_email("a")
        .await
        .unwrap_err();
    assert!(
        matches!(error.cause(), Some(Cause::Unexpected { .. })),
        "{error}"
    );
    assert!(!error.is_ambiguous(), "{error}");
    assert_eq!(
        server.seen().len(),
        3,
        "the first is repeated, and the same token ends it"
    );
}

#[tokio::test]
async fn roles_are_listed() {
    let server = TestServer::start(|_, _| {
        json_reply(
            r#"{"list":[{"id":"r1","name":"system:owner","displayName":"Super Administrator","permissions":[],
                "serviceRoles":null,"systemBuiltin":true},{"id":"r2","name":null}],"nextPageToken":""}"#,
        )
    })
    .await;
    let roles = server.client().list_roles().await.unwrap();
    let role = |id: &str, name: &str, display_name: &str| Role {
        id: id.to_owned(),
        name: name.to_owned(),
        display_name: display_name.to_owned(),
    };
    let owner = role("r1", "system:owner", "Super Administrator");
    assert_eq!(roles, [owner, role("r2", "", "")]);
    assert_eq!(server.lines(), ["GET /api/v1/iam/roles?page_size=100"]);
}
