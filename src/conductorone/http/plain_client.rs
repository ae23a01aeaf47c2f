//! Single requests to other servers than ConductorOne.
//!
//! They use the same proxy, names, root certificates, limits and masking as requests to ConductorOne, but none of its
//! credentials. They are never repeated, because a server may count failed logins.

use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, LOCATION};
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use reqwest::Response;
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use url::Url;

use super::cause::{Cause, root_cause};
use super::clock::ServerClock;
use super::dns::SystemResolver;
use super::log;
use super::pool::PoolSettings;
use super::proxy::Proxy;
use super::response_body::{Body, ResponseLimits};
use super::retry;
use super::server_message::{ServerMessage, is_html};
use super::settings::Timeouts;

/// The time to connect.
const CONNECT_TIME: Duration = Duration::from_secs(10);
/// The limits of any response.
const LIMITS: ResponseLimits = ResponseLimits::ERROR;

/// A client for a few requests to one server. Drop it afterwards, so that the server cannot keep sending.
#[derive(Debug)]
pub(crate) struct PlainClient {
    http: reqwest::Client,
    timeouts: Timeouts,
    proxy: Option<Proxy>,
}

/// A response, whatever its status.
#[derive(Debug)]
pub(crate) struct PlainResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// The target of a redirect.
    pub(crate) redirect: Option<Url>,
    body: Vec<u8>,
}

impl PlainClient {
    /// Builds a client whose requests take at most `time` each.
    pub(crate) fn new(
        user_agent: &str,
        time: Duration,
        proxy: Option<Proxy>,
    ) -> Result<Self, Cause> {
        let setup = PoolSettings::plain(user_agent, CONNECT_TIME.min(time), proxy.clone());
        let http = setup
            .builder(SystemResolver)
            .and_then(reqwest::ClientBuilder::build)
            .map_err(|error| Cause::Unsendable(root_cause(&error)))?;
        let timeouts = Timeouts {
            connect: CONNECT_TIME.min(time),
            attempt: time,
        };
        Ok(Self {
            http,
            timeouts,
            proxy,
        })
    }

    /// Sends one GET request for JSON. Follows no redirect.
    pub(crate) async fn get(
        &self,
        url: Url,
        authorization: &HeaderValue,
    ) -> Result<PlainResponse, Cause> {
        let started = Instant::now();
        let received = self.receive(url.clone(), authorization).await;
        let (status, failure) = match &received {
            Ok(response) => (Some(response.status), None),
            Err(cause) => (None, Some(cause)),
        };
        log::plain_request(&url, started.elapsed(), status, failure);
        received
    }

    async fn receive(&self, url: Url, authorization: &HeaderValue) -> Result<PlainResponse, Cause> {
        let mut authorization = authorization.clone();
        authorization.set_sensitive(true);
        let request = self
            .http
            .get(url)
            .timeout(self.timeouts.attempt)
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, authorization);
        let sent = request.send().await;
        let mut response = sent.map_err(|error| {
            Cause::from_client_error(&error, self.timeouts).through_proxy(self.proxy.as_ref())
        })?;
        let body = self.read(&mut response).await;
        let is_success = response.status().is_success();
        let target = response.headers().get(LOCATION);
        let redirect = target
            .filter(|_| response.status().is_redirection())
            .and_then(|target| response.url().join(target.to_str().ok()?).ok());
        Ok(PlainResponse {
            status: response.status().as_u16(),
            redirect,
            // An error status counts even if the body was lost or is too large.
            body: if is_success {
                body?
            } else {
                body.unwrap_or_default()
            },
            headers: std::mem::take(response.headers_mut()),
        })
    }

    async fn read(&self, response: &mut Response) -> Result<Vec<u8>, Cause> {
        let mut body = Body::default();
        while let Some(piece) = response
            .chunk()
            .await
            .map_err(|error| Cause::from_client_error(&error, self.timeouts))?
        {
            body.add(&piece, LIMITS)?;
        }
        Ok(body.bytes)
    }
}

impl PlainResponse {
    /// Decodes the body. `None` if it is not such a JSON object.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Returns whether the body is a web page.
    pub(crate) fn is_html(&self) -> bool {
        is_html(&self.body)
    }

    /// Returns the message of an error response.
    pub(crate) fn message(&self) -> ServerMessage {
        ServerMessage::read(&self.body)
    }

    /// Returns the header `Retry-After`. A date in it is compared with the server's clock.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let (clock, now) = (ServerClock::default(), Timestamp::now());
        clock.observe(&self.headers, now);
        retry::retry_after(&self.headers, clock.at(now))
    }
}
