//! Responses that the API never sends. Each one soon ends in an error or is tolerated, without filling the memory.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tokio::time::timeout;

use crate::conductorone::test_support::server::{Reply, TestServer};
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

fn has_too_many_values(cause: &Cause) -> bool {
    matches!(cause, Cause::TooLarge { what: "values", .. })
}

fn is_lost(cause: &Cause) -> bool {
    matches!(cause, Cause::ConnectionLost(_))
}

type Case = (&'static str, fn() -> Vec<u8>, fn(&Cause) -> bool);

const ANSWERS: &[Case] = &[
    ("10 MB", || with_length(&vec![b' '; 10 << 20]), is_too_large),
    (
        "10 MB without a length",
        || http("", &vec![b' '; 10 << 20]),
        is_too_large,
    ),
    ("nested arrays", || nested("[", "]"), has_too_many_values),
    (
        "nested objects",
        || nested("{\"a\":", "}"),
        has_too_many_values,
    ),
    (
        "nested in an unknown field",
        || with_length(format!("{{\"x\":{}", "[".repeat(100_000)).as_bytes()),
        has_too_many_values,
    ),
    (
        "nested in the settings",
        || {
            let settings = "{\"a\":".repeat(100_000);
            let body = format!(
                "{{\"connectorView\":{{\"connector\":{{\"id\":\"c1\",\"config\":{settings}"
            );
            with_length(body.as_bytes())
        },
        has_too_many_values,
    ),
    (
        "nested too deep",
        || with_length(format!("{{\"x\":{}", "[".repeat(1000)).as_bytes()),
        is_not_json,
    ),
    (
        "one long text",
        || with_length(format!("{{\"x\":\"{}\"}}", "x".repeat(100_000)).as_bytes()),
        |cause| cause.to_string() == "the response contains more than 65536 bytes in one string",
    ),
    (
        "a web page",
        || with_length(b"<!doctype html><title>Sign in</title>"),
        is_page,
    ),
    ("nothing", || with_length(b""), is_unexpected),
    ("white space", || with_length(b" \r\n"), is_unexpected),
    ("null", || with_length(b"null"), is_unexpected),
    (
        "a number",
        || with_length(b"1e999"),
        |cause| is_not_json(cause) || is_unexpected(cause),
    ),
    (
        "another object",
        || with_length(br#"{"app":{"id":"c1"}}"#),
        is_unexpected,
    ),
    (
        "two objects",
        || with_length(br#"{"connectorView":null}{}"#),
        is_not_json,
    ),
    (
        "twice the same field",
        || with_length(br#"{"connectorView":null,"connectorView":null}"#),
        is_unexpected,
    ),
    (
        "no connector",
        || with_length(br#"{"connectorView":{"connector":null}}"#),
        is_unexpected,
    ),
    (
        "no id",
        || with_length(br#"{"connectorView":{"connector":{}}}"#),
        is_unexpected,
    ),
    (
        "not UTF-8",
        || with_length(b"{\"connectorView\":{\"connector\":{\"id\":\"\xff\xfe\"}}}"),
        is_not_json,
    ),
    (
        "half a character",
        || with_length(br#"{"connectorView":{"connector":{"id":"\ud800"}}}"#),
        is_not_json,
    ),
    ("UTF-16", || with_length(b"\xff\xfe{\x00}\x00"), is_not_json),
    (
        "gzip that nobody asked for",
        || {
            let body = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xabV\xb2\x02\0\0\0\0\0";
            let headers = format!(
                "content-encoding: gzip\r\ncontent-length: {}\r\n",
                body.len()
            );
            http(&headers, body)
        },
        is_not_json,
    ),
    (
        "a length that is too long",
        || http("content-length: 100\r\n", b"{}"),
        is_lost,
    ),
    (
        "a length that is too short",
        || http("content-length: 3\r\n", br#"{"connectorView":null}"#),
        is_not_json,
    ),
    (
        "a length that is no number",
        || http("content-length: many\r\n", b"{}"),
        is_lost,
    ),
    (
        "a length beyond all numbers",
        || http("content-length: 99999999999999999999999\r\n", b"{}"),
        is_lost,
    ),
    (
        "the greatest length",
        || http("content-length: 18446744073709551614\r\n", b"{}"),
        |cause| is_lost(cause) || is_too_large(cause),
    ),
    (
        "two lengths",
        || http("content-length: 2\r\ncontent-length: 20\r\n", b"{}"),
        is_lost,
    ),
    (
        "a piece of a wrong length",
        || http("transfer-encoding: chunked\r\n", b"zz\r\n{}\r\n"),
        is_lost,
    ),
    (
        "a piece without an end",
        || http("transfer-encoding: chunked\r\n", b"ffffffffffff\r\n{}"),
        is_lost,
    ),
    (
        "a very long header",
        || http(&format!("x-long: {}\r\n", "x".repeat(1 << 20)), b"{}"),
        is_lost,
    ),
    (
        "very many headers",
        || http(&"x-many: x\r\n".repeat(10_000), b"{}"),
        is_lost,
    ),
    ("no HTTP", || b"SSH-2.0-OpenSSH_9.9\r\n".to_vec(), is_lost),
    ("nothing at all", Vec::new, is_lost),
];

#[tokio::test]
async fn malformed_responses_are_errors() {
    // Creates the clients in advance, because that takes a while.
    let mut prepared = Vec::new();
    for case @ (_, bytes, _) in ANSWERS {
        let server = TestServer::start(|_, _| Reply::Raw(bytes())).await;
        prepared.push((case, server.patient_client(), server));
    }
    join_all(
        prepared
            .iter()
            .map(async |((name, _, expected), client, server)| {
                let error = get(client).await.unwrap_err();
                let cause = error.cause().unwrap();
                assert!(expected(cause), "{name}: {error:?}");
                assert!(error.to_string().len() < 1000, "{name}: {error}");
                // Only failures that may pass are retried.
                let attempts = if is_lost(cause) { 3 } else { 1 };
                assert_eq!(server.seen().len(), attempts, "{name}");
            }),
    )
    .await;
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
