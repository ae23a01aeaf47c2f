//! Calls that nobody polls, such as those in a stream that polls only some of its futures.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::conductorone::test_support::server::{Reply, TestServer, json_reply, settings};
use crate::conductorone::{Client, ClientSettings, Credentials, Error};

const CONNECTOR: &str = r#"{"connectorView":{"connector":{"id":"c1","appId":"a1"}}}"#;
/// Much longer than any of these tests takes.
const TEST_TIMEOUT: Duration = Duration::from_mins(1);

/// Returns a client that makes one request at a time.
fn one_at_a_time(server: &TestServer, credentials: Credentials) -> Client {
    Client::new(ClientSettings {
        max_concurrent_requests: Some(1),
        request_timeout: 2 * TEST_TIMEOUT,
        ..settings(server.port, credentials)
    })
    .unwrap()
}

fn ready_token() -> Credentials {
    Credentials::AccessToken(SecretString::from("ready-token"))
}

/// Polls a call once.
async fn begin<T>(mut call: Pin<&mut impl Future<Output = T>>) {
    poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_ready())).await;
}

async fn get(client: &Client) -> Result<(), Error> {
    let found = timeout(TEST_TIMEOUT, client.get_connector("a1", "c1")).await;
    found.unwrap().map(|_| ())
}

#[tokio::test]
async fn an_unpolled_call_releases_its_permit() {
    let server = TestServer::start(|_, _| json_reply(CONNECTOR)).await;
    let client = one_at_a_time(&server, ready_token());
    let mut left_alone = pin!(client.get_connector("a1", "c0"));
    begin(left_alone.as_mut()).await;
    get(&client).await.unwrap();
    // The call still returns its result.
    assert!(left_alone.await.unwrap().is_some());
}

#[tokio::test]
async fn an_unpolled_large_response_releases_its_permit() {
    let texts = vec!["x".repeat(10_000); 50];
    let body = json!({"connectorView": {"connector": {"id": "c1", "texts": texts}}}).to_string();
    let server = TestServer::start(move |_, _| json_reply(&body)).await;
    let client = Client::new(settings(server.port, ready_token())).unwrap();
    let mut left_alone = pin!(client.get_connector("a1", "c0"));
    begin(left_alone.as_mut()).await;
    get(&client).await.unwrap();
    assert!(left_alone.await.unwrap().is_some());
}

#[tokio::test]
async fn an_unpolled_call_releases_the_token_lock() {
    let server = TestServer::start(|seen, _| match seen.authorization {
        None => json_reply(&json!({"access_token": "t", "token_type": "Bearer"}).to_string()),
        Some(_) => json_reply(CONNECTOR),
    })
    .await;
    let client = server.client_with_exchange();
    let mut left_alone = pin!(client.get_connector("a1", "c0"));
    begin(left_alone.as_mut()).await;
    get(&client).await.unwrap();
}

#[tokio::test]
async fn dropping_a_read_ends_it() {
    let server = TestServer::start(|seen, _| {
        if seen.line.ends_with("/c0") {
            Reply::Hang
        } else {
            json_reply(CONNECTOR)
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
async fn dropping_a_write_does_not_end_it() {
    let server = TestServer::start(|_, _| json_reply("{}")).await;
    let client = one_at_a_time(&server, ready_token());
    {
        let mut unwanted = pin!(client.delete_connector("a1", "c0"));
        begin(unwanted.as_mut()).await;
    }
    seen(&server, 1).await;
}

/// Waits until the server has received this number of requests.
async fn seen(server: &TestServer, count: usize) {
    let arrived = async {
        while server.seen().len() < count {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(TEST_TIMEOUT, arrived).await.unwrap();
}
