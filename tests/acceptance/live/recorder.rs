//! A proxy between the provider and a tenant that checks every exchange against the API's description.
//!
//! The provider trusts the proxy's certificate for the tenant's host. The proxy verifies the tenant's own certificate, and
//! honors the proxy and the certificate authorities of its own environment.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use conductorone_emulator::{Exchange, JournalEntry};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, RETRY_AFTER, USER_AGENT};
use http::{HeaderMap, HeaderName, Request, Response, StatusCode};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivatePkcs8KeyDer;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::contract::Description;

/// The headers that pass the proxy.
const REQUEST_HEADERS: [HeaderName; 4] = [ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT];
const RESPONSE_HEADERS: [HeaderName; 3] = [CONTENT_TYPE, DATE, RETRY_AFTER];

/// A running proxy. It stops when it is dropped.
#[derive(Debug)]
pub(super) struct Recorder {
    /// The value of `HTTPS_PROXY`.
    pub(super) url: String,
    /// The certificate authority to trust, as PEM.
    pub(super) authority: String,
    recording: Arc<Mutex<Recording>>,
    serving: JoinHandle<()>,
}

/// What the proxy has seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Recording {
    /// The operations, for example `get /api/v1/apps/{id}`.
    pub(super) operations: BTreeMap<String, Operation>,
    /// The import IDs of connectors that were created and not deleted.
    pub(super) leftovers: BTreeSet<String>,
}

/// All requests of an operation.
#[derive(Clone, Debug, Default)]
pub(super) struct Operation {
    /// The number of responses with each status.
    pub(super) statuses: BTreeMap<u16, usize>,
    /// The duration of the slowest one.
    pub(super) slowest: Duration,
    /// The differences from the API's description. None contains a value.
    pub(super) differences: BTreeSet<String>,
}

/// What all connections share.
#[derive(Clone)]
struct Tenant {
    url: String,
    client: reqwest::Client,
    acceptor: TlsAcceptor,
    recording: Arc<Mutex<Recording>>,
}

impl Recorder {
    /// Starts a proxy to the tenant at `url`, an HTTPS URL without a path.
    pub(super) async fn start(url: &str) -> Self {
        let (acceptor, authority) = certificate(host_of(url));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let redirect = reqwest::redirect::Policy::none();
        let client = reqwest::Client::builder().redirect(redirect).build();
        let recording: Arc<Mutex<Recording>> = Arc::default();
        let tenant = Tenant {
            url: url.to_owned(),
            client: client.expect("an HTTP client"),
            acceptor,
            recording: Arc::clone(&recording),
        };
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A connection that fails is the provider's to report.
                tokio::spawn(tenant.clone().serve(stream));
            }
        });
        Self {
            url: format!("http://{address}"),
            authority,
            recording,
            serving,
        }
    }

    /// Returns what the proxy has seen so far.
    pub(super) fn recording(&self) -> Recording {
        self.recording.lock().expect("no poison").clone()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Returns the host of a URL, without its port.
fn host_of(url: &str) -> String {
    let url: url::Url = url.parse().expect("a URL");
    url.host_str().expect("a host").to_owned()
}

/// Returns a certificate for the host, and the new authority that signs it.
fn certificate(host: String) -> (TlsAcceptor, String) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let authority_key = KeyPair::generate().expect("a key");
    let own = authority
        .self_signed(&authority_key)
        .expect("a certificate");
    let key = KeyPair::generate().expect("a key");
    let issuer = Issuer::new(authority, authority_key);
    let params = CertificateParams::new([host]).expect("a host name");
    let certificate = params.signed_by(&key, &issuer).expect("a certificate");
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3")
        .with_no_client_auth();
    let mut config = builder
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a matching key");
    config.alpn_protocols = vec![b"h2".to_vec()];
    (TlsAcceptor::from(Arc::new(config)), own.pem())
}

impl Tenant {
    /// Opens the tunnel that the client asks for, and serves the requests in it.
    async fn serve(self, mut stream: TcpStream) -> Option<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.ok()?);
        }
        let established = b"HTTP/1.1 200 Connection established\r\n\r\n";
        stream.write_all(established).await.ok()?;
        let stream = self.acceptor.accept(stream).await.ok()?;
        let service = service_fn(move |request| {
            let tenant = self.clone();
            async move { Ok::<_, Infallible>(tenant.answer(request).await) }
        });
        let connection = http2::Builder::new(TokioExecutor::new());
        connection
            .serve_connection(TokioIo::new(stream), service)
            .await
            .ok()
    }

    /// Forwards a request, and records the exchange.
    async fn answer(&self, request: Request<Incoming>) -> Response<reqwest::Body> {
        let (parts, body) = request.into_parts();
        let body = read(body).await;
        let path = parts.uri.path_and_query().map_or("/", |it| it.as_str());
        let outgoing = self
            .client
            .request(parts.method.clone(), format!("{}{path}", self.url));
        let outgoing = outgoing.headers(only(&parts.headers, &REQUEST_HEADERS));
        let started = Instant::now();
        let sent = outgoing.body(body.clone()).send().await;
        let received = match sent {
            Ok(response) => {
                let (status, headers) = (response.status(), response.headers().clone());
                let body = response.bytes().await;
                body.map(|body| (status, headers, body.to_vec()))
            }
            Err(error) => Err(error),
        };
        let answer = received.as_ref().ok();
        let exchange = exchange(
            &parts,
            &body,
            answer.map(|(status, _, body)| (*status, &**body)),
        );
        self.record(&exchange, started.elapsed());
        let Ok((status, headers, body)) = received else {
            let mut response = Response::new(reqwest::Body::default());
            *response.status_mut() = StatusCode::BAD_GATEWAY;
            return response;
        };
        let mut response = Response::new(reqwest::Body::from(body));
        *response.status_mut() = status;
        *response.headers_mut() = only(&headers, &RESPONSE_HEADERS);
        response
    }

    fn record(&self, exchange: &Exchange, took: Duration) {
        let finding = Description::published().check(exchange);
        let mut recording = self.recording.lock().expect("no poison");
        recording.note_connector(&finding.operation, exchange);
        let operation = recording.operations.entry(finding.operation).or_default();
        let status = exchange.request.status.unwrap_or_default();
        *operation.statuses.entry(status).or_default() += 1;
        operation.slowest = operation.slowest.max(took);
        operation.differences.extend(finding.errors);
        if status == 0 {
            let lost = "there was no response".to_owned();
            operation.differences.insert(lost);
        }
    }
}

impl Recording {
    fn note_connector(&mut self, operation: &str, exchange: &Exchange) {
        let request = &exchange.request;
        let is_deletion = operation == "delete /api/v1/apps/{app_id}/connectors/{id}";
        if is_deletion && matches!(request.status, Some(200 | 404)) {
            let path = &request.path;
            self.leftovers.retain(|id| {
                let (app, connector) = id.split_once('/').expect("an import ID");
                *path != format!("/api/v1/apps/{app}/connectors/{connector}")
            });
        }
        let creations = [
            "post /api/v1/apps/{app_id}/connectors",
            "post /api/v1/apps/{app_id}/connectors/create",
        ];
        let created = exchange.answer.as_ref();
        let created = created.and_then(|it| it.pointer("/connectorView/connector"));
        if let (true, Some(connector)) = (creations.contains(&operation), created) {
            let id = |name: &str| connector[name].as_str().unwrap_or_default();
            let import_id = format!("{}/{}", id("appId"), id("id"));
            self.leftovers.insert(import_id);
        }
    }
}

/// Returns the exchange as the check of the description expects it.
fn exchange(
    parts: &http::request::Parts,
    body: &[u8],
    answer: Option<(StatusCode, &[u8])>,
) -> Exchange {
    let text = |name: HeaderName| {
        let value = parts.headers.get(name)?.to_str().ok()?;
        Some(value.to_owned())
    };
    let content_type = text(CONTENT_TYPE);
    let is_form = content_type.as_deref() == Some("application/x-www-form-urlencoded");
    let request = JournalEntry {
        number: 0,
        connection: 0,
        http_version: format!("{:?}", parts.version),
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        body: if is_form {
            let fields = url::form_urlencoded::parse(body).into_owned();
            fields
                .map(|(name, value)| (name, Value::from(value)))
                .collect()
        } else {
            json(body)
        },
        user_agent: text(USER_AGENT),
        authorization: parts.headers.contains_key(AUTHORIZATION),
        content_type,
        status: answer.map(|(status, _)| status.as_u16()),
    };
    let answer = answer.map(|(_, body)| json(body));
    Exchange { request, answer }
}

/// Returns a body as JSON. Other content is a text, which matches no description.
fn json(body: &[u8]) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body).unwrap_or_else(|_| "not JSON".into())
}

fn only(headers: &HeaderMap, names: &[HeaderName]) -> HeaderMap {
    names
        .iter()
        .filter_map(|name| Some((name.clone(), headers.get(name)?.clone())))
        .collect()
}

async fn read(mut body: Incoming) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        bytes.extend(frame.into_data().unwrap_or_default());
    }
    bytes
}
