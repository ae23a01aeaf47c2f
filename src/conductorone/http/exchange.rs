//! One request and its retries.

use std::mem;

use http::HeaderValue;

use super::call::{ApiResponse, Call};
use super::call_context::CallContext;
use super::cause::Cause;
use super::error::{CallError, Error};
use super::log;
use super::request::Request;
use super::response_body::Body;
use super::retry::{self, AttemptFailure};
use super::transport::{AWAITED_RATE, Transport};

/// The number of requests that the server has accepted since it refused one, if it refused that one only because there
/// were too many. One resource has fewer requests at the same time.
const ACCEPTED_OTHERS: u32 = 10;

/// One request through all its attempts.
#[derive(Debug)]
pub(super) struct Exchange<'a> {
    transport: &'a Transport,
    request: &'a Request,
    context: &'a CallContext,
    call: Call,
    retries: u32,
    /// The number of requests that the server had accepted when the call began or its latest attempt failed.
    accepted_before: u32,
    /// The previous attempt, which failed.
    previous: Option<CallError>,
}

impl<'a> Exchange<'a> {
    pub(super) fn new(
        transport: &'a Transport,
        request: &'a Request,
        context: &'a CallContext,
    ) -> Self {
        Self {
            transport,
            request,
            context,
            call: transport.call(request),
            retries: 0,
            accepted_before: transport.accepted(),
            previous: None,
        }
    }

    /// Sends the request without an access token until it succeeds, fails for good, or the caller has no more time.
    pub(super) async fn run(mut self) -> Result<ApiResponse, Error> {
        loop {
            match self.attempt(None).await? {
                Ok(body) => return Ok(self.into_response(body)),
                Err(failure) => self.wait_to_retry(failure).await?,
            }
        }
    }

    /// Sends the request once. `authorization` is the value of the header with the access token.
    pub(super) async fn attempt(
        &mut self,
        authorization: Option<&HeaderValue>,
    ) -> Result<Result<Body, AttemptFailure>, Error> {
        let attempt =
            self.transport
                .attempt(&mut self.call, self.request, authorization, self.context);
        match attempt.await {
            Ok(outcome) => Ok(outcome),
            Err(error) => Err(self.stopped(error)),
        }
    }

    /// Waits until a request that failed may be sent again. Returns the failure if the request may not be retried.
    pub(super) async fn wait_to_retry(&mut self, failure: AttemptFailure) -> Result<(), Error> {
        let AttemptFailure { cause, retry_after } = failure;
        let is_retry = !self.is_refused_for_others(&cause);
        let may_retry =
            self.has_retry_left(is_retry) && retry::may_retry(self.request.effect, &cause);
        let wait = retry::delay(self.retries, retry_after, retry::random_fraction());
        let error = self.call.failed(cause);
        let Some(wait) = wait.filter(|_| may_retry) else {
            return Err(Error::Call(Box::new(error)));
        };
        log::retrying(&error, wait);
        let pause = self.context.sleep_before(wait);
        let what = "before the request is retried";
        let paused = log::wait_with_progress(&self.call, what, Some(wait), pause).await;
        if let Err(interruption) = paused {
            let awaited = awaited_after(&error);
            return Err(Error::interrupted(interruption)
                .awaiting(awaited)
                .following(Some(error)));
        }
        self.retries += u32::from(is_retry);
        self.previous = Some(error);
        Ok(())
    }

    /// Returns whether the server refused the request but has accepted many others in the meantime. Such a request waits
    /// for its turn, so the next attempt is not a retry.
    fn is_refused_for_others(&mut self, cause: &Cause) -> bool {
        let accepted = self.transport.accepted();
        let before = mem::replace(&mut self.accepted_before, accepted);
        cause.status() == Some(429) && accepted.saturating_sub(before) >= ACCEPTED_OTHERS
    }

    fn has_retry_left(&self, is_retry: bool) -> bool {
        let max = self.transport.max_retries();
        self.retries < max || (max > 0 && !is_retry)
    }

    /// Records a failed attempt that is followed by another one at once. It does not count as a retry.
    pub(super) fn record(&mut self, failure: AttemptFailure) {
        self.previous = Some(self.call.failed(failure.cause));
    }

    /// Adds the previous attempt to an error that prevents the next one.
    pub(super) fn stopped(&mut self, error: Error) -> Error {
        error.following(self.previous.take())
    }

    /// Awaits something that this request needs, and logs that the request waits for it.
    pub(super) async fn wait_for<T>(&self, what: &'static str, wait: impl Future<Output = T>) -> T {
        log::wait_with_progress(&self.call, what, self.context.time_left(), wait).await
    }

    pub(super) fn into_response(self, body: Body) -> ApiResponse {
        ApiResponse::new(body, self.call)
    }
}

/// Returns what a request waits for before it is retried.
fn awaited_after(error: &CallError) -> &'static str {
    match error.cause.status() {
        Some(429) => AWAITED_RATE,
        _ => "the next attempt at a request that failed",
    }
}
