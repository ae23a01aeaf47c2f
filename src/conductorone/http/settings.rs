//! The settings of a client.

use std::time::Duration;

use super::credentials::Credentials;
use super::host::BaseUrl;
use super::proxy::Proxy;

/// The longest time to connect, even if a response may take longer.
const MAX_CONNECT_TIME: Duration = Duration::from_secs(10);

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
    /// The number of requests in flight at the same time, at least 1. A request that waits for a retry does not count.
    pub max_concurrent_requests: usize,
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
    pub(super) fn timeouts(&self) -> Timeouts {
        Timeouts {
            connect: MAX_CONNECT_TIME.min(self.request_timeout),
            attempt: self.request_timeout,
        }
    }
}
