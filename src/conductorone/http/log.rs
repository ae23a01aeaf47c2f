//! The log of requests: one event per attempt, and one every few seconds of a wait. Nothing else in this floor logs
//! requests.
//!
//! Headers are never logged, queries neither; bodies only at trace, with their secrets masked.

use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, timeout};
use tracing::{debug, enabled, info, trace};

use super::call::{Call, ResponseHead};
use super::error::CallError;
use super::redact;
use super::response_body::{Body, SMALL_BODY};
use super::retry::AttemptFailure;

/// A wait that goes on says so this often.
const PROGRESS: Duration = Duration::from_secs(5);

/// An attempt ended, with or without an answer.
pub(super) fn attempt(
    call: &Call,
    took: Duration,
    received: Option<&ResponseHead>,
    outcome: &Result<Body, AttemptFailure>,
) {
    debug!(
        method = %call.method,
        path = call.path,
        status = received.map(|answer| answer.status.as_u16()),
        duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        attempt = call.attempts,
        request_id = received.and_then(|answer| answer.request_id.as_deref()),
        error = outcome.as_ref().err().map(|failure| failure.cause.to_string()),
        "request"
    );
}

/// A body, in either direction. Of a large one only the size: to mask its secrets takes many times its size.
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

/// A failed attempt will be repeated after a wait.
pub(super) fn waiting(error: &CallError, wait: Duration) {
    info!(
        method = %error.method,
        path = error.path,
        attempt = error.attempts,
        wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
        reason = %error.cause,
        "waiting before the request is repeated"
    );
}

/// Awaits what a request waits for, and says every few seconds that it still does, and for how long at most.
pub(super) async fn meanwhile<T>(
    call: &Call,
    what: &'static str,
    at_most: Option<Duration>,
    wait: impl Future<Output = T>,
) -> T {
    let began = Instant::now();
    let mut wait = pin!(wait);
    loop {
        if let Ok(output) = timeout(PROGRESS, &mut wait).await {
            return output;
        }
        let waited = began.elapsed();
        info!(
            method = %call.method,
            path = call.path,
            waited_s = waited.as_secs(),
            left_s = at_most.map(|all| all.saturating_sub(waited).as_secs()),
            "still waiting {what}"
        );
    }
}
