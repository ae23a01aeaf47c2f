//! The HTTP client and its connections, which are replaced after a request without a response.
//!
//! After a request ends, its HTTP/2 connection stays open in the HTTP client, which continues to read the frames that
//! arrive. A server that sends frames without end would keep a processor busy as long as the provider runs.

use std::fmt;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use reqwest::dns::Resolve;

use super::cause::Cause;
use super::connection_limit::ConnectionLimit;
use super::dns::LoopbackResolver;
use super::proxy::Proxy;
use super::settings::ClientSettings;

/// The HTTP/2 flow control windows in bytes, for all streams together and for one stream. Large responses wait before
/// they are read, and these windows leave room for the one that is being read.
const FLOW_CONTROL_WINDOWS: (u32, u32) = (4 << 20, 128 << 10);

/// The most connections for a few requests in sequence. A server may close a connection after each response.
const PLAIN_CONNECTIONS: u32 = 16;

type Build = dyn Fn() -> reqwest::Result<reqwest::Client> + Send + Sync;

/// An HTTP client that can be replaced by a new one with the same settings and no connections.
pub(super) struct Pool {
    build: Box<Build>,
    current: RwLock<PooledClient>,
}

/// One HTTP client and its number. After its replacement, its connections close as soon as its last request ends.
#[derive(Clone)]
pub(super) struct PooledClient {
    pub(super) http: reqwest::Client,
    number: usize,
}

impl Pool {
    /// Builds the first client, and keeps `build` for its replacements.
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

    /// Returns the client for the next request.
    pub(super) fn current(&self) -> PooledClient {
        let current = self.current.read();
        current.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the client of a failed request if the server may still be sending. If several requests fail with the
    /// same client, only the first one replaces it.
    pub(super) fn replace_after(&self, with: &PooledClient, cause: &Cause) {
        if !matches!(cause, Cause::Timeout(_) | Cause::TooLarge { .. }) {
            return;
        }
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.number != with.number {
            return;
        }
        // Building with the same settings succeeded before. If it fails now, the old client stays in use.
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

/// The settings of an HTTP client. They are a part of the client's settings, so that the credentials are not copied.
pub(super) struct PoolSettings {
    user_agent: String,
    connect_timeout: Duration,
    connections: u32,
    https_only: bool,
    proxy: Option<Proxy>,
}

impl From<&ClientSettings> for PoolSettings {
    fn from(settings: &ClientSettings) -> Self {
        Self {
            user_agent: settings.user_agent.clone(),
            connect_timeout: settings.timeouts().connect,
            connections: settings.concurrency().start,
            https_only: !settings.base_url.is_loopback(),
            proxy: settings.proxy.clone(),
        }
    }
}

impl PoolSettings {
    /// The settings for a few requests to another server than ConductorOne. It may use plain HTTP.
    pub(super) fn plain(user_agent: &str, connect_timeout: Duration, proxy: Option<Proxy>) -> Self {
        Self {
            user_agent: user_agent.to_owned(),
            connect_timeout,
            connections: PLAIN_CONNECTIONS,
            https_only: false,
            proxy,
        }
    }

    /// Returns a builder for an HTTP client that uses HTTP/2 if the server offers it, trusts the system's roots (or
    /// `SSL_CERT_FILE`), and uses only the configured proxy.
    pub(super) fn builder(
        &self,
        resolver: impl Resolve + 'static,
    ) -> reqwest::Result<reqwest::ClientBuilder> {
        let builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .connect_timeout(self.connect_timeout)
            .connector_layer(ConnectionLimit::new(self.connections))
            .http2_initial_connection_window_size(FLOW_CONTROL_WINDOWS.0)
            .http2_initial_stream_window_size(FLOW_CONTROL_WINDOWS.1)
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
