//! What is said while something is waited for.

use std::time::Duration;

use secrecy::SecretString;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::conductorone::test_support::log_capture::LogCapture;
use crate::conductorone::test_support::server::{Reply, TestServer, settings};
use crate::conductorone::{Client, ClientSettings, Credentials};

/// Lets real time pass until `condition` holds, then makes `seconds` pass at once: a paused clock does not wait for
/// sockets.
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

/// Makes calls that nobody waits for.
fn call(client: &Client, ids: &'static [&str]) {
    for id in ids {
        let client = client.clone();
        tokio::spawn(async move { client.get_connector("a1", id).await });
    }
}

/// Each of these was said. A slow machine may have let more be said.
fn assert_said(heard: &LogCapture, beginnings: &[&str]) {
    let waits = heard.waits();
    for beginning in beginnings {
        let said = waits.iter().any(|wait| wait.starts_with(beginning));
        assert!(said, "{beginning}: {waits:#?}");
    }
}

#[tokio::test]
async fn a_long_pause_says_every_few_seconds_how_long_it_goes_on() {
    let heard = LogCapture::start();
    let server =
        TestServer::start(|_, _| Reply::Send(429, "retry-after: 600\r\n", String::new())).await;
    call(&server.client(), &["c1"]);
    after(|| !heard.waits().is_empty(), 12).await;
    let expected = [
        "waiting before the request is repeated",
        "still waiting before the request is repeated waited_s=5 left_s=59",
        "still waiting before the request is repeated waited_s=10 left_s=5",
    ];
    assert_said(&heard, &expected);
}

#[tokio::test]
async fn who_waits_for_the_token_of_another_call_says_so() {
    let heard = LogCapture::start();
    let server =
        TestServer::start(|_, _| Reply::Send(429, "retry-after: 600\r\n", String::new())).await;
    call(&server.client_with_exchange(), &["c1", "c2"]);
    after(|| !heard.waits().is_empty(), 6).await;
    let tokens = "still waiting for an access token waited_s=5";
    let waits = heard.waits();
    let waiting = waits.iter().filter(|wait| *wait == tokens);
    assert_eq!(waiting.count(), 2, "{waits:#?}");
}

#[tokio::test]
async fn who_waits_for_an_answer_or_for_its_turn_says_so() {
    let heard = LogCapture::start();
    let server = TestServer::start(|_, _| Reply::Hang).await;
    let token = Credentials::AccessToken(SecretString::from("ready-token"));
    let client = Client::new(ClientSettings {
        max_concurrent_requests: 1,
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
        "still waiting for its turn waited_s=5 left_s=59",
        "still waiting for the answer waited_s=5 left_s=2",
    ];
    assert_said(&heard, &expected);
}
