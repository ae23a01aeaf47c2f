//! Calls that nobody polls, as those in a stream that has no room for them.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::conductorone::test_support::server::{Reply, TestServer, json as answer, settings};
use crate::conductorone::{Client, ClientSettings, Credentials, Error};

const CONNECTOR: &str = r#"{"connectorView":{"connector":{"id":"c1","appId":"a1"}}}"#;
/// Much longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A client that makes one request at a time.
fn one_at_a_time(server: &TestServer, credentials: Credentials) -> Client {
    Client::new(ClientSettings {
        max_concurrent_requests: 1,
        request_timeout: 2 * PATIENCE,
        ..settings(server.port, credentials)
    })
    .unwrap()
}

fn ready_token() -> Credentials {
    Credentials::AccessToken(SecretString::from("ready-token"))
}

/// Polls a call a single time.
async fn begin<T>(mut call: Pin<&mut impl Future<Output = T>>) {
    poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_ready())).await;
}

async fn get(client: &Client) -> Result<(), Error> {
    let found = timeout(PATIENCE, client.get_connector("a1", "c1")).await;
    found.unwrap().map(|_| ())
}

#[tokio::test]
async fn a_call_that_is_not_polled_holds_no_permit() {
    let server = TestServer::start(|_, _| answer(CONNECTOR)).await;
    let client = one_at_a_time(&server, ready_token());
    let mut left_alone = pin!(client.get_connector("a1", "c0"));
    begin(left_alone.as_mut()).await;
    get(&client).await.unwrap();
    // What it asked for is there nevertheless.
    assert!(left_alone.await.unwrap().is_some());
}

#[tokio::test]
async fn a_large_answer_that_nobody_polls_for_is_decoded_and_lets_others_be_read() {
    let texts = vec!["x".repeat(10_000); 50];
    let body = json!({"connectorView": {"connector": {"id": "c1", "texts": texts}}}).to_string();
    let server = TestServer::start(move |_, _| answer(&body)).await;
    let client = Client::new(settings(server.port, ready_token())).unwrap();
    let mut left_alone = pin!(client.get_connector("a1", "c0"));
    begin(left_alone.as_mut()).await;
    get(&client).await.unwrap();
    assert!(left_alone.await.unwrap().is_some());
}

#[tokio::test]
async fn a_call_that_is_not_polled_does_not_keep_others_from_their_token() {
    let server = TestServer::start(|seen, _| match seen.authorization {
        None => answer(&json!({"access_token": "t", "token_type": "Bearer"}).to_string()),
        Some(_) => answer(CONNECTOR),
    })
    .await;
    let client = server.client_with_exchange();
    let mut left_alone = pin!(client.get_connector("a1", "c0"));
    begin(left_alone.as_mut()).await;
    get(&client).await.unwrap();
}

#[tokio::test]
async fn a_read_ends_with_its_caller() {
    let server = TestServer::start(|seen, _| {
        if seen.line.ends_with("/c0") {
            Reply::Hang
        } else {
            answer(CONNECTOR)
        }
    })
    .await;
    let client = one_at_a_time(&server, ready_token());
    let unwanted = tokio::spawn({
        let client = client.clone();
        async move { client.get_connector("a1", "c0").await }
    });
    seen(&server, 1).await;
    unwanted.abort();
    get(&client).await.unwrap();
}

#[tokio::test]
async fn a_write_that_has_begun_does_not_end_with_its_caller() {
    let server = TestServer::start(|_, _| answer("{}")).await;
    let client = one_at_a_time(&server, ready_token());
    {
        let mut unwanted = pin!(client.delete_connector("a1", "c0"));
        begin(unwanted.as_mut()).await;
    }
    seen(&server, 1).await;
}

/// Waits until the server has got so many requests.
async fn seen(server: &TestServer, count: usize) {
    let arrived = async {
        while server.seen().len() < count {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(PATIENCE, arrived).await.unwrap();
}
