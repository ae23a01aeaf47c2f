//! A filesystem mirror and a network mirror.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::files::{VERSION, sha256};
use crate::terraform::platform;

/// The provider's address. Without the host, OpenTofu would use another address.
pub(crate) const SOURCE: &str = "registry.terraform.io/conductorone/confluence";

/// Copies a zip into a filesystem mirror.
pub(crate) fn put(mirror: &Path, zip: &[u8]) {
    let folder = mirror.join(SOURCE);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join(zip_name()), zip).expect("a zip");
}

fn zip_name() -> String {
    format!("terraform-provider-confluence_{VERSION}_{}.zip", platform())
}

/// A network mirror on this machine, which stops when it is dropped.
pub(crate) struct Mirror {
    /// Its address.
    pub(crate) url: String,
    /// The certificate to trust.
    pub(crate) pem: String,
    server: JoinHandle<()>,
}

impl Mirror {
    /// Starts a mirror that announces the checksum of one zip and serves another one.
    pub(crate) async fn start(announced: &[u8], given: Vec<u8>) -> Self {
        let key =
            rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let pem = key.cert.pem();
        let secret = PrivatePkcs8KeyDer::from(key.signing_key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_single_cert(vec![key.cert.der().clone()], PrivateKeyDer::from(secret))
            .expect("a certificate and its key");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let files = Arc::new(files(announced, given));
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(acceptor.clone(), stream, Arc::clone(&files)));
            }
        });
        Self {
            url: format!("https://localhost:{port}/"),
            pem,
            server,
        }
    }
}

impl Drop for Mirror {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Returns the files of a network mirror by path.
fn files(announced: &[u8], given: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    let index = json!({"versions": {VERSION: {}}});
    let hashes = [format!("zh:{}", sha256(announced))];
    let archive = json!({"url": zip_name(), "hashes": hashes});
    let version = json!({"archives": {platform(): archive}});
    BTreeMap::from([
        (
            format!("/{SOURCE}/index.json"),
            index.to_string().into_bytes(),
        ),
        (
            format!("/{SOURCE}/{VERSION}.json"),
            version.to_string().into_bytes(),
        ),
        (format!("/{SOURCE}/{}", zip_name()), given),
    ])
}

/// Responds to one request and closes the connection. A client that disconnects early is not a failure.
async fn answer(
    acceptor: TlsAcceptor,
    stream: TcpStream,
    files: Arc<BTreeMap<String, Vec<u8>>>,
) -> std::io::Result<()> {
    let mut stream = acceptor.accept(stream).await?;
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(stream.read_u8().await?);
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let path = request.split(' ').nth(1).unwrap_or_default();
    let json = Path::new(path).extension().is_some_and(|it| it == "json");
    let kind = if json {
        "application/json"
    } else {
        "application/zip"
    };
    let (status, body) = match files.get(path) {
        Some(body) => ("200 OK", body.as_slice()),
        None => ("404 Not Found", &b""[..]),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    stream.shutdown().await
}
