//! The HTTP client with its connections, which are given up after a request that got no answer.
//!
//! A request that ends leaves its HTTP/2 connection in the HTTP client, and frames that arrive there are read whether or
//! not a request waits for them. A server that sends them without end would keep a processor busy for as long as the
//! provider runs.

use std::fmt;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use reqwest::dns::Resolve;

use super::cause::Cause;
use super::connection_limit::ConnectionLimit;
use super::dns::LoopbackResolver;
use super::proxy::Proxy;
use super::settings::ClientSettings;

/// Bytes that an HTTP/2 server may send on all streams, and on one, before they are read. What waits for its turn is not
/// read, and must leave room for the answer whose turn it is.
const WINDOWS: (u32, u32) = (4 << 20, 128 << 10);

type Build = dyn Fn() -> reqwest::Result<reqwest::Client> + Send + Sync;

/// An HTTP client that can be replaced by one with the same settings and without connections.
pub(super) struct Pool {
    build: Box<Build>,
    current: RwLock<PooledClient>,
}

/// One HTTP client, and how many there were before it. Its connections are closed after it was replaced, as soon as
/// the last of its requests has ended.
#[derive(Clone)]
pub(super) struct PooledClient {
    pub(super) http: reqwest::Client,
    number: usize,
}

impl Pool {
    /// Builds the first client, and keeps `build` for those to come.
    pub(super) fn new(
        build: impl Fn() -> reqwest::Result<reqwest::Client> + Send + Sync + 'static,
    ) -> reqwest::Result<Self> {
        let first = PooledClient {
            http: build()?,
            number: 0,
        };
        Ok(Self {
            build: Box::new(build),
            current: RwLock::new(first),
        })
    }

    /// The client for the next request.
    pub(super) fn current(&self) -> PooledClient {
        let current = self.current.read();
        current.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the client of a request that failed, if its connection may go on sending. Of all requests that fail with
    /// the same client, the first replaces it.
    pub(super) fn failed(&self, with: &PooledClient, cause: &Cause) {
        if !matches!(cause, Cause::Timeout(_) | Cause::TooLarge { .. }) {
            return;
        }
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.number != with.number {
            return;
        }
        // It was built with the same settings before. Should it fail now, the old one is better than none.
        if let Ok(http) = (self.build)() {
            *current = PooledClient {
                http,
                number: with.number + 1,
            };
        }
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pool")
    }
}

/// What an HTTP client is built from: the settings without the credentials, of which there need be no further copy.
pub(super) struct PoolSettings {
    user_agent: String,
    connect_timeout: Duration,
    connections: usize,
    https_only: bool,
    proxy: Option<Proxy>,
}

impl From<&ClientSettings> for PoolSettings {
    fn from(settings: &ClientSettings) -> Self {
        Self {
            user_agent: settings.user_agent.clone(),
            connect_timeout: settings.timeouts().connect,
            connections: settings.max_concurrent_requests.max(1),
            https_only: !settings.base_url.is_loopback(),
            proxy: settings.proxy.clone(),
        }
    }
}

impl PoolSettings {
    /// An HTTP client that speaks HTTP/2 if the server offers it, trusts the system's roots (or `SSL_CERT_FILE`), and uses
    /// no proxy but that of the settings.
    pub(super) fn builder(
        &self,
        resolver: impl Resolve + 'static,
    ) -> reqwest::Result<reqwest::ClientBuilder> {
        let builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .connect_timeout(self.connect_timeout)
            .connector_layer(ConnectionLimit::new(self.connections))
            .http2_initial_connection_window_size(WINDOWS.0)
            .http2_initial_stream_window_size(WINDOWS.1)
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(LoopbackResolver(resolver))
            .https_only(self.https_only)
            .no_proxy();
        Ok(match &self.proxy {
            Some(proxy) => builder.proxy(proxy.for_client()?),
            None => builder,
        })
    }
}
