//! A wrong clock of this machine, which is the same as a wrong clock of the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::conductorone::test_support::server::{
    ReceivedRequest, Reply, TestServer, client, json_reply,
};
use crate::conductorone::{Cause, Client, ClientSecret, Credentials, Error, Notice};

const TOKEN: &str = "POST /auth/v1/token";
const CONNECTOR: &str = r#"{"connectorView":{"connector":{"id":"c1","appId":"a1"}}}"#;
// A test key.
const SECRET: &str = "secret-token:conductorone.com:v1:eyJrdHkiOiJPS1AiLCJjcnYiOiJFZDI1NTE5IiwieCI6IjJ6Y01LcWFYbHVtaXloT0Rpd0JNRUt2VUFSQ1BuZlZRdVJraVdPeHNMLUEiLCJkIjoiaGpJb291TnhRdElRcWdmZU1TdWFPUkN5am1HOGJHZXQyai1ocEs3ZXpaTSJ9";

/// Returns the time in the assertion of a request.
fn signed_at(seen: &ReceivedRequest) -> Timestamp {
    let mut form = form_urlencoded::parse(seen.body.as_bytes());
    let (_, assertion) = form.find(|(name, _)| name == "client_assertion").unwrap();
    let claims = URL_SAFE_NO_PAD.decode(assertion.split('.').nth(1).unwrap());
    let claims: Value = serde_json::from_slice(&claims.unwrap()).unwrap();
    Timestamp::from_second(claims["iat"].as_i64().unwrap()).unwrap()
}

/// Returns the time in this number of seconds as HTTP writes it.
fn http_date(ahead: i64) -> String {
    let time = Timestamp::now() + SignedDuration::from_secs(ahead);
    let printer = DateTimePrinter::new();
    printer.timestamp_to_rfc9110_string(&time).unwrap()
}

/// Returns a response with these header lines.
fn with_headers(lines: String, status: u16, body: String) -> Reply {
    // The headers of a reply are static. A test may leak memory.
    Reply::Send(status, Box::leak(lines.into_boxed_str()), body)
}

/// Returns a response of a server whose clock has this offset in seconds.
fn dated(ahead: i64, status: u16, body: String) -> Reply {
    with_headers(format!("date: {}\r\n", http_date(ahead)), status, body)
}

/// Starts a server whose clock has this offset in seconds. It rejects assertions that differ from its clock by more
/// than two minutes, and issues tokens that are valid for one call.
async fn server(ahead: i64) -> TestServer {
    server_with_clock(Arc::new(AtomicI64::new(ahead))).await
}

/// Starts the same server with an offset that can change.
async fn server_with_clock(ahead: Arc<AtomicI64>) -> TestServer {
    let ahead = move || ahead.load(Ordering::SeqCst);
    TestServer::start(move |seen, before| match (&seen.authorization, ahead()) {
        (Some(token), _) if *token == format!("Bearer t{}", before - 1) => json_reply(CONNECTOR),
        (Some(_), ahead) => dated(ahead, 401, String::new()),
        (None, ahead) => {
            let now = Timestamp::now() + SignedDuration::from_secs(ahead);
            let off = signed_at(seen).duration_since(now).abs();
            if off > SignedDuration::from_mins(2) {
                return dated(ahead, 401, r#"{"error":"invalid_client"}"#.to_owned());
            }
            let token = json!({"access_token": format!("t{before}"), "token_type": "Bearer"});
            dated(ahead, 200, token.to_string())
        }
    })
    .await
}

fn signing(server: &TestServer) -> Client {
    let secret = ClientSecret::parse(&SecretString::from(SECRET)).unwrap();
    let client_id = "plucky-heron-40417@127.0.0.1/spc".to_owned();
    client(
        server.port,
        Credentials::ClientCredentials { client_id, secret },
    )
}

async fn get(client: &Client) -> Result<(), Error> {
    client.get_connector("a1", "c1").await.map(|_| ())
}

/// Returns whether two offsets are the same, apart from the seconds that a test takes.
fn is_close(found: SignedDuration, ahead: i64) -> bool {
    (found - SignedDuration::from_secs(ahead)).abs() < SignedDuration::from_mins(1)
}

#[tokio::test]
async fn a_rejected_assertion_is_signed_again_with_the_server_s_time() {
    for ahead in [600, -600, 86_400] {
        let server = server(ahead).await;
        let client = signing(&server);
        get(&client).await.unwrap();
        assert_eq!(server.count(TOKEN), 2);
        let notices = client.take_notices();
        assert!(
            matches!(notices[..], [Notice::ClockOff(found)] if is_close(found, ahead)),
            "{ahead}: {notices:?}"
        );
        // From then on, the client uses the server's time at once, and adds no further notice.
        get(&client).await.unwrap();
        assert_eq!(server.count(TOKEN), 3);
        assert_eq!(client.take_notices(), []);
    }
}

/// The clock jumps while the client has nothing to send, for example when the machine resumes or sets its clock.
#[tokio::test]
async fn a_clock_that_jumps_again_is_found_out_again() {
    let ahead = Arc::new(AtomicI64::new(600));
    let server = server_with_clock(Arc::clone(&ahead)).await;
    let client = signing(&server);
    get(&client).await.unwrap();
    assert_eq!(client.take_notices().len(), 1);
    for (jump, requests) in [(0, 4), (-86_400, 6), (-86_430, 7)] {
        ahead.store(jump, Ordering::SeqCst);
        client.access_token(Duration::ZERO).await.unwrap();
        assert_eq!(server.count(TOKEN), requests, "{jump}");
    }
    assert_eq!(client.take_notices(), []);
}

#[tokio::test]
async fn a_date_in_retry_after_is_in_the_server_s_time() {
    let year = 365 * 86_400;
    for ahead in [-year, 0, year] {
        for (wait, requests) in [(-year, 2), (0, 2), (2 * 3600, 1), (100 * year, 1)] {
            let server = TestServer::start(move |_, before| {
                let (date, after) = (http_date(ahead), http_date(ahead + wait));
                let lines = format!("date: {date}\r\nretry-after: {after}\r\n");
                match before {
                    0 => with_headers(lines, 429, String::new()),
                    _ => json_reply(CONNECTOR),
                }
            })
            .await;
            let outcome = get(&server.client()).await;
            assert_eq!(
                outcome.is_ok(),
                requests == 2,
                "{ahead} {wait}: {outcome:?}"
            );
            assert_eq!(server.seen().len(), requests, "{ahead} {wait}");
        }
    }
}

#[tokio::test]
async fn a_small_offset_is_ignored() {
    for ahead in [0, 45, -45] {
        let server = server(ahead).await;
        let client = signing(&server);
        get(&client).await.unwrap();
        assert_eq!((server.count(TOKEN), client.take_notices()), (1, vec![]));
    }
}

#[tokio::test]
async fn a_rejection_names_the_clock_only_if_it_may_be_the_reason() {
    for (ahead, asked) in [(600, 2), (-600, 2), (20, 1)] {
        let server = TestServer::start(move |_, _| dated(ahead, 401, String::new())).await;
        let client = signing(&server);
        let error = get(&client).await.unwrap_err();
        let Some(Cause::CredentialsRefused { ahead: told, .. }) = error.cause() else {
            unreachable!("{error:?}")
        };
        assert_eq!(told.is_some(), asked == 2, "{ahead}: {told:?}");
        assert!(told.is_none_or(|told| is_close(told, ahead)), "{told:?}");
        assert_eq!(
            (server.count(TOKEN), client.take_notices()),
            (asked, vec![])
        );
    }
}

/// A token exchange does not contain this machine's time.
#[tokio::test]
async fn a_token_exchange_is_not_retried_for_the_clock() {
    let server = TestServer::start(|_, _| dated(600, 400, String::new())).await;
    let error = get(&server.client_with_exchange()).await.unwrap_err();
    assert!(
        matches!(
            error.cause(),
            Some(Cause::CredentialsRefused { ahead: None, .. })
        ),
        "{error:?}"
    );
    assert_eq!(server.count(TOKEN), 1);
}
