//! Apps, their owners, and discovered apps.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::conductorone::test_support::server::{Reply, TestServer, json_reply, status};
use crate::conductorone::{AppUpdate, Cause, DiscoveredApp, ManagedState, NewApp};

/// An app as the service writes it, with every kind of null.
const SAMPLE: &str = r#"{"app": {"id": "a1", "displayName": "Confluence", "description": null,
    "annotations": {"managed_by": "terraform"}, "appOwners": null, "userCount": "42", "monthlyCostUsd": 0,
    "matchBatonRef": null, "createdAt": "2026-01-01T00:00:00Z", "deletedAt": null, "aFieldOfTomorrow": {}}}"#;

fn discovered() -> DiscoveredApp {
    DiscoveredApp {
        app_id: "a1".to_owned(),
        resource_type_id: "t 1".to_owned(),
        resource_id: "r?1".to_owned(),
    }
}

fn binding(binding: &Value) -> String {
    let view = json!({"appManagementStateBinding": binding, "appPath": ""});
    json!({"appManagementState": view, "expanded": []}).to_string()
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

#[tokio::test]
async fn an_app_with_null_fields_is_created_and_decoded() {
    let server = TestServer::start(|_, _| json_reply(SAMPLE)).await;
    let new = NewApp {
        display_name: "Confluence".to_owned(),
        description: None,
        annotations: pairs(&[("team", "wiki")]),
        owners: vec!["u1".to_owned()],
    };
    let app = server.client().create_app(&new).await.unwrap();
    assert_eq!(
        (app.id.as_str(), app.display_name.as_str(), app.description),
        ("a1", "Confluence", String::new())
    );
    assert_eq!(app.annotations, pairs(&[("managed_by", "terraform")]));
    assert_eq!(app.created_at.as_deref(), Some("2026-01-01T00:00:00Z"));
    let expected = json!({
        "displayName": "Confluence", "description": "", "annotations": {"team": "wiki"}, "owners": ["u1"]
    });
    let seen = server.seen();
    assert_eq!(server.lines(), ["POST /api/v1/apps"]);
    assert_eq!(seen[0].json(), expected);
}

/// The reply, the number of requests, and whether the write may have happened.
type Case = (fn() -> Reply, usize, bool);

#[tokio::test]
async fn an_ambiguous_creation_is_not_retried() {
    let cases: [Case; 4] = [
        (|| Reply::Drop, 1, true),
        (|| status(502), 1, true),
        (|| json_reply(r#"{"app":null}"#), 1, true),
        (
            || Reply::Send(429, "retry-after: 0\r\n", String::new()),
            3,
            false,
        ),
    ];
    for (reply, requests, ambiguous) in cases {
        let server = TestServer::start(move |_, _| reply()).await;
        let client = server.client();
        let errors = [
            client.create_app(&NewApp::default()).await.unwrap_err(),
            client.promote_app(&discovered(), &[]).await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.is_ambiguous(), ambiguous, "{error}");
        }
        assert_eq!(server.seen().len(), 2 * requests);
    }
}

#[tokio::test]
async fn an_update_of_an_app_names_the_changed_fields() {
    let server = TestServer::start(|_, _| json_reply(SAMPLE)).await;
    let client = server.client();
    let updates = [
        AppUpdate::default(),
        AppUpdate {
            description: Some(String::new()),
            ..AppUpdate::default()
        },
        AppUpdate {
            display_name: Some("n".to_owned()),
            annotations: Some(pairs(&[("old", ""), ("new", "x")])),
            description: None,
        },
    ];
    for update in &updates {
        client.update_app("a1", update).await.unwrap();
    }
    let path = "/api/v1/apps/a1";
    assert_eq!(
        server.lines(),
        [
            format!("GET {path}"),
            format!("POST {path}"),
            format!("POST {path}")
        ]
    );
    let seen = server.seen();
    let description = json!({"app": {"id": "a1", "description": ""}, "updateMask": "description"});
    assert_eq!(seen[1].json(), description);
    let others = json!({
        "app": {"id": "a1", "displayName": "n", "annotations": {"old": "", "new": "x"}},
        "updateMask": "displayName,annotations",
    });
    assert_eq!(seen[2].json(), others);
}

#[tokio::test]
async fn a_deleted_app_is_none() {
    let server = TestServer::start(|seen, _| match seen.line.as_str() {
        "GET /api/v1/apps/deleted" => {
            json_reply(r#"{"app":{"id":"a1","deletedAt":"2026-01-01T00:00:00Z"}}"#)
        }
        "GET /api/v1/apps/page" => Reply::Send(404, "", "<html>".to_owned()),
        "GET /api/v1/apps/nothing" => json_reply("{}"),
        _ => Reply::Send(404, "", r#"{"code":5,"message":"not found"}"#.to_owned()),
    })
    .await;
    let client = server.client();
    for gone in ["deleted", "absent", "a?b#c"] {
        assert!(client.get_app(gone).await.unwrap().is_none(), "{gone}");
    }
    assert!(
        client.get_app("page").await.is_err(),
        "a web page says nothing about an app"
    );
    let error = client.get_app("nothing").await.unwrap_err();
    assert!(matches!(error.cause(), Some(Cause::Unexpected { .. })));
    client.delete_app("absent").await.unwrap();
    assert_eq!(
        server.count("GET /api/v1/apps/a%3Fb%23c"),
        1,
        "{:?}",
        server.lines()
    );
    assert_eq!(server.count("DELETE /api/v1/apps/absent"), 1);
    for id in ["", "..", "a/b"] {
        client.get_app(id).await.unwrap_err();
        client.delete_app(id).await.unwrap_err();
        client.set_app_owners(id, &[]).await.unwrap_err();
    }
    assert_eq!(
        server.seen().len(),
        6,
        "an ID that addresses something else is not sent"
    );
}

#[tokio::test]
async fn apps_are_listed_and_searched_to_the_end() {
    let rows = json!([
        {"id": "a1", "displayName": "Wiki", "annotations": null},
        {"id": "a2", "deletedAt": "2026-01-01T00:00:00Z"},
        {"id": ""}
    ]);
    let server = TestServer::start(move |seen, _| {
        let is_last = seen.line.contains("page_token=p2") || seen.body.contains(r#""p2""#);
        let token = if is_last { "" } else { "p2" };
        json_reply(&json!({"list": rows, "nextPageToken": token}).to_string())
    })
    .await;
    let client = server.client();
    for apps in [
        client.find_apps(Some).await,
        client.search_apps("wiki").await,
    ] {
        let ids: Vec<_> = apps.unwrap().into_iter().map(|app| app.id).collect();
        assert_eq!(ids, ["a1", "a1"], "one of each page");
    }
    assert_eq!(
        server.lines(),
        [
            "GET /api/v1/apps?page_size=100",
            "GET /api/v1/apps?page_size=100&page_token=p2",
            "POST /api/v1/search/apps",
            "POST /api/v1/search/apps",
        ]
    );
    let bodies: Vec<_> = server.seen().drain(2..).map(|seen| seen.json()).collect();
    let page = |token| json!({"displayName": "wiki", "pageSize": 100, "pageToken": token});
    assert_eq!(bodies, [page(""), page("p2")]);
}

#[tokio::test]
async fn owners_of_an_app_are_read_and_replaced() {
    let server = TestServer::start(|seen, _| match seen.line.as_str() {
        "GET /api/v1/apps/a1/ownerids" => json_reply(r#"{"userIds":["u1","u2"]}"#),
        "GET /api/v1/apps/none/ownerids" => json_reply(r#"{"userIds":null}"#),
        "PUT /api/v1/apps/a1/owners" => json_reply("{}"),
        _ => status(404),
    })
    .await;
    let client = server.client();
    assert_eq!(client.list_app_owners("a1").await.unwrap(), ["u1", "u2"]);
    assert!(client.list_app_owners("none").await.unwrap().is_empty());
    let owners = ["u2".to_owned(), "u3".to_owned()];
    client.set_app_owners("a1", &owners).await.unwrap();
    let sent = server.seen().pop().unwrap();
    assert_eq!(sent.json(), json!({"userIds": ["u2", "u3"]}));
    let error = client.set_app_owners("absent", &owners).await.unwrap_err();
    assert!(error.is_not_found(), "nothing was replaced: {error}");
}

#[tokio::test]
async fn each_managed_state_is_decoded() {
    let cases = [
        (json!({"unmanaged": {}}), ManagedState::Unmanaged),
        (
            json!({"unmanaged": null, "managed": {"appId": "a2"}}),
            ManagedState::Managed {
                app_id: "a2".to_owned(),
            },
        ),
        (json!({"managed": {"appId": ""}}), ManagedState::Unknown),
        (json!({"managed": {"appId": null}}), ManagedState::Unknown),
        (json!({"aStateOfTomorrow": {}}), ManagedState::Unknown),
        (Value::Null, ManagedState::Unknown),
    ];
    for (state, expected) in cases {
        let body = binding(&json!({"displayName": "Wiki", "state": state, "deletedAt": null}));
        let server = TestServer::start(move |_, _| json_reply(&body)).await;
        let found = server.client().get_managed_state(&discovered()).await;
        let found = found.unwrap().unwrap();
        assert_eq!(
            (found.display_name.as_str(), found.state),
            ("Wiki", expected)
        );
        let path = "/api/v1/apps/a1/resource_types/t%201/managed_state_bindings/r%3F1";
        assert_eq!(server.lines(), [format!("GET {path}")]);
    }
}

#[tokio::test]
async fn a_missing_discovered_app_is_none() {
    let deleted = binding(&json!({"deletedAt": "2026-01-01T00:00:00Z"}));
    let replies = [
        json_reply(&deleted),
        Reply::Send(404, "", r#"{"code":5,"message":"not found"}"#.to_owned()),
    ];
    for reply in replies {
        let reply = std::sync::Mutex::new(Some(reply));
        let server = TestServer::start(move |_, _| reply.lock().unwrap().take().unwrap()).await;
        let found = server.client().get_managed_state(&discovered()).await;
        assert_eq!(found.unwrap(), None);
    }
}

#[tokio::test]
async fn the_discovered_apps_of_a_directory_are_counted() {
    let server = TestServer::start(|seen, _| match seen.line.as_str() {
        "GET /api/v1/apps/a1/resource_types/t1/managed_state_bindings?page_size=100" => {
            json_reply(r#"{"list":[{},{"appPath":""}],"nextPageToken":""}"#)
        }
        "GET /api/v1/apps/a1/resource_types/t2/managed_state_bindings?page_size=100" => status(501),
        _ => status(403),
    })
    .await;
    let client = server.client();
    for (resource_type, expected) in [("t1", Some(2)), ("t2", None)] {
        let count = client.count_managed_states("a1", resource_type).await;
        assert_eq!(count.unwrap(), expected);
    }
    let refused = client.count_managed_states("a1", "t3").await;
    assert_eq!(refused.unwrap_err().status(), Some(403));
}

#[tokio::test]
async fn only_an_unmanaged_app_is_promoted() {
    let server = TestServer::start(|_, before| match before {
        0 => json_reply(&binding(&json!({"state": {"managed": {"appId": "a2"}}}))),
        1 => Reply::Send(409, "", r#"{"code":6,"message":"managed"}"#.to_owned()),
        2 => json_reply(&binding(&json!({"state": {"unmanaged": {}}}))),
        _ => status(403),
    })
    .await;
    let (client, app) = (server.client(), discovered());
    let promoted = client.promote_app(&app, &["u1".to_owned()]).await;
    assert_eq!(promoted.unwrap().as_deref(), Some("a2"));
    let sent = server.seen().pop().unwrap();
    let path = "/api/v1/apps/a1/resource_types/t%201/managed_state_bindings/r%3F1";
    assert_eq!(sent.line, format!("POST {path}/promote"));
    assert_eq!(sent.json(), json!({"userIds": ["u1"]}));
    assert_eq!(client.promote_app(&app, &[]).await.unwrap(), None);
    let error = client.promote_app(&app, &[]).await.unwrap_err();
    assert!(error.is_ambiguous(), "it may have been promoted: {error}");
    let error = client.promote_app(&app, &[]).await.unwrap_err();
    assert_eq!(error.status(), Some(403));
}
