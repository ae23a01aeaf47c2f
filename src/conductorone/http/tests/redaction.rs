//! Secrets that a server repeats.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use secrecy::SecretString;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::conductorone::test_support::log_capture::LogCapture;
use crate::conductorone::test_support::server::{Reply, TestServer, json_reply, settings};
use crate::conductorone::{BaseUrl, Client, ClientSettings, Credentials, Error};

/// The secret part of an access token, with characters that most encodings change.
const TOKEN: &str = "tOk3n\\%&/=+~\"of-the-tests";
/// The part that is the same in most encodings.
const UNCHANGED_PART: &str = "of-the-tests";

fn client(url: &str) -> Client {
    let credentials = Credentials::AccessToken(SecretString::from(TOKEN));
    Client::new(ClientSettings {
        base_url: BaseUrl::from_server_url(url).unwrap(),
        max_retries: 0,
        ..settings(0, credentials)
    })
    .unwrap()
}

async fn failure(client: &Client) -> Error {
    client.get_connector("a1", "c1").await.unwrap_err()
}

fn assert_masked(what: &str, text: &str) {
    assert!(text.contains("(masked)"), "{what}: {text}");
    assert!(
        !text.to_lowercase().contains(UNCHANGED_PART),
        "{what}: {text}"
    );
}

#[tokio::test]
async fn the_log_contains_neither_headers_nor_queries() {
    let log = LogCapture::start();
    let cookie = "set-cookie: session=of-the-server\r\n";
    let server = TestServer::start(move |_, _| Reply::Send(200, cookie, "{}".to_owned())).await;
    let client = client(&format!("http://127.0.0.1:{}", server.port));
    let found = client.find_apps(Some).await.unwrap();
    assert_eq!(found.len(), 0);
    let (lines, seen) = (log.lines().join("\n"), server.seen());
    assert!(seen[0].line.contains("page_size="), "{seen:?}");
    assert!(lines.contains("/api/v1/apps"), "{lines}");
    for absent in [
        "page_size",
        UNCHANGED_PART,
        "Bearer",
        "user-agent",
        "cookie",
        "of-the-server",
    ] {
        assert!(!lines.contains(absent), "{absent}: {lines}");
    }
}

#[tokio::test]
async fn a_secret_is_masked_in_every_encoding() {
    for (what, status, headers, body) in [
        ("text", 400, "", TOKEN.to_owned()),
        ("JSON", 400, "", json!({ "message": TOKEN }).to_string()),
        (
            "JSON in JSON",
            500,
            "",
            json!({ "message": json!({ "t": TOKEN }).to_string() }).to_string(),
        ),
        (
            "Go",
            403,
            "",
            json!({ "message": format!("token {TOKEN:?} is unknown") }).to_string(),
        ),
        (
            "OAuth",
            401,
            "",
            json!({ "error": "invalid", "error_description": TOKEN.to_uppercase() }).to_string(),
        ),
        (
            "percent",
            400,
            "",
            "t=tOk3n%5C%25%26%2F%3D%2B%7E%22of-the-tests".to_owned(),
        ),
        (
            "HTML",
            400,
            "",
            "t: tOk3n\\%&amp;/=+~&quot;of-the-tests".to_owned(),
        ),
        (
            "a redirect",
            302,
            "location: https://secret-token:conductorone.com@login.example/\r\n",
            TOKEN.to_owned(),
        ),
    ] {
        let server =
            TestServer::start(move |_, _| Reply::Send(status, headers, body.clone())).await;
        let error = failure(&client(&format!("http://127.0.0.1:{}", server.port))).await;
        let text = format!("{error} {error:?}");
        assert!(
            !text.to_lowercase().contains(UNCHANGED_PART),
            "{what}: {text}"
        );
        assert_eq!(error.status(), Some(status), "{what}: {error}");
    }
}

#[tokio::test]
async fn the_host_of_a_redirect_is_masked() {
    let token = "ab12-cd34-ef56";
    let server = TestServer::start(|_, _| {
        Reply::Send(
            302,
            "location: https://AB12-cd34-ef56.example/\r\n",
            String::new(),
        )
    })
    .await;
    let credentials = Credentials::AccessToken(SecretString::from(token));
    let error = failure(&Client::new(settings(server.port, credentials)).unwrap()).await;
    assert!(error.to_string().contains("to (masked).example"), "{error}");
}

#[tokio::test]
async fn the_type_of_a_token_is_masked() {
    let server = TestServer::start(|_, _| {
        json_reply(
            &json!({"access_token": "x", "token_type": "Bearer oidc-t0ken-of-a-test"}).to_string(),
        )
    })
    .await;
    let client = server.client_with_oidc_token("oidc-t0ken-of-a-test");
    assert_masked("token_type", &failure(&client).await.to_string());
}

#[tokio::test]
async fn the_id_of_a_request_is_masked() {
    let log = LogCapture::start();
    let server = TestServer::start(|_, _| {
        let headers = "x-request-id: tOk3n\\%&/=+~\"of-the-tests\r\n";
        Reply::Send(404, headers, String::new())
    })
    .await;
    let client = client(&format!("http://127.0.0.1:{}", server.port));
    client.get_connector("a1", "c1").await.unwrap();
    let lines = log.lines();
    let about = lines.iter().find(|line| line.contains("request_id"));
    assert_masked("x-request-id", about.unwrap());
}

/// Returns the frames of a server that closes an HTTP/2 connection with this reason.
fn goaway_frames(explanation: &str) -> Vec<u8> {
    let (settings, goaway) = (4, 7);
    let frame = |kind: u8, content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&length[1..], &[kind, 0, 0, 0, 0, 0], content].concat()
    };
    let (last_stream, internal_error) = (0_u32.to_be_bytes(), 2_u32.to_be_bytes());
    let reason = [&last_stream, &internal_error, explanation.as_bytes()].concat();
    [frame(settings, &[]), frame(goaway, &reason)].concat()
}

#[tokio::test]
async fn the_reason_in_a_goaway_frame_is_masked() {
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(own.signing_key.serialize_der()).into();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let _ = stream
                    .write_all(&goaway_frames(&format!("{TOKEN} {}", "x".repeat(900))))
                    .await;
                let _ = stream.read_to_end(&mut Vec::new()).await;
            }
        }
    });
    let trusting = reqwest::Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .no_proxy()
        .build()
        .unwrap();
    // Registers the token as a secret.
    client(&format!("https://localhost:{port}"));
    let error = trusting
        .get(format!("https://localhost:{port}"))
        .send()
        .await
        .unwrap_err();
    let cause = crate::conductorone::Cause::from_client_error(&error, <_>::default()).to_string();
    assert_masked("GOAWAY", &cause);
    assert!(cause.len() < 1000, "{cause}");
}
