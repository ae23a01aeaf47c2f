//! Responses that the API never sends. Each one soon ends in an error or is tolerated, without filling the memory.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tokio::time::timeout;

use crate::conductorone::test_support::server::{Reply, TestServer, json_reply};
use crate::conductorone::{Cause, Client, Error};

/// The maximum number of bytes in the sockets of both sides.
const IN_THE_PIPES: usize = 16 << 20;
/// The maximum number of bytes that the client reads of a response.
const LIMIT: usize = 1 << 20;
/// The head of a response without a length.
const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
/// Much longer than any of these tests takes.
const TEST_TIMEOUT: Duration = Duration::from_mins(1);

async fn get(client: &Client) -> Result<Option<String>, Error> {
    let found = timeout(TEST_TIMEOUT, client.get_connector("a1", "c1")).await;
    found
        .unwrap()
        .map(|found| found.map(|connector| connector.id))
}

/// Returns a response with these additional header lines and this body.
fn http(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

fn with_length(body: &[u8]) -> Vec<u8> {
    http(&format!("content-length: {}\r\n", body.len()), body)
}

fn nested(open: &str, close: &str) -> Vec<u8> {
    let depth = 100_000;
    with_length(format!("{}{}", open.repeat(depth), close.repeat(depth)).as_bytes())
}

fn is_not_json(cause: &Cause) -> bool {
    *cause == Cause::NotJson { html: false }
}

fn is_page(cause: &Cause) -> bool {
    *cause == Cause::NotJson { html: true }
}

fn is_unexpected(cause: &Cause) -> bool {
    matches!(cause, Cause::Unexpected { .. })
}

fn is_too_large(cause: &Cause) -> bool {
    matches!(
        cause,
        Cause::TooLarge {
            limit: LIMIT,
            what: "bytes"
        }
    )
}

fn is_too_full(cause: &Cause) -> bool {
    matches!(cause, Cause::TooLarge { what: "values", .. })
}

fn is_long_text(cause: &Cause) -> bool {
    cause.to_string() == "the response contains more than 65536 bytes in one string"
}

fn is_lost(cause: &Cause) -> bool {
    matches!(cause, Cause::ConnectionLost(_))
}

/// Bodies that contain no connector.
const UNEXPECTED: [&[u8]; 7] = [
    b"",
    b" \r\n",
    b"null",
    br#"{"app":{"id":"c1"}}"#,
    br#"{"connectorView":null,"connectorView":null}"#,
    br#"{"connectorView":{"connector":null}}"#,
    br#"{"connectorView":{"connector":{}}}"#,
];

/// Bodies that are not JSON: two objects, invalid UTF-8, half a character, and UTF-16.
const NOT_JSON: [&[u8]; 4] = [
    br#"{"connectorView":null}{}"#,
    b"{\"connectorView\":{\"connector\":{\"id\":\"\xff\xfe\"}}}",
    br#"{"connectorView":{"connector":{"id":"\ud800"}}}"#,
    b"\xff\xfe{\x00}\x00",
];

/// Headers and bodies whose length is wrong or cannot be read.
const LOST: [(&str, &[u8]); 6] = [
    ("content-length: 100\r\n", b"{}"),
    ("content-length: many\r\n", b"{}"),
    ("content-length: 99999999999999999999999\r\n", b"{}"),
    ("content-length: 2\r\ncontent-length: 20\r\n", b"{}"),
    ("transfer-encoding: chunked\r\n", b"zz\r\n{}\r\n"),
    ("transfer-encoding: chunked\r\n", b"ffffffffffff\r\n{}"),
];

type Check = fn(&Cause) -> bool;

/// A description, the response, and the check of the cause.
type Case = (String, Vec<u8>, Check);

fn cases() -> Vec<Case> {
    let mut cases = others();
    for body in UNEXPECTED {
        let what = body.escape_ascii().to_string();
        cases.push((what, with_length(body), is_unexpected));
    }
    for body in NOT_JSON {
        let what = body.escape_ascii().to_string();
        cases.push((what, with_length(body), is_not_json));
    }
    for (headers, body) in LOST {
        cases.push((headers.to_owned(), http(headers, body), is_lost));
    }
    cases
}

fn others() -> Vec<Case> {
    let spaces = vec![b' '; 10 << 20];
    let unknown = format!("{{\"x\":{}", "[".repeat(100_000));
    let objects = "{\"a\":".repeat(100_000);
    let settings = format!(r#"{{"connectorView":{{"connector":{{"id":"c1","config":{objects}"#);
    let deep = format!("{{\"x\":{}", "[".repeat(1000));
    let text = format!("{{\"x\":\"{}\"}}", "x".repeat(100_000));
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xabV\xb2\x02\0\0\0\0\0";
    let zipped = format!(
        "content-encoding: gzip\r\ncontent-length: {}\r\n",
        gzip.len()
    );
    let greatest = "content-length: 18446744073709551614\r\n";
    let short = "content-length: 3\r\n";
    let header = format!("x-long: {}\r\n", "x".repeat(1 << 20));
    let headers = "x-many: x\r\n".repeat(10_000);
    let page = b"<!doctype html><title>Sign in</title>";
    let cases: [(&str, Vec<u8>, Check); 17] = [
        ("10 MB", with_length(&spaces), is_too_large),
        ("10 MB without a length", http("", &spaces), is_too_large),
        ("nested arrays", nested("[", "]"), is_too_full),
        ("nested objects", nested("{\"a\":", "}"), is_too_full),
        (
            "an unknown field",
            with_length(unknown.as_bytes()),
            is_too_full,
        ),
        (
            "nested settings",
            with_length(settings.as_bytes()),
            is_too_full,
        ),
        ("nested too deep", with_length(deep.as_bytes()), is_not_json),
        ("one long text", with_length(text.as_bytes()), is_long_text),
        ("a web page", with_length(page), is_page),
        ("a number", with_length(b"1e999"), |cause| {
            is_not_json(cause) || is_unexpected(cause)
        }),
        ("unrequested gzip", http(&zipped, gzip), is_not_json),
        (
            "a short length",
            http(short, br#"{"connectorView":null}"#),
            is_not_json,
        ),
        ("the greatest length", http(greatest, b"{}"), |cause| {
            is_lost(cause) || is_too_large(cause)
        }),
        ("a very long header", http(&header, b"{}"), is_lost),
        ("very many headers", http(&headers, b"{}"), is_lost),
        ("nothing at all", Vec::new(), is_lost),
        ("no HTTP", b"SSH-2.0-OpenSSH_9.9\r\n".to_vec(), is_lost),
    ];
    let owned = cases.map(|(what, response, check)| (what.to_owned(), response, check));
    owned.into()
}

#[tokio::test]
async fn malformed_responses_are_errors() {
    // Creates the clients in advance, because that takes a while.
    let mut prepared = Vec::new();
    for (name, response, expected) in cases() {
        let server = TestServer::start(move |_, _| Reply::Raw(response.clone())).await;
        prepared.push((name, expected, server.patient_client(), server));
    }
    let checks = prepared
        .iter()
        .map(async |(name, expected, client, server)| {
            let error = get(client).await.unwrap_err();
            let cause = error.cause().unwrap();
            assert!(expected(cause), "{name}: {error:?}");
            assert!(error.to_string().len() < 1000, "{name}: {error}");
            // Only failures that may pass are retried.
            let attempts = if is_lost(cause) { 3 } else { 1 };
            assert_eq!(server.seen().len(), attempts, "{name}");
        });
    join_all(checks).await;
}

/// Returns the error of a read whose response begins with `head` and then repeats `piece` without end. The client must
/// read little of it.
async fn endless(head: &'static str, piece: Vec<u8>, client: fn(&TestServer) -> Client) -> Cause {
    let server = TestServer::start(move |_, _| Reply::Endless(head, piece.clone())).await;
    let error = get(&client(&server)).await.unwrap_err();
    let read = server.sent() / server.seen().len();
    assert!(read < LIMIT + IN_THE_PIPES, "{head:?}: {read} bytes");
    error.cause().unwrap().clone()
}

#[tokio::test]
async fn an_endless_response_is_cut_off() {
    let ok = "HTTP/1.1 200 OK\r\n\r\n";
    let header = "HTTP/1.1 200 OK\r\nx-long: ";
    let failed = "HTTP/1.1 400 Bad Request\r\n\r\n";
    let piece = vec![b' '; 1 << 16];
    let chunk = [b"10000\r\n", piece.as_slice(), b"\r\n"].concat();
    let client = TestServer::patient_client;
    let cause = endless(ok, piece.clone(), client).await;
    assert!(is_too_large(&cause), "{cause:?}");
    let cause = endless(CHUNKED, chunk, client).await;
    assert!(is_too_large(&cause), "{cause:?}");
    let cause = endless(header, piece.clone(), client).await;
    assert!(is_lost(&cause), "{cause:?}");
    let cause = endless(failed, piece, client).await;
    assert_eq!(cause.to_string(), "HTTP 400 Bad Request");
}

#[tokio::test]
async fn an_endless_response_of_whitespace_times_out() {
    let interim = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(100);
    let zeros = vec![b'0'; 1 << 10];
    for (head, piece) in [("", interim), (CHUNKED, zeros)] {
        let cause = endless(head, piece, TestServer::client).await;
        assert!(matches!(cause, Cause::Timeout(_)), "{cause:?}");
    }
}

/// Starts a server whose lists never end. Each page has this number of rows with a text of this length.
async fn endless_list(rows: usize, length: usize) -> TestServer {
    let row =
        json!({"id": "a1", "connector": {"id": "c1", "appId": "a1"}, "text": "x".repeat(length)});
    let rows = vec![row; rows];
    TestServer::start(move |_, before| {
        let page = json!({"list": rows, "nextPageToken": before.to_string()});
        json_reply(&page.to_string())
    })
    .await
}

#[tokio::test]
async fn a_list_without_an_end_is_cut_off() {
    // A page has 1.8 MB.
    let large = endless_list(30, 60_000).await;
    let client = large.patient_client();
    let error = client.find_connectors("a1", Some).await.unwrap_err();
    assert!(
        error.to_string().contains("4194304 bytes in all pages"),
        "{error}"
    );
    assert_eq!(large.seen().len(), 3);
    let error = client.find_apps(Some).await.unwrap_err();
    assert!(
        error.to_string().contains("16777216 bytes in all pages"),
        "{error}"
    );
    assert_eq!(large.seen().len(), 3 + 10);

    let small = endless_list(1, 1).await;
    let error = small.patient_client().find_apps(Some).await.unwrap_err();
    assert!(error.to_string().contains("1000 pages"), "{error}");
    assert_eq!(small.seen().len(), 1000);
}

#[tokio::test]
async fn a_long_error_response_is_shortened() {
    let message = "very long ".repeat(400_000);
    let bodies = [
        message.clone(),
        json!({"code": 3, "message": message}).to_string(),
        json!({"code": 3, "message": 7, "details": [[[]]]}).to_string(),
        "[".repeat(1 << 20),
    ];
    for body in bodies {
        let server = TestServer::start(move |_, _| Reply::Send(400, "", body.clone())).await;
        let error = get(&server.patient_client()).await.unwrap_err();
        assert!(
            error.status() == Some(400) && error.to_string().len() < 1000,
            "{error}"
        );
    }
    for headers in [
        "retry-after: 18446744073709551615\r\n",
        "retry-after: Thu, 01 Jan 2099 00:00:00 GMT\r\n",
    ] {
        let server = TestServer::start(move |_, _| Reply::Send(429, headers, String::new())).await;
        assert_eq!(
            get(&server.patient_client()).await.unwrap_err().status(),
            Some(429),
            "{headers}"
        );
        assert_eq!(server.seen().len(), 1, "{headers}");
    }
}
