//! The log of requests: one event for each attempt, and one every few seconds during a wait. No other file of this
//! floor logs requests.
//!
//! Headers and queries are never logged. Bodies are logged only at trace level, with their secrets masked.

use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, timeout};
use tracing::{debug, enabled, info, trace};
use url::Url;

use super::call::{Call, ResponseHead};
use super::cause::Cause;
use super::error::CallError;
use super::redact;
use super::response_body::{Body, SMALL_BODY};
use super::retry::AttemptFailure;

/// The interval between two log messages of a wait.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(5);

/// Logs the end of an attempt, with or without a response.
pub(super) fn attempt(
    call: &Call,
    took: Duration,
    head: Option<&ResponseHead>,
    outcome: &Result<Body, AttemptFailure>,
) {
    debug!(
        method = %call.method,
        path = call.path,
        status = head.map(|head| head.status.as_u16()),
        duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        attempt = call.attempts,
        request_id = head.and_then(ResponseHead::request_id).as_deref(),
        error = outcome.as_ref().err().map(|failure| failure.cause.to_string()),
        "request"
    );
}

/// Logs the end of a request to another server than ConductorOne.
pub(super) fn plain_request(
    url: &Url,
    took: Duration,
    status: Option<u16>,
    failure: Option<&Cause>,
) {
    debug!(
        method = "GET",
        host = url.host_str(),
        path = url.path(),
        status,
        duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        error = failure.map(Cause::to_string),
        "request to another server"
    );
}

/// Logs a body, or only its size if it is large: masking secrets takes many times the memory of the body.
pub(super) fn body(call: &Call, direction: &'static str, bytes: &[u8]) {
    if enabled!(tracing::Level::TRACE) {
        let body = if bytes.len() > SMALL_BODY {
            format!("{} bytes", bytes.len())
        } else {
            redact::for_log(bytes)
        };
        trace!(method = %call.method, path = call.path, attempt = call.attempts, direction, body, "body");
    }
}

/// Logs that a failed request will be retried after a delay.
pub(super) fn retrying(error: &CallError, wait: Duration) {
    info!(
        method = %error.method,
        path = error.path,
        attempt = error.attempts,
        wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
        reason = %error.cause,
        "waiting before the request is retried"
    );
}

/// Logs that the server refuses requests because of their rate.
pub(super) fn rate_limited(pause: Duration) {
    info!(
        pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX),
        "ConductorOne limits the rate of requests, so the provider sends fewer requests"
    );
}

/// Awaits `wait`, and logs every few seconds that the request still waits, and for how long at most.
pub(super) async fn wait_with_progress<T>(
    call: &Call,
    what: &'static str,
    max_wait: Option<Duration>,
    wait: impl Future<Output = T>,
) -> T {
    let started = Instant::now();
    let mut wait = pin!(wait);
    loop {
        if let Ok(output) = timeout(PROGRESS_INTERVAL, &mut wait).await {
            return output;
        }
        let waited = started.elapsed();
        info!(
            method = %call.method,
            path = call.path,
            waited_s = waited.as_secs(),
            left_s = max_wait.map(|max| max.saturating_sub(waited).as_secs()),
            "still waiting {what}"
        );
    }
}
