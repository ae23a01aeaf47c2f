//! A limit on the rate of all requests of the tenant.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::faults::FaultAction;

/// How many requests the tenant accepts. It refuses others with 429.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RateLimit {
    /// The number of requests that the tenant accepts in a period, at least 1. After a pause, it accepts all of them at
    /// once.
    pub requests: u32,
    /// The period in milliseconds.
    pub per_ms: u64,
    /// Whether a refusal has a `Retry-After` header, in whole seconds.
    #[serde(default)]
    pub retry_after: bool,
}

/// The requests that have used up the limit.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RateLimiter {
    /// When the accepted requests would have ended, if they had come at the allowed rate.
    accepted_until: Option<Instant>,
}

impl RateLimiter {
    /// Counts a request. Returns the refusal if there are too many.
    pub(crate) fn refuse(&mut self, limit: RateLimit, now: Instant) -> Option<FaultAction> {
        let period = Duration::from_millis(limit.per_ms);
        let until = self.accepted_until.map_or(now, |until| until.max(now));
        let until = until + period / limit.requests.max(1);
        let wait = until.saturating_duration_since(now + period);
        if wait.is_zero() {
            self.accepted_until = Some(until);
            return None;
        }
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Some(FaultAction::Status {
            code: 429,
            retry_after: limit.retry_after.then(|| seconds.to_string()),
            message: "too many requests".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_accepted_and_then_the_rate() {
        let limit = RateLimit {
            requests: 3,
            per_ms: 300,
            retry_after: false,
        };
        let (mut limiter, start) = (RateLimiter::default(), Instant::now());
        let mut accepted = |ms| {
            let now = start + Duration::from_millis(ms);
            (0..10)
                .filter(|_| limiter.refuse(limit, now).is_none())
                .count()
        };
        assert_eq!(accepted(0), 3);
        assert_eq!(accepted(99), 0);
        assert_eq!(accepted(100), 1);
        assert_eq!(accepted(350), 2);
        // Pauses fill up no more than the burst.
        assert_eq!(accepted(60_000), 3);
    }

    #[test]
    fn a_refusal_says_when_to_retry_in_whole_seconds() {
        let limit = RateLimit {
            requests: 1,
            per_ms: 2000,
            retry_after: true,
        };
        let (mut limiter, start) = (RateLimiter::default(), Instant::now());
        assert_eq!(limiter.refuse(limit, start), None);
        for (limit, seconds) in [
            (limit, Some("2")),
            (
                RateLimit {
                    retry_after: false,
                    ..limit
                },
                None,
            ),
        ] {
            let refusal = limiter.refuse(limit, start + Duration::from_millis(300));
            let Some(FaultAction::Status {
                code: 429,
                retry_after,
                ..
            }) = refusal
            else {
                unreachable!("the limit is used up")
            };
            assert_eq!(retry_after.as_deref(), seconds);
        }
    }
}
