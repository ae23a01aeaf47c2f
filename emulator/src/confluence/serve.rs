//! A running Confluence, and its record of requests.

use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use hyper::body::Incoming;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::server::converse;
use crate::tls::Authority;

use super::answers::answer;
use super::site::ConfluenceSite;

/// The options of a new Confluence.
#[derive(Clone, Debug, Default)]
pub struct ConfluenceOptions {
    /// The contents.
    pub site: ConfluenceSite,
    /// The host names in the certificate, besides those of the loopback interface.
    pub host_names: Vec<String>,
    /// The port, or none for any free port.
    pub port: Option<u16>,
}

/// A request that a Confluence has received.
#[derive(Clone, Debug)]
pub struct ConfluenceRequest {
    /// The method.
    pub method: String,
    /// The path, and the query if there is one.
    pub target: String,
    /// The value of `Authorization`.
    pub authorization: Option<String>,
    /// The names of all headers.
    pub headers: Vec<String>,
    /// The status of the response.
    pub status: u16,
}

/// A running Confluence. It stops when it is dropped.
#[derive(Debug)]
pub struct Confluence {
    shared: Arc<Shared>,
    url: String,
    port: u16,
    stop: CancellationToken,
}

#[derive(Debug)]
struct Shared {
    site: Mutex<ConfluenceSite>,
    requests: Mutex<Vec<ConfluenceRequest>>,
}

impl Confluence {
    /// Starts a Confluence on the loopback interface.
    pub(crate) async fn start(
        options: ConfluenceOptions,
        authority: Option<&Authority>,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let listener = TcpListener::bind(("127.0.0.1", options.port.unwrap_or(0))).await?;
        let port = listener.local_addr()?.port();
        let tls = match authority {
            Some(authority) => Some(authority.acceptor(&options.host_names, false)?),
            None => None,
        };
        let context_path = &options.site.context_path;
        let url = if tls.is_some() {
            format!("https://localhost:{port}{context_path}")
        } else {
            format!("http://127.0.0.1:{port}{context_path}")
        };
        let shared = Arc::new(Shared {
            site: Mutex::new(options.site),
            requests: Mutex::default(),
        });
        let stop = CancellationToken::new();
        tokio::spawn(serve(listener, tls, Arc::clone(&shared), stop.clone()));
        Ok(Self {
            shared,
            url,
            port,
            stop,
        })
    }

    /// The URL on the loopback interface, with the context path.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Changes the contents or the behavior.
    pub fn change(&self, change: impl FnOnce(&mut ConfluenceSite)) {
        change(&mut self.shared.site());
    }

    /// The requests so far, in the order of their arrival.
    pub fn requests(&self) -> Vec<ConfluenceRequest> {
        self.shared.requests().clone()
    }

    /// Clears the record of requests.
    pub fn clear_requests(&self) {
        self.shared.requests().clear();
    }
}

impl Drop for Confluence {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Shared {
    fn site(&self) -> MutexGuard<'_, ConfluenceSite> {
        self.site.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn requests(&self) -> MutexGuard<'_, Vec<ConfluenceRequest>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    shared: Arc<Shared>,
    stop: CancellationToken,
) {
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        // Ignores a connection that closed before it was accepted.
        let Ok((stream, _)) = accepted else { continue };
        let shared = Arc::clone(&shared);
        let respond = move |request: Request<Incoming>| {
            let response = receive(&shared, request);
            async move { Ok(response) }
        };
        tokio::spawn(converse(stream, tls.clone(), stop.child_token(), respond));
    }
}

fn receive(shared: &Shared, request: Request<Incoming>) -> axum::response::Response {
    let (parts, _) = request.into_parts();
    let response = answer(&mut shared.site(), &parts);
    let target = parts.uri.path_and_query().map(ToString::to_string);
    shared.requests().push(ConfluenceRequest {
        method: parts.method.to_string(),
        target: target.unwrap_or_default(),
        authorization: authorization(&parts.headers),
        headers: parts.headers.keys().map(ToString::to_string).collect(),
        status: response.status().as_u16(),
    });
    response
}

fn authorization(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    Some(value.to_owned())
}
