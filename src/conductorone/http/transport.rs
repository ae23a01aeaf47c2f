//! The one way to the server: authentication, repeats, limits and the log.

use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use reqwest::{RequestBuilder, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use url::Url;

use super::bounds::Bounds;
use super::call::{Answer, Call};
use super::cause::{Cause, innermost};
use super::client::Settings;
use super::clock::ServerClock;
use super::connections;
use super::decode::{Body, Most, SMALL};
use super::dns::SystemResolver;
use super::error::{CallError, Error};
use super::host::BaseUrl;
use super::log;
use super::notices::{Notice, Notices};
use super::peer_text::PeerText;
use super::pool::{Generation, Pool, Setup};
use super::proxy::Proxy;
use super::request::Request;
use super::retry::{self, Failure};
use super::server_message::ServerMessage;
use super::token::{Token, TokenSource};

/// Large answers that are in memory at the same time.
const LARGE_AT_ONCE: usize = 1;
/// What a request waits for that may not be sent yet.
const TURN: &str =
    "earlier requests to end (max_concurrent_requests sets how many run at the same time)";
/// Connecting takes no longer than this, even if an answer may.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Sends requests to one host.
#[derive(Debug)]
pub(super) struct Transport {
    pool: Pool,
    base_url: BaseUrl,
    max_retries: u32,
    request_timeout: Duration,
    /// One permit for each request in flight. Never closed.
    permits: Semaphore,
    /// One permit for each large answer in memory. Never closed.
    large: Arc<Semaphore>,
    clock: ServerClock,
    proxy: Option<Proxy>,
    notices: Notices,
}

/// The head of an answer, whatever its status.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) status: StatusCode,
    pub(super) request_id: Option<PeerText>,
}

impl Transport {
    /// Builds the HTTP client.
    pub(super) fn new(settings: &Settings) -> Result<Self, Error> {
        let setup = Setup::from(settings);
        let build = move || setup.builder(SystemResolver)?.build();
        Self::over(Pool::new(build), settings)
    }

    /// Sends requests by way of this pool.
    pub(super) fn over(pool: reqwest::Result<Pool>, settings: &Settings) -> Result<Self, Error> {
        Ok(Self {
            pool: pool.map_err(|error| Error::Setup(innermost(&error)))?,
            base_url: settings.base_url.clone(),
            max_retries: settings.max_retries,
            request_timeout: settings.request_timeout,
            permits: Semaphore::new(
                settings
                    .max_concurrent_requests
                    .clamp(1, Semaphore::MAX_PERMITS),
            ),
            large: Arc::new(Semaphore::new(LARGE_AT_ONCE)),
            clock: ServerClock::default(),
            proxy: settings.proxy.clone(),
            notices: Notices::default(),
        })
    }

    /// Keeps something that the user should know.
    pub(super) fn notice(&self, notice: Notice) {
        self.notices.add(notice);
    }

    /// What the user should know and has not been told yet.
    pub(super) fn notices(&self) -> Vec<Notice> {
        self.notices.take()
    }

    /// The server's clock.
    pub(super) fn clock(&self) -> &ServerClock {
        &self.clock
    }

    /// Sends a request until it succeeds, fails for good, or the caller has no more time. Every request goes through
    /// here.
    pub(super) async fn exchange(
        &self,
        request: &Request,
        tokens: Option<&TokenSource>,
        bounds: &Bounds,
    ) -> Result<Answer, Error> {
        let mut call = Call::new(&self.base_url, request);
        let (mut repeats, mut earlier, mut rejected) = (0, None, None);
        loop {
            let (token, outcome) = self
                .attempt(&mut call, request, tokens, rejected.as_ref(), bounds)
                .await
                .map_err(|error| error.following(earlier.take()))?;
            let Failure { cause, retry_after } = match outcome {
                Ok(body) => return Ok(Answer::new(body, call)),
                Err(failure) => failure,
            };
            let renewable = rejected.is_none() && tokens.is_some_and(TokenSource::is_renewable);
            let repeatable =
                repeats < self.max_retries && retry::may_repeat(request.effect, &cause);
            let wait = retry::wait(repeats, retry_after, retry::chance());
            let error = call.failed(cause);
            match wait.filter(|_| repeatable) {
                _ if renewable && error.cause.status() == Some(401) => rejected = token,
                None => return Err(Error::Call(Box::new(error))),
                Some(wait) => {
                    log::waiting(&error, wait);
                    let what = "before the request is repeated";
                    let pause = bounds.sleep_before(wait);
                    if let Err(stop) = log::meanwhile(&call, what, Some(wait), pause).await {
                        let awaited = awaited_after(&error);
                        return Err(Error::stopped(stop)
                            .awaiting(awaited)
                            .following(Some(error)));
                    }
                    repeats += 1;
                }
            }
            earlier = Some(error);
        }
    }

    /// One attempt: waits for a token and for its turn, then sends and does not look back until the answer is there.
    async fn attempt(
        &self,
        call: &mut Call,
        request: &Request,
        tokens: Option<&TokenSource>,
        rejected: Option<&Arc<Token>>,
        bounds: &Bounds,
    ) -> Result<(Option<Arc<Token>>, Result<Body, Failure>), Error> {
        let token = match tokens {
            Some(tokens) => {
                let (what, left) = ("for an access token", bounds.time_left());
                let token = tokens.token(self, bounds, rejected);
                Some(log::meanwhile(call, what, left, token).await?)
            }
            None => None,
        };
        let left = bounds.time_left();
        let turn = bounds.wait(self.permits.acquire());
        let turn = log::meanwhile(call, "for its turn", left, turn).await;
        let _permit = turn.map_err(|stop| Error::stopped(stop).awaiting(TURN))?;
        call.attempts += 1;
        let started = Instant::now();
        let mut received = None;
        let limit = Some(self.request_timeout);
        let answer = self.send(call, request, token.as_deref(), &mut received);
        let outcome = log::meanwhile(call, "for the answer", limit, answer).await;
        log::attempt(call, started.elapsed(), received.as_ref(), &outcome);
        Ok((token, outcome))
    }

    /// Sends once, and notes the head of the answer as soon as it is there.
    async fn send(
        &self,
        call: &Call,
        request: &Request,
        token: Option<&Token>,
        received: &mut Option<Received>,
    ) -> Result<Body, Failure> {
        let limits = (
            CONNECT_TIMEOUT.min(self.request_timeout),
            self.request_timeout,
        );
        let client = self.pool.current();
        let outgoing = self.outgoing(&client, call, request, token)?;
        let sent = connections::waiting(outgoing.send()).await;
        let through = |error| Cause::of_client(&error, limits).through(self.proxy.as_ref());
        let replace = |cause: &Cause| self.pool.failed(&client, cause);
        let mut response = sent.map_err(through).inspect_err(replace)?;
        self.clock.observe(response.headers(), Timestamp::now());
        let status = response.status();
        let request_id = text_of(response.headers(), "x-request-id").map(PeerText::from);
        *received = Some(Received { status, request_id });
        let body = self.read(&mut response, request.most, limits).await;
        let body = body.inspect_err(replace);
        if let Ok(body) = &body {
            log::body(call, "answer", &body.bytes);
        }
        if status.is_success() {
            return Ok(body?);
        }
        // An error status counts even if its explanation got lost.
        let cause = refusal(&response, &body.unwrap_or_default().bytes);
        Err(Failure {
            cause,
            retry_after: retry::retry_after(response.headers(), self.clock.at(Timestamp::now())),
        })
    }

    /// The request with all its headers.
    fn outgoing(
        &self,
        client: &Generation,
        call: &Call,
        request: &Request,
        token: Option<&Token>,
    ) -> Result<RequestBuilder, Cause> {
        let url = self.base_url.join(&request.path, &request.query);
        let mut outgoing = client.http.request(request.method.clone(), url);
        outgoing = outgoing
            .timeout(self.request_timeout)
            .header(ACCEPT, "application/json");
        if let Some(payload) = request.payload()? {
            log::body(call, "request", &payload.bytes);
            outgoing = outgoing
                .header(CONTENT_TYPE, payload.content_type)
                .body(payload.bytes);
        }
        if let Some(token) = token {
            outgoing = outgoing.header(AUTHORIZATION, token.header.clone());
        }
        Ok(outgoing)
    }

    /// Reads a body piece by piece, so that an endless one does not fill the memory. A large one waits for its turn before
    /// it gets large. Of what a refusal says, only the beginning is read.
    async fn read(
        &self,
        response: &mut Response,
        most: Most,
        limits: (Duration, Duration),
    ) -> Result<Body, Cause> {
        let is_success = response.status().is_success();
        let most = if is_success { most } else { Most::REFUSAL };
        let mut body = Body::default();
        // Without its turn, such an answer need not begin to fill buffers.
        let length = response.content_length().unwrap_or_default();
        if is_success && usize::try_from(length).is_ok_and(|length| length > SMALL) {
            body.permit = self.turn().await;
        }
        while let Some(piece) = response
            .chunk()
            .await
            .map_err(|error| Cause::of_client(&error, limits))?
        {
            if !is_success {
                let room = most.bytes.saturating_sub(body.bytes.len());
                let begin = piece.get(..room).unwrap_or(&piece);
                if body.add(begin, most).is_err() || begin.len() < piece.len() {
                    break;
                }
                continue;
            }
            if body.permit.is_none() && body.is_large_with(&piece) {
                body.permit = self.turn().await;
            }
            body.add(&piece, most)?;
        }
        Ok(body)
    }

    /// Waits until a large answer may be read.
    async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.large).acquire_owned().await.ok()
    }
}

/// What a request waits for that is to be repeated.
fn awaited_after(error: &CallError) -> &'static str {
    match error.cause.status() {
        Some(429) => "ConductorOne to accept more requests, because it limits their rate",
        _ => "the next attempt at a request that failed",
    }
}

/// What an answer without success says.
fn refusal(response: &Response, body: &[u8]) -> Cause {
    let status = response.status().as_u16();
    if !response.status().is_redirection() {
        return Cause::Status {
            status,
            message: ServerMessage::read(body),
        };
    }
    // Only the host: a redirect to a login page carries tokens in its query.
    let target = text_of(response.headers(), LOCATION.as_str()).and_then(|to| Url::parse(&to).ok());
    let host = target.and_then(|to| to.host_str().map(str::to_owned));
    Cause::Redirect {
        status,
        host: host
            .filter(|host| Some(host.as_str()) != response.url().host_str())
            .map(PeerText::from),
    }
}

fn text_of(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
