//! Sends requests to the server and reads its responses, within the limits of concurrency and size.

use std::sync::Arc;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderValue, StatusCode, Version};
use jiff::Timestamp;
use reqwest::{RequestBuilder, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use url::Url;

use super::admission::{Admission, Admitted};
use super::call::{Call, ResponseHead};
use super::call_context::CallContext;
use super::cause::{Cause, root_cause};
use super::clock::ServerClock;
use super::connection_limit;
use super::dns::SystemResolver;
use super::error::Error;
use super::host::BaseUrl;
use super::log;
use super::notices::{Notice, Notices};
use super::peer_text::PeerText;
use super::pool::{Pool, PoolSettings, PooledClient};
use super::proxy::Proxy;
use super::request::Request;
use super::response_body::{Body, ResponseLimits, SMALL_BODY};
use super::retry::{self, AttemptFailure};
use super::server_message::ServerMessage;
use super::settings::{ClientSettings, Timeouts};

/// The number of large responses in memory at the same time.
const MAX_LARGE_BODIES: usize = 1;
/// What a request waits for if the server limits the rate of requests.
pub(super) const AWAITED_RATE: &str =
    "ConductorOne to accept more requests, because it limits their rate";
/// What a request waits for if too many requests are in flight.
const AWAITED_REQUESTS: &str =
    "earlier requests to finish (max_concurrent_requests limits the number of concurrent requests)";

/// Sends requests to one host.
#[derive(Debug)]
pub(super) struct Transport {
    pool: Pool,
    base_url: BaseUrl,
    max_retries: u32,
    timeouts: Timeouts,
    admission: Admission,
    /// One permit for each large response in memory. Never closed.
    large_bodies: Arc<Semaphore>,
    clock: ServerClock,
    proxy: Option<Proxy>,
    notices: Notices,
}

impl Transport {
    /// Builds the HTTP client.
    pub(super) fn new(settings: &ClientSettings) -> Result<Self, Error> {
        let setup = PoolSettings::from(settings);
        let build = move || setup.builder(SystemResolver)?.build();
        Self::with_pool(Pool::new(build), settings)
    }

    /// Creates a transport that uses this pool.
    pub(super) fn with_pool(
        pool: reqwest::Result<Pool>,
        settings: &ClientSettings,
    ) -> Result<Self, Error> {
        Ok(Self {
            pool: pool.map_err(|error| Error::Setup(root_cause(&error)))?,
            base_url: settings.base_url.clone(),
            max_retries: settings.max_retries,
            timeouts: settings.timeouts(),
            admission: Admission::new(settings.concurrency()),
            large_bodies: Arc::new(Semaphore::new(MAX_LARGE_BODIES)),
            clock: ServerClock::default(),
            proxy: settings.proxy.clone(),
            notices: Notices::default(),
        })
    }

    /// Adds a notice for the user.
    pub(super) fn add_notice(&self, notice: Notice) {
        self.notices.add(notice);
    }

    /// Returns the new notices for the user.
    pub(super) fn take_notices(&self) -> Vec<Notice> {
        self.notices.take()
    }

    /// Returns the server's clock.
    pub(super) fn clock(&self) -> &ServerClock {
        &self.clock
    }

    pub(super) fn max_retries(&self) -> u32 {
        self.max_retries
    }

    /// Returns the number of requests that the server has accepted.
    pub(super) fn accepted(&self) -> u32 {
        self.admission.accepted()
    }

    /// Creates a call without any attempts.
    pub(super) fn call(&self, request: &Request) -> Call {
        Call::new(&self.base_url, request)
    }

    /// Waits until the request may be sent, sends it once, and reads the response. Once the request has been sent, neither
    /// a cancellation nor a deadline ends the attempt.
    pub(super) async fn attempt(
        &self,
        call: &mut Call,
        request: &Request,
        authorization: Option<&HeaderValue>,
        context: &CallContext,
    ) -> Result<Result<Body, AttemptFailure>, Error> {
        let admitted = self.admit(call, context).await?;
        call.attempts += 1;
        let started = Instant::now();
        let mut head = None;
        let limit = Some(self.timeouts.attempt);
        let response = self.send(call, request, authorization, &mut head);
        let mut outcome = log::wait_with_progress(call, "for the response", limit, response).await;
        log::attempt(call, started.elapsed(), head.as_ref(), &outcome);
        if let Some(head) = head {
            record(&admitted, &head, &mut outcome);
        }
        Ok(outcome)
    }

    /// Waits until a request may be sent.
    async fn admit(&self, call: &Call, context: &CallContext) -> Result<Admitted<'_>, Error> {
        let what = if self.admission.is_paced() {
            "for ConductorOne to accept more requests"
        } else {
            "for earlier requests to finish"
        };
        let entered = self.admission.enter(context);
        let entered = log::wait_with_progress(call, what, context.time_left(), entered).await;
        entered.map_err(|interruption| {
            Error::interrupted(interruption).awaiting(if self.admission.is_paced() {
                AWAITED_RATE
            } else {
                AWAITED_REQUESTS
            })
        })
    }

    /// Sends the request, and sets `head` as soon as the head of the response has arrived.
    async fn send(
        &self,
        call: &Call,
        request: &Request,
        authorization: Option<&HeaderValue>,
        head: &mut Option<ResponseHead>,
    ) -> Result<Body, AttemptFailure> {
        let client = self.pool.current();
        let outgoing = self.outgoing(&client, call, request, authorization)?;
        let sent = connection_limit::mark_as_waiting(outgoing.send()).await;
        let through = |error| {
            Cause::from_client_error(&error, self.timeouts).through_proxy(self.proxy.as_ref())
        };
        let replace = |cause: &Cause| self.pool.replace_after(&client, cause);
        let mut response = sent.map_err(through).inspect_err(replace)?;
        self.clock.observe(response.headers(), Timestamp::now());
        let status = response.status();
        *head = Some(ResponseHead::new(&response));
        let body = self.read(&mut response, request.limits).await;
        let body = body.inspect_err(replace);
        if let Ok(body) = &body {
            log::body(call, "response", &body.bytes);
        }
        if status.is_success() {
            return Ok(body?);
        }
        // The error status counts even if the body was lost.
        let cause = unsuccessful(&response, &body.unwrap_or_default().bytes);
        Err(AttemptFailure {
            cause,
            retry_after: retry::retry_after(response.headers(), self.clock.at(Timestamp::now())),
        })
    }

    /// Builds the request with all its headers.
    fn outgoing(
        &self,
        client: &PooledClient,
        call: &Call,
        request: &Request,
        authorization: Option<&HeaderValue>,
    ) -> Result<RequestBuilder, Cause> {
        let url = self.base_url.join(&request.path, &request.query);
        let mut outgoing = client.http.request(request.method.clone(), url);
        outgoing = outgoing
            .timeout(self.timeouts.attempt)
            .header(ACCEPT, "application/json");
        if let Some(payload) = request.payload()? {
            log::body(call, "request", &payload.bytes);
            outgoing = outgoing
                .header(CONTENT_TYPE, payload.content_type)
                .body(payload.bytes);
        }
        if let Some(authorization) = authorization {
            outgoing = outgoing.header(AUTHORIZATION, authorization.clone());
        }
        Ok(outgoing)
    }

    /// Reads a body in pieces, so that an endless one does not fill the memory. A large body waits for a permit before
    /// it gets large. Of an error response, reads only the beginning.
    async fn read(&self, response: &mut Response, limits: ResponseLimits) -> Result<Body, Cause> {
        let is_success = response.status().is_success();
        let limits = if is_success {
            limits
        } else {
            ResponseLimits::ERROR
        };
        let mut body = Body::default();
        // A body that is known to be large waits before it fills any buffer.
        let length = response.content_length().unwrap_or_default();
        if is_success && usize::try_from(length).is_ok_and(|length| length > SMALL_BODY) {
            body.permit = self.large_body_permit().await;
        }
        while let Some(piece) = response
            .chunk()
            .await
            .map_err(|error| Cause::from_client_error(&error, self.timeouts))?
        {
            if !is_success {
                let room = limits.bytes.saturating_sub(body.bytes.len());
                let begin = piece.get(..room).unwrap_or(&piece);
                if body.add(begin, limits).is_err() || begin.len() < piece.len() {
                    break;
                }
                continue;
            }
            if body.permit.is_none() && body.is_large_with(&piece) {
                body.permit = self.large_body_permit().await;
            }
            body.add(&piece, limits)?;
        }
        Ok(body)
    }

    /// Waits until a large response may be read.
    async fn large_body_permit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.large_bodies).acquire_owned().await.ok()
    }
}

/// Records whether the server accepted a request, apart from failures of its own. A refused request then waits as long
/// as all others.
fn record(
    admitted: &Admitted<'_>,
    head: &ResponseHead,
    outcome: &mut Result<Body, AttemptFailure>,
) {
    if head.status == StatusCode::TOO_MANY_REQUESTS {
        if let Err(failure) = outcome {
            let pause = admitted.refused(failure.retry_after);
            failure.retry_after = failure.retry_after.max(Some(pause));
        }
    } else if !head.status.is_server_error() {
        admitted.accepted(head.version == Version::HTTP_2);
    }
}

/// Returns the cause for an unsuccessful response.
fn unsuccessful(response: &Response, body: &[u8]) -> Cause {
    let status = response.status().as_u16();
    if !response.status().is_redirection() {
        return Cause::Status {
            status,
            message: ServerMessage::read(body),
        };
    }
    // Keeps only the host, because a redirect to a login page has tokens in its query.
    let target =
        header_text(response.headers(), LOCATION.as_str()).and_then(|to| Url::parse(&to).ok());
    let host = target.and_then(|to| to.host_str().map(str::to_owned));
    Cause::Redirect {
        status,
        host: host
            .filter(|host| Some(host.as_str()) != response.url().host_str())
            .map(PeerText::from),
    }
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
