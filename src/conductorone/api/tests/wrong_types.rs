//! JSON with fields of the wrong type, invalid IDs, and lists without an end.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::conductorone::test_support::server::{Reply, TestServer, json_reply, status};
use crate::conductorone::{Cause, SyncStatus};

/// Much longer than any of these tests takes.
const TEST_TIMEOUT: Duration = Duration::from_mins(1);

fn is_unexpected(cause: &Cause) -> bool {
    matches!(cause, Cause::Unexpected { .. })
}

/// Returns values of every kind.
fn values() -> [Value; 6] {
    [
        json!(null),
        json!(7),
        json!(true),
        json!("x"),
        json!(["x", 7]),
        json!({"x": 7}),
    ]
}

/// Returns each field with each kind of value, and a server that responds to the requests with them in order.
async fn answering_each<'a>(
    fields: &[&'a str],
    view: impl Fn(&str, &Value) -> Value,
) -> (Vec<(&'a str, Value)>, TestServer) {
    let each = |field: &&'a str| values().map(|value| (*field, value));
    let cases: Vec<_> = fields.iter().flat_map(each).collect();
    let bodies: Vec<_> = cases
        .iter()
        .map(|(field, value)| view(field, value).to_string())
        .collect();
    let server = TestServer::start(move |_, before| json_reply(&bodies[before])).await;
    (cases, server)
}

/// Returns whether a field accepts this kind of value. Each field accepts null.
fn takes(field: &str, value: &Value) -> bool {
    match field {
        "userIds" => false,
        // A message accepts any object, and the settings ignore unknown values.
        "config" => true,
        "status" | "connectorSyncCronSchedule" => value.is_object(),
        _ => value.is_string(),
    }
}

#[tokio::test]
async fn a_field_of_the_wrong_type_is_an_error() {
    let connector = [
        "id",
        "appId",
        "catalogId",
        "displayName",
        "description",
        "userIds",
        "config",
        "configUpdatedAt",
        "status",
        "syncDisabledAt",
        "connectorSyncCronSchedule",
        "createdAt",
        "deletedAt",
    ];
    let view = |field: &str, value: &Value| {
        let mut connector = json!({"id": "c1"});
        connector[field] = value.clone();
        json!({"connectorView": {"connector": connector}})
    };
    let (cases, server) = answering_each(&connector, view).await;
    let client = server.client();
    for (field, value) in cases {
        let found = client.get_connector("a1", "c1").await;
        let fits = (value.is_null() && field != "id") || takes(field, &value);
        assert_eq!(found.is_ok(), fits, "{field}: {value}: {found:?}");
    }
}

#[tokio::test]
async fn a_message_of_the_wrong_type_is_an_error() {
    let fields = [
        "status",
        "lastError",
        "startedAt",
        "completedAt",
        "updatedAt",
    ];
    let view = |field: &str, value: &Value| {
        let status = json!({(field): value});
        json!({"connectorView": {"connector": {"id": "c1", "status": status}}})
    };
    let (cases, server) = answering_each(&fields, view).await;
    let client = server.client();
    for (field, value) in cases {
        let found = client.get_connector("a1", "c1").await;
        let fits = value.is_null() || value.is_string();
        assert_eq!(found.is_ok(), fits, "{field}: {value}: {found:?}");
    }
}

#[tokio::test]
async fn a_malformed_credential_may_have_been_issued() {
    let fields = [
        "id",
        "clientId",
        "clientSecret",
        "createdAt",
        "expiresTime",
        "deletedAt",
    ];
    let view = |field: &str, value: &Value| {
        let mut credential = json!({"id": "k1"});
        credential[field] = value.clone();
        json!({"credential": credential})
    };
    let (cases, server) = answering_each(&fields, view).await;
    let client = server.client();
    for (field, value) in cases {
        let issued = client.rotate_credential("a1", "c1").await;
        let fits = value.is_string() || (value.is_null() && field != "id");
        assert_eq!(issued.is_ok(), fits, "{field}: {value}: {issued:?}");
        assert!(issued.is_ok() || issued.is_err_and(|error| error.is_ambiguous()));
    }
}

#[tokio::test]
async fn owners_of_the_wrong_type_are_an_error() {
    let useless = [
        json!({"list": 7}),
        json!({"list": "x"}),
        json!({"list": {"user": {"id": "u1"}}}),
        json!({"list": [7]}),
        json!({"list": [{"roleSlug": 7}]}),
        json!({"list": [{"user": "u1"}]}),
        json!({"list": [{"user": {"id": 7}}]}),
        json!({"list": [{"user": {"id": ["u1"]}}]}),
        json!({"list": [], "nextPageToken": 7}),
        json!({"list": [], "nextPageToken": {}}),
        json!(7),
    ];
    let bodies = useless.clone();
    let server = TestServer::start(move |_, before| json_reply(&bodies[before].to_string())).await;
    let client = server.client();
    for body in useless {
        let found = client.list_user_owners("a1", "c1").await;
        assert!(
            found.is_err_and(|it| it.cause().is_some_and(is_unexpected)),
            "{body}"
        );
    }
}

#[tokio::test]
async fn an_unknown_status_is_kept() {
    let body =
        r#"{"connectorView":{"connector":{"id":"c1","status":{"status":"SYNC_STATUS_TOMORROW"}}}}"#;
    let server = TestServer::start(|_, _| json_reply(body)).await;
    let connector = server
        .client()
        .get_connector("a1", "c1")
        .await
        .unwrap()
        .unwrap();
    let status = connector.status.map(|it| it.status);
    assert_eq!(
        status,
        Some(SyncStatus::Other("SYNC_STATUS_TOMORROW".to_owned()))
    );
}

#[tokio::test]
async fn an_id_that_would_address_another_object_is_ignored() {
    for id in ["", ".", "..", "a/b", "../../users", "a\u{0}b", "a\nb"] {
        let connector =
            json!({"connectorView": {"connector": {"id": id}}, "credential": {"id": id}});
        let server = TestServer::start(move |_, _| json_reply(&connector.to_string())).await;
        let client = server.client();
        let errors = [
            client.get_connector("a1", "c1").await.err(),
            client.rotate_credential("a1", "c1").await.err(),
        ];
        for error in errors {
            let error = error.unwrap();
            assert!(error.cause().is_some_and(is_unexpected), "{id:?}: {error}");
        }
    }
    // A dot is an ordinary character, and an unusual ID is escaped.
    let server = TestServer::start(|_, _| status(404)).await;
    let client = server.client();
    client.delete_connector("a1", "a.b%2F?c#d").await.unwrap();
    client
        .delete_connector("a1", &"x".repeat(200_000))
        .await
        .unwrap_err();
    assert_eq!(
        server.lines(),
        ["DELETE /api/v1/apps/a1/connectors/a.b%252F%3Fc%23d"]
    );
}

fn page(rows: &[Value], token: &str) -> Reply {
    json_reply(&json!({"list": rows, "nextPageToken": token}).to_string())
}

/// A description, the pages, the error, and the number of pages until the error.
type List = (&'static str, fn(usize) -> Reply, fn(&Cause) -> bool, usize);

#[tokio::test]
async fn an_endless_list_is_an_error() {
    let cases: [List; 4] = [
        ("the same token", |_| page(&[], "p"), is_unexpected, 2),
        (
            "tokens in turn",
            |n| page(&[], ["p", "q", "r"][n % 3]),
            is_unexpected,
            4,
        ),
        (
            "always another token",
            |n| page(&[], &n.to_string()),
            |cause| matches!(cause, Cause::TooLarge { what: "pages", .. }),
            1000,
        ),
        (
            "large pages",
            |n| {
                let name = "x".repeat(1 << 17);
                let row = json!({"connector": {"id": "c1", "displayName": name}});
                page(&vec![row; 12], &n.to_string())
            },
            |cause| {
                matches!(
                    cause,
                    Cause::TooLarge {
                        limit: 0x0040_0000,
                        ..
                    }
                )
            },
            3,
        ),
    ];
    for (name, reply, expected, requests) in cases {
        let server = TestServer::start(move |_, before| reply(before)).await;
        let listed = timeout(
            TEST_TIMEOUT,
            server.patient_client().find_connectors("a1", Some),
        )
        .await;
        let error = listed.unwrap().unwrap_err();
        assert!(error.cause().is_some_and(expected), "{name}: {error}");
        assert_eq!(server.seen().len(), requests, "{name}");
    }
    let server = TestServer::start(|_, _| page(&[], &"p".repeat(100_000))).await;
    let error = server
        .client()
        .find_connectors("a1", Some)
        .await
        .unwrap_err();
    assert!(error.to_string().len() < 1000, "{error}");
}
