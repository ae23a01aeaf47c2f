//! Failures of the TLS handshake.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::conductorone::test_support::server::settings;
use crate::conductorone::{BaseUrl, Cause, Client, ClientSettings, Credentials, Error};

/// Returns the error of a read from `url`.
async fn failure(url: &str) -> Error {
    let credentials = Credentials::AccessToken(SecretString::from("t"));
    let base_url = BaseUrl::from_server_url(url).unwrap();
    let client = Client::new(ClientSettings {
        base_url,
        ..settings(0, credentials)
    })
    .unwrap();
    client.delete_connector("a1", "c1").await.unwrap_err()
}

#[tokio::test]
async fn an_unknown_issuer_is_a_tls_error_and_not_retried() {
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(own.signing_key.serialize_der()).into();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = acceptor.accept(stream).await;
        }
    });
    let error = failure(&format!("https://localhost:{port}")).await;
    assert!(
        matches!(error.cause(), Some(Cause::Tls(_))) && !error.is_ambiguous(),
        "{error:?}"
    );
    assert_eq!(
        error.last_failure().map(|error| error.attempts),
        Some(1),
        "{error}"
    );
}

#[tokio::test]
async fn a_server_without_tls_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    let error = failure(&format!("https://127.0.0.1:{port}")).await;
    assert!(
        matches!(error.cause(), Some(Cause::Unreachable(_))) && !error.is_ambiguous(),
        "{error:?}"
    );
}
