//! The log during waits.

use std::time::Duration;

use secrecy::SecretString;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::conductorone::test_support::log_capture::LogCapture;
use crate::conductorone::test_support::server::{Reply, TestServer, settings};
use crate::conductorone::{Client, ClientSettings, Credentials};

/// Waits in real time until `condition` holds, and then skips `seconds`: a paused clock does not wait for sockets.
async fn after(condition: impl Fn() -> bool, seconds: u64) {
    let reached = async {
        while !condition() {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(Duration::from_secs(30), reached).await.unwrap();
    tokio::time::pause();
    sleep(Duration::from_secs(seconds)).await;
}

/// Starts calls without waiting for them.
fn call(client: &Client, ids: &'static [&str]) {
    for id in ids {
        let client = client.clone();
        tokio::spawn(async move { client.get_connector("a1", id).await });
    }
}

/// Asserts that a message with each of these beginnings was logged. On a slow machine, there may be other messages
/// too.
fn assert_logged(log: &LogCapture, beginnings: &[&str]) {
    let waits = log.waits();
    for beginning in beginnings {
        let said = waits.iter().any(|wait| wait.starts_with(beginning));
        assert!(said, "{beginning}: {waits:#?}");
    }
}

#[tokio::test]
async fn a_long_delay_logs_its_progress() {
    let log = LogCapture::start();
    let server =
        TestServer::start(|_, _| Reply::Send(429, "retry-after: 600\r\n", String::new())).await;
    call(&server.client(), &["c1"]);
    after(|| !log.waits().is_empty(), 12).await;
    let expected = [
        "waiting before the request is retried",
        "still waiting before the request is retried waited_s=5 left_s=59",
        "still waiting before the request is retried waited_s=10 left_s=5",
    ];
    assert_logged(&log, &expected);
}

#[tokio::test]
async fn a_wait_for_a_token_is_logged() {
    let log = LogCapture::start();
    let server =
        TestServer::start(|_, _| Reply::Send(429, "retry-after: 600\r\n", String::new())).await;
    call(&server.client_with_exchange(), &["c1", "c2"]);
    after(|| !log.waits().is_empty(), 6).await;
    let tokens = "still waiting for an access token waited_s=5";
    let waits = log.waits();
    let waiting = waits.iter().filter(|wait| *wait == tokens);
    assert_eq!(waiting.count(), 2, "{waits:#?}");
}

#[tokio::test]
async fn a_wait_for_a_permit_or_a_response_is_logged() {
    let log = LogCapture::start();
    let server = TestServer::start(|_, _| Reply::Hang).await;
    let token = Credentials::AccessToken(SecretString::from("ready-token"));
    let client = Client::new(ClientSettings {
        max_concurrent_requests: Some(1),
        request_timeout: Duration::from_secs(30),
        ..settings(server.port, token)
    })
    .unwrap();
    let deadline = Instant::now() + Duration::from_mins(10);
    call(
        &client.within(CancellationToken::new(), deadline),
        &["c1", "c2"],
    );
    after(|| server.seen().len() == 1, 6).await;
    let expected = [
        "still waiting for earlier requests to finish waited_s=5 left_s=59",
        "still waiting for the response waited_s=5 left_s=2",
    ];
    assert_logged(&log, &expected);
}
