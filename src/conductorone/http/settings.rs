//! The settings of a client.

use std::time::Duration;

use super::credentials::Credentials;
use super::host::BaseUrl;
use super::proxy::Proxy;

/// The longest time to connect, even if a response may take longer.
const MAX_CONNECT_TIME: Duration = Duration::from_secs(10);

/// The number of requests in flight if none is configured. With HTTP/2, they share one connection. The responses of
/// this many requests fit into the memory.
const DEFAULT_CONCURRENCY: Concurrency = Concurrency {
    start: 32,
    most: 128,
};

/// The settings of a client for one tenant.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// The tenant.
    pub base_url: BaseUrl,
    /// The credentials that the client signs in with.
    pub credentials: Credentials,
    /// The value of the `User-Agent` header.
    pub user_agent: String,
    /// The number of times that a failed request is retried, if it may be retried at all.
    pub max_retries: u32,
    /// The time for one attempt, from connecting to the end of the response.
    pub request_timeout: Duration,
    /// The proxy between this machine and the tenant, if there is one.
    pub proxy: Option<Proxy>,
    /// The highest number of requests in flight at the same time, at least 1. A request that waits for a retry does not
    /// count. `None` means 32, and up to 128 with HTTP/2 as long as the server accepts more requests.
    pub max_concurrent_requests: Option<u32>,
}

/// The number of requests in flight at the same time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Concurrency {
    /// The number at first. With HTTP/1.1, it is the highest number, because each request needs a connection.
    pub(super) start: u32,
    /// The highest number with HTTP/2.
    pub(super) most: u32,
}

/// The time limits of one attempt.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Timeouts {
    /// The time to connect.
    pub(super) connect: Duration,
    /// The time for the whole attempt.
    pub(super) attempt: Duration,
}

impl ClientSettings {
    pub(super) fn concurrency(&self) -> Concurrency {
        let configured = self.max_concurrent_requests.map(|most| most.max(1));
        configured.map_or(DEFAULT_CONCURRENCY, |most| Concurrency {
            start: most,
            most,
        })
    }

    pub(super) fn timeouts(&self) -> Timeouts {
        Timeouts {
            connect: MAX_CONNECT_TIME.min(self.request_timeout),
            attempt: self.request_timeout,
        }
    }
}
