//! Syncs of connectors.

use serde_json::json;

use crate::conductorone::test_support::server::{ReceivedRequest, Reply, TestServer, json_reply};

#[tokio::test]
async fn syncs_are_paused_resumed_scheduled_and_forced() {
    let server = TestServer::start(|_, _| json_reply("{}")).await;
    let client = server.client();
    client.pause_connector("a1", "c 1").await.unwrap();
    client.resume_connector("a1", "c 1").await.unwrap();
    let (cron, zone) = ("0 4 * * *", "Europe/Berlin");
    client
        .schedule_connector("a1", "c 1", cron, zone)
        .await
        .unwrap();
    client.force_sync("a1", "c 1").await.unwrap();
    client.confirm_sync("a1", "c 1", "s 1").await.unwrap();
    let lines = [
        "pause",
        "resume",
        "schedule",
        "force_sync",
        "confirm_sync_valid/s%201",
    ]
    .map(|action| format!("POST /api/v1/apps/a1/connectors/c%201/{action}"));
    assert_eq!(server.lines(), lines);
    let schedule = json!({"cron": {"cronSpec": cron, "timezone": zone}});
    let bodies: Vec<_> = server.seen().iter().map(ReceivedRequest::json).collect();
    assert_eq!(
        bodies,
        [json!({}), json!({}), schedule, json!({}), json!({})]
    );
    client.pause_connector("a1", "").await.unwrap_err();
    client.confirm_sync("a1", "c1", "").await.unwrap_err();
    assert_eq!(server.seen().len(), 5, "an empty ID is not sent");
}

#[tokio::test]
async fn sync_actions_are_retried() {
    let server = TestServer::start(|_, before| match before % 2 {
        0 => Reply::Drop,
        _ => json_reply(""),
    })
    .await;
    let client = server.client();
    client.pause_connector("a1", "c1").await.unwrap();
    client.resume_connector("a1", "c1").await.unwrap();
    client
        .schedule_connector("a1", "c1", "@daily", "UTC")
        .await
        .unwrap();
    client.force_sync("a1", "c1").await.unwrap();
    client.confirm_sync("a1", "c1", "s1").await.unwrap();
    assert_eq!(server.seen().len(), 10);
}

#[tokio::test]
async fn pausing_a_missing_connector_is_an_error() {
    let body = r#"{"code":5,"message":"not found"}"#;
    let server = TestServer::start(|_, _| Reply::Send(404, "", body.to_owned())).await;
    let client = server.client();
    let error = client.pause_connector("a1", "c1").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}
