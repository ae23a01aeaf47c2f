//! Access tokens: when the client requests them, how often, and the errors.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::conductorone::test_support::server::{Reply, TestServer, json_reply, status};
use crate::conductorone::{Cause, Client, Error};

const TOKEN: &str = "POST /auth/v1/token";
const CONNECTOR: &str = r#"{"connectorView":{"connector":{"id":"c1","appId":"a1"}}}"#;

/// Returns a token that is valid for this number of seconds.
fn issued(number: usize, lifetime: u64) -> Reply {
    let token = format!("t{number}");
    json_reply(
        &json!({"access_token": token, "token_type": "Bearer", "expires_in": lifetime}).to_string(),
    )
}

/// Returns a JSON Web Token that expires after this number of seconds.
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
        Some(_) => json_reply(CONNECTOR),
    })
    .await;
    let client = server.client_with_exchange();
    get(&client).await.unwrap();
    get(&client).await.unwrap();
    assert_eq!(server.count(TOKEN), 1);
    // By then, nine tenths of its lifetime have passed. It does not matter whether it has expired.
    tokio::time::sleep(Duration::from_millis(900)).await;
    get(&client).await.unwrap();
    assert_eq!(server.count(TOKEN), 2);
    let last = server.seen().last().and_then(|it| it.authorization.clone());
    assert_eq!(last.as_deref(), Some("Bearer t1"));
}

/// A lifetime of zero says nothing, so the client uses the token until the server refuses it.
#[tokio::test]
async fn a_lifetime_of_zero_or_of_years_causes_no_renewal() {
    let ten_years = 10 * 365 * 86_400;
    for (lifetime, is_known) in [(0, false), (ten_years, true), (u64::MAX, false)] {
        let server = TestServer::start(move |seen, _| match seen.authorization {
            None => issued(0, lifetime),
            Some(_) => json_reply(CONNECTOR),
        })
        .await;
        let client = server.client_with_exchange();
        for _ in 0..3 {
            get(&client).await.unwrap();
        }
        let issued = client.access_token(Duration::MAX).await.unwrap();
        let known = (issued.expires_at.is_some(), issued.renew_at.is_some());
        assert_eq!(known, (is_known, is_known), "{lifetime}: {issued:?}");
        assert_eq!(server.count(TOKEN), 1, "{lifetime}");
    }
}

#[tokio::test]
async fn a_token_for_other_programs_is_young() {
    let count = AtomicUsize::new(0);
    let server = TestServer::start(move |seen, _| match seen.authorization {
        None => issued(count.fetch_add(1, Ordering::SeqCst), 600),
        Some(_) => json_reply(CONNECTOR),
    })
    .await;
    let client = server.client_with_exchange();
    let before = Timestamp::now();
    get(&client).await.unwrap();
    for (max_age, expected) in [(60, "t0"), (0, "t1"), (60, "t1")] {
        let max_age = Duration::from_secs(max_age);
        let issued = client.access_token(max_age).await.unwrap();
        assert_eq!(issued.token.expose_secret(), expected);
        assert!(!format!("{issued:?}").contains(expected), "{issued:?}");
        let (expires, renews) = (issued.expires_at.unwrap(), issued.renew_at.unwrap());
        assert_eq!(expires.subsec_nanosecond(), 0);
        let within = |time: Timestamp, seconds| {
            let age = SignedDuration::from_secs(seconds);
            let second = SignedDuration::from_secs(1);
            before + age - second <= time && time <= Timestamp::now() + age
        };
        assert!(within(expires, 600) && within(renews, 570), "{issued:?}");
    }
    // The client uses the new token, too.
    get(&client).await.unwrap();
    let last = server.seen().last().and_then(|it| it.authorization.clone());
    assert_eq!(last.as_deref(), Some("Bearer t1"));
    assert_eq!(server.count(TOKEN), 2);
}

#[tokio::test]
async fn a_configured_token_has_no_known_expiry() {
    let server = TestServer::start(|_, _| json_reply(CONNECTOR)).await;
    let issued = server.client().access_token(Duration::ZERO).await.unwrap();
    assert_eq!((issued.expires_at, issued.renew_at), (None, None));
    assert_eq!(server.count(TOKEN), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_calls_renew_a_refused_token_once() {
    let count = AtomicUsize::new(0);
    let server = TestServer::start(move |seen, _| match seen.authorization.as_deref() {
        None => issued(count.fetch_add(1, Ordering::SeqCst), 600),
        // The first token is revoked while the calls run.
        Some("Bearer t0") if !seen.line.ends_with("/first") => status(401),
        Some(_) => json_reply(CONNECTOR),
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
async fn a_token_request_is_retried_after_rate_limiting() {
    for refusal in [
        || Reply::Send(429, "retry-after: 0\r\n", String::new()),
        || status(503),
    ] {
        let server = TestServer::start(move |seen, before| match seen.authorization {
            None if before == 0 => refusal(),
            None => issued(0, 600),
            Some(_) => json_reply(CONNECTOR),
        })
        .await;
        get(&server.client_with_exchange()).await.unwrap();
        assert_eq!(server.count(TOKEN), 2);
    }
}

#[tokio::test]
async fn each_response_without_a_token_has_its_own_error() {
    type Case = (&'static str, fn() -> Reply);
    let cases: [Case; 8] = [
        (
            "Moved Permanently: the server redirected the request to login.example",
            || {
                let to = "location: https://login.example/x?secret\r\n";
                Reply::Send(301, to, String::new())
            },
        ),
        ("an HTML page instead of JSON", || {
            json_reply("<!doctype html><title>Sign in</title>")
        }),
        ("the response is not valid JSON", || {
            json_reply("access_token=t")
        }),
        ("without an access token", || {
            json_reply(r#"{"access_token":"","token_type":"Bearer"}"#)
        }),
        ("without an access token", || json_reply("")),
        ("does not contain an access token", || {
            json_reply(r#"{"access_token":7}"#)
        }),
        ("type \"DPoP\", not Bearer", || {
            json_reply(r#"{"access_token":"t","token_type":"DPoP"}"#)
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

/// Only the server's time applies, because this machine's clock may be wrong.
#[tokio::test]
async fn an_oidc_token_expired_by_the_server_s_clock_is_not_sent() {
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
            && text.ends_with("Z; get a new one (in HCP Terraform, start a new run)"),
        "{text}"
    );
    assert_eq!((server.count(TOKEN), server.seen().len()), (1, 2));
}

#[tokio::test]
async fn a_rejected_expired_oidc_token_is_reported_as_expired() {
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
async fn an_opaque_token_is_exchanged() {
    let server = TestServer::start(|seen, _| match seen.authorization {
        None => issued(0, 600),
        Some(_) => json_reply(CONNECTOR),
    })
    .await;
    for token in ["opaque", &oidc_token(-3600), &oidc_token(600)] {
        get(&server.client_with_oidc_token(token)).await.unwrap();
    }
    assert_eq!(server.count(TOKEN), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_calls_share_one_token() {
    let server = TestServer::start(|seen, _| {
        if seen.line == TOKEN {
            issued(1, 600)
        } else {
            json_reply(CONNECTOR)
        }
    })
    .await;
    let client = server.client_with_exchange();
    assert!(server.seen().is_empty(), "making a client makes no request");
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get_connector("a1", "c1").await })
        })
        .collect();
    for call in calls {
        assert!(call.await.unwrap().unwrap().is_some());
    }
    assert_eq!((server.count(TOKEN), server.count("GET ")), (1, 50));
    let seen = server.seen();
    assert!(
        seen.iter()
            .skip(1)
            .all(|seen| seen.authorization.as_deref() == Some("Bearer t1"))
    );
    let form = seen.first().map(|seen| seen.body.clone()).unwrap();
    assert!(
        form.contains("subject_token=external-token&")
            && form.contains("client_id=ci%40127.0.0.1%2Fwfe")
    );
}

#[tokio::test]
async fn waiting_calls_share_the_rejection_of_credentials() {
    let server =
        TestServer::start(|_, _| Reply::Send(401, "", r#"{"error":"invalid_client"}"#.to_owned()))
            .await;
    let client = server.client_with_exchange();
    let (a, b, c) = tokio::join!(
        client.get_connector("a1", "1"),
        client.get_connector("a1", "2"),
        client.get_connector("a1", "3")
    );
    for error in [a.unwrap_err(), b.unwrap_err(), c.unwrap_err()] {
        assert!(
            matches!(
                error.cause(),
                Some(Cause::CredentialsRefused { status: 401, .. })
            ),
            "{error:?}"
        );
        assert!(
            error
                .to_string()
                .ends_with("the credentials were refused: HTTP 401 Unauthorized: invalid_client")
        );
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let issued = AtomicUsize::new(0);
    let server = TestServer::start(move |seen, _| match seen.authorization.as_deref() {
        None => self::issued(issued.fetch_add(1, Ordering::SeqCst), 600),
        Some("Bearer t0") => status(401),
        Some(_) if seen.line.ends_with("/never") => status(401),
        Some(_) => json_reply(CONNECTOR),
    })
    .await;
    let client = server.client_with_exchange();
    assert!(client.get_connector("a1", "c1").await.unwrap().is_some());
    assert_eq!((server.count(TOKEN), server.count("GET ")), (2, 2));
    assert_eq!(
        client
            .get_connector("a1", "never")
            .await
            .unwrap_err()
            .status(),
        Some(401)
    );
    assert_eq!((server.count(TOKEN), server.count("GET ")), (3, 4));
}

#[tokio::test]
async fn a_configured_token_is_not_renewed() {
    let server = TestServer::start(|_, _| status(401)).await;
    assert_eq!(
        server
            .client()
            .get_connector("a1", "c1")
            .await
            .unwrap_err()
            .status(),
        Some(401)
    );
    assert_eq!(server.seen().len(), 1);
}
