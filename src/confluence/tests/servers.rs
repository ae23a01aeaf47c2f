//! Servers that say nothing about the login, or too much.

use std::time::Duration;

use tokio::net::TcpListener;

use crate::conductorone::Cause;
use crate::conductorone::test_support::log_capture::LogCapture;
use crate::conductorone::test_support::server::{Reply, status};
use crate::confluence::{NotJudged, Outcome};

use super::{TOKEN, USER, base, cloud, data_center, healthy_cloud, judge, start};

/// Returns why the check of a login at this address says nothing.
async fn reason(base: &str) -> NotJudged {
    match judge(&data_center(base)).await {
        Outcome::NotJudged(reason) => reason,
        outcome => unreachable!("{outcome:?}"),
    }
}

#[tokio::test]
async fn a_rate_limit_is_no_refusal_and_is_not_repeated() {
    let limited = || Reply::Send(429, "retry-after: 30\r\n", String::new());
    let server = start(move |_| limited()).await;
    let limit = NotJudged::RateLimited(Some(Duration::from_secs(30)));
    assert_eq!(reason(&base(&server)).await, limit);
    assert_eq!(server.lines().len(), 1);

    // A date is in the time of the server, whose clock may differ from this machine's.
    let dates =
        "date: Thu, 01 Jan 2099 00:00:00 GMT\r\nretry-after: Thu, 01 Jan 2099 00:00:30 GMT\r\n";
    let server = start(move |_| Reply::Send(429, dates, String::new())).await;
    assert_eq!(reason(&base(&server)).await, limit);

    // The login was accepted, but nobody knows whether the account is an administrator.
    let server = start(move |path| match path {
        "/wiki/rest/api/group" => limited(),
        path => healthy_cloud(path, ""),
    })
    .await;
    let outcome = judge(&cloud(&base(&server), false)).await;
    assert_eq!(outcome, Outcome::NotJudged(limit));
}

#[tokio::test]
async fn other_statuses_are_no_refusal_and_are_not_repeated() {
    for code in [400, 500, 502, 503] {
        let server = start(move |_| status(code)).await;
        let reason = reason(&base(&server)).await;
        assert!(
            matches!(reason, NotJudged::Status(status, _) if status == code),
            "{reason:?}"
        );
        assert_eq!(server.lines().len(), 1);
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_no_refusal() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = listener.local_addr().unwrap();
    drop(listener);
    let refused = reason(&format!("http://{closed}")).await;
    assert!(
        matches!(refused, NotJudged::NoAnswer(Cause::Refused(_))),
        "{refused:?}"
    );
    let unknown = reason("https://confluence.invalid").await;
    assert!(
        matches!(unknown, NotJudged::NoAnswer(Cause::Dns(_))),
        "{unknown:?}"
    );
    let server = start(|_| Reply::Drop).await;
    let lost = reason(&base(&server)).await;
    assert!(
        matches!(lost, NotJudged::NoAnswer(Cause::ConnectionLost(_))),
        "{lost:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_ends_the_check() {
    let server = start(|_| Reply::Hang).await;
    let reason = reason(&base(&server)).await;
    assert!(
        matches!(
            reason,
            NotJudged::NoAnswer(Cause::Timeout(_) | Cause::ConnectTimeout(_))
        ),
        "{reason:?}"
    );
}

#[tokio::test]
async fn an_endless_answer_is_not_read_to_its_end() {
    let head = "HTTP/1.1 200 X\r\ncontent-type: application/json\r\n\r\n{\"x\":\"";
    let server = start(move |_| Reply::Endless(head, vec![b'a'; 64 << 10])).await;
    let reason = reason(&base(&server)).await;
    assert!(
        matches!(reason, NotJudged::NoAnswer(Cause::TooLarge { .. })),
        "{reason:?}"
    );
}

#[tokio::test]
async fn neither_the_log_nor_a_message_repeats_the_login() {
    let log = LogCapture::start();
    let quoting = format!(r#"{{"message":"bad token {TOKEN}"}}"#);
    let server = start(move |_| Reply::Send(500, "", quoting.clone())).await;
    let NotJudged::Status(500, message) = reason(&base(&server)).await else {
        unreachable!("the status is 500")
    };
    assert_eq!(message.to_string(), ": bad token (masked)");
    let server = start(move |path| healthy_cloud(path, "")).await;
    assert_eq!(
        judge(&cloud(&base(&server), false)).await,
        Outcome::Accepted
    );
    let lines = log.lines().join("\n");
    assert!(lines.contains("/wiki/rest/api/user/current"), "{lines}");
    for secret in [TOKEN, "Bearer", "Basic", "712020:1", USER] {
        assert!(!lines.contains(secret), "{secret}: {lines}");
    }
}
