//! Tokens: when they are asked for, how often, and what is said when there is none.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::conductorone::test_support::server::{Reply, TestServer, json as answer, status};
use crate::conductorone::{Cause, Client, Error};

const TOKEN: &str = "POST /auth/v1/token";
const CONNECTOR: &str = r#"{"connectorView":{"connector":{"id":"c1","appId":"a1"}}}"#;

/// A token that is good for so many seconds.
fn issued(number: usize, lifetime: u64) -> Reply {
    let token = format!("t{number}");
    answer(
        &json!({"access_token": token, "token_type": "Bearer", "expires_in": lifetime}).to_string(),
    )
}

/// A JSON Web Token that expires so many seconds from now.
fn oidc_token(seconds: i64) -> String {
    let expiry = Timestamp::now() + SignedDuration::from_secs(seconds);
    let claims = json!({"exp": expiry.as_second()}).to_string();
    format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims))
}

async fn get(client: &Client) -> Result<(), Error> {
    client.get_connector("a1", "c1").await.map(|_| ())
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires() {
    let count = AtomicUsize::new(0);
    let server = TestServer::start(move |seen, _| match seen.authorization {
        None => issued(count.fetch_add(1, Ordering::SeqCst), 1),
        Some(_) => answer(CONNECTOR),
    })
    .await;
    let client = server.client_with_exchange();
    get(&client).await.unwrap();
    get(&client).await.unwrap();
    assert_eq!(server.count(TOKEN), 1);
    // Nine tenths of its life are over by then; whether all of it is does not matter.
    tokio::time::sleep(Duration::from_millis(900)).await;
    get(&client).await.unwrap();
    assert_eq!(server.count(TOKEN), 2);
    let last = server.seen().last().and_then(|it| it.authorization.clone());
    assert_eq!(last.as_deref(), Some("Bearer t1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_many_calls_find_their_token_refused_one_of_them_renews_it() {
    let count = AtomicUsize::new(0);
    let server = TestServer::start(move |seen, _| match seen.authorization.as_deref() {
        None => issued(count.fetch_add(1, Ordering::SeqCst), 600),
        // In the middle of a run the first token ends for everybody.
        Some("Bearer t0") if !seen.line.ends_with("/first") => status(401),
        Some(_) => answer(CONNECTOR),
    })
    .await;
    let client = server.client_with_exchange();
    client.get_connector("a1", "first").await.unwrap();
    let calls: Vec<_> = (0..40)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { get(&client).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(server.count(TOKEN), 2);
}

#[tokio::test]
async fn a_token_endpoint_that_limits_the_rate_is_waited_for() {
    for refusal in [
        || Reply::Send(429, "retry-after: 0\r\n", String::new()),
        || status(503),
    ] {
        let server = TestServer::start(move |seen, before| match seen.authorization {
            None if before == 0 => refusal(),
            None => issued(0, 600),
            Some(_) => answer(CONNECTOR),
        })
        .await;
        get(&server.client_with_exchange()).await.unwrap();
        assert_eq!(server.count(TOKEN), 2);
    }
}

#[tokio::test]
async fn every_answer_without_a_token_has_its_own_error() {
    type Case = (&'static str, fn() -> Reply);
    let cases: [Case; 8] = [
        ("Moved Permanently: redirected to login.example", || {
            let to = "location: https://login.example/x?secret\r\n";
            Reply::Send(301, to, String::new())
        }),
        ("an HTML page, not JSON", || {
            answer("<!doctype html><title>Sign in</title>")
        }),
        ("not readable, not JSON", || answer("access_token=t")),
        ("without an access token", || {
            answer(r#"{"access_token":"","token_type":"Bearer"}"#)
        }),
        ("without an access token", || answer("")),
        ("does not hold an access token", || {
            answer(r#"{"access_token":7}"#)
        }),
        ("type \"DPoP\", not Bearer", || {
            answer(r#"{"access_token":"t","token_type":"DPoP"}"#)
        }),
        ("HTTP 403 Forbidden: no", || {
            Reply::Send(403, "", r#"{"error":"no"}"#.to_owned())
        }),
    ];
    for (expected, reply) in cases {
        let server = TestServer::start(move |_, _| reply()).await;
        let error = get(&server.client_with_exchange()).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{expected}: {error}");
        assert!(!error.to_string().contains("secret"), "{error}");
        assert_eq!(server.seen().len(), 1, "{expected}");
    }
}

/// Which time it is, only the server knows: this machine's clock may be wrong.
#[tokio::test]
async fn an_oidc_token_that_has_expired_by_the_server_s_clock_is_not_sent() {
    let server = TestServer::start(|seen, _| match seen.authorization {
        None => issued(0, 600),
        // The server's clock is years ahead.
        Some(_) => Reply::Send(
            401,
            "date: Thu, 01 Jan 2099 00:00:00 GMT\r\n",
            String::new(),
        ),
    })
    .await;
    let error = get(&server.client_with_oidc_token(&oidc_token(3600))).await;
    let error = error.unwrap_err();
    assert!(
        matches!(error.cause(), Some(Cause::OidcTokenExpired(_))) && !error.is_ambiguous(),
        "{error:?}"
    );
    let text = error.to_string();
    assert!(
        text.contains("the OIDC token expired at 20")
            && text.ends_with("Z; get a new one, in HCP Terraform by a new run"),
        "{text}"
    );
    assert_eq!((server.count(TOKEN), server.seen().len()), (1, 2));
}

#[tokio::test]
async fn an_oidc_token_that_is_refused_and_has_expired_says_so() {
    for (lifetime, expired) in [(-10, true), (600, false)] {
        let refusal = r#"{"error":"invalid_grant"}"#;
        let server = TestServer::start(|_, _| Reply::Send(400, "", refusal.to_owned())).await;
        let client = server.client_with_oidc_token(&oidc_token(lifetime));
        let error = get(&client).await.unwrap_err();
        let found = matches!(error.cause(), Some(Cause::OidcTokenExpired(_)));
        assert_eq!((found, server.seen().len()), (expired, 1), "{error}");
    }
}

#[tokio::test]
async fn a_token_that_is_no_jwt_is_exchanged_as_it_is() {
    let server = TestServer::start(|seen, _| match seen.authorization {
        None => issued(0, 600),
        Some(_) => answer(CONNECTOR),
    })
    .await;
    for token in ["opaque", &oidc_token(-3600), &oidc_token(600)] {
        get(&server.client_with_oidc_token(token)).await.unwrap();
    }
    assert_eq!(server.count(TOKEN), 3);
}
