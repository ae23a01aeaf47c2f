//! What connectors have brought.

use serde_json::{Value, json};

use crate::conductorone::Count;
use crate::conductorone::test_support::server::{Reply, TestServer, json_reply};

/// Returns a page with these items.
fn page(name: &str, items: &[Value], token: &str) -> Reply {
    let views: Vec<_> = items.iter().map(|item| json!({ name: item })).collect();
    json_reply(&json!({"list": views, "nextPageToken": token, "expanded": []}).to_string())
}

/// An entitlement that this connector has brought.
fn of(connector_id: &str) -> Value {
    json!({"id": "e", "sourceConnectorIds": {connector_id: "x"}, "deletedAt": null})
}

fn count(number: usize, is_complete: bool) -> Count {
    Count {
        number,
        is_complete,
    }
}

#[tokio::test]
async fn deleted_and_missing_objects_do_not_count() {
    let server = TestServer::start(|seen, _| {
        let name = if seen.line.contains("app_users") {
            "appUser"
        } else {
            "appResource"
        };
        let items = [
            json!({"id": "1", "deletedAt": null}),
            json!({"id": "2", "deletedAt": "2026-01-01T00:00:00Z"}),
            json!({"id": "3"}),
            Value::Null,
        ];
        page(name, &items, "")
    })
    .await;
    let client = server.client();
    let accounts = client.count_accounts("a1", 10).await.unwrap();
    let resources = client.count_resources("a1", "t 1", 10).await.unwrap();
    assert_eq!((accounts, resources), (count(2, true), count(2, true)));
    assert_eq!(
        server.lines(),
        [
            "GET /api/v1/apps/a1/app_users?page_size=100",
            "GET /api/v1/apps/a1/resource_types/t%201/resources?page_size=100",
        ]
    );
}

#[tokio::test]
async fn counting_stops_at_the_limit() {
    // The limit, the number of requests, and the count of two pages with two accounts each.
    for (limit, requests, expected) in [
        (1, 1, count(1, false)),
        (2, 1, count(2, false)),
        (3, 2, count(3, false)),
        (4, 2, count(4, true)),
        (9, 2, count(4, true)),
    ] {
        let server = TestServer::start(|seen, _| {
            let token = if seen.line.contains("page_token") {
                ""
            } else {
                "next"
            };
            page("appUser", &[json!({}), json!({})], token)
        })
        .await;
        let counted = server.client().count_accounts("a1", limit).await.unwrap();
        assert_eq!(
            (counted, server.lines().len()),
            (expected, requests),
            "{limit}"
        );
    }
}

#[tokio::test]
async fn entitlements_are_those_of_a_connector_or_all() {
    let server = TestServer::start(|_, _| {
        let by_value = json!({"sourceConnectorIds": {"x": "c1"}});
        let unset = json!({"sourceConnectorIds": null});
        page("appEntitlement", &[of("c1"), of("c2"), by_value, unset], "")
    })
    .await;
    let client = server.client();
    for (connector, expected) in [(None, 4), (Some("c1"), 2), (Some("c2"), 1), (Some("c3"), 0)] {
        let counted = client
            .count_entitlements("a1", connector, 10)
            .await
            .unwrap();
        assert_eq!(counted, count(expected, true), "{connector:?}");
    }
}

#[tokio::test]
async fn kinds_without_an_id_or_deleted_ones_are_left_out() {
    let server = TestServer::start(|_, _| {
        let kinds = [
            json!({"id": "group", "displayName": "Group", "deletedAt": null}),
            json!({"id": "old", "displayName": "Old", "deletedAt": "2026-01-01T00:00:00Z"}),
            json!({"id": "", "displayName": "None"}),
            Value::Null,
        ];
        page("appResourceType", &kinds, "")
    })
    .await;
    let kinds = server.client().list_resource_types("a1").await.unwrap();
    let names = kinds
        .iter()
        .map(|kind| (kind.id.as_str(), kind.display_name.as_str()));
    assert_eq!(names.collect::<Vec<_>>(), [("group", "Group")]);
}
