//! Which requests are retried, and after which delay.

use std::time::Duration;

use aws_lc_rs::rand;
use http::HeaderMap;
use http::header::RETRY_AFTER;
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::cause::{Cause, FailureClass};
use super::request::Effect;

/// The maximum delay before the first retry. It doubles with each further retry.
const FIRST_DELAY: Duration = Duration::from_millis(500);
/// The maximum delay of the exponential backoff.
const MAX_DELAY: Duration = Duration::from_secs(30);
/// The maximum `Retry-After`. If the server asks for a longer delay, the client does not retry at all, because it must
/// not retry earlier.
pub(super) const MAX_RETRY_AFTER: Duration = Duration::from_hours(1);

/// A failed attempt, and the delay that the server asked for.
#[derive(Debug)]
pub(super) struct AttemptFailure {
    pub(super) cause: Cause,
    pub(super) retry_after: Option<Duration>,
}

impl From<Cause> for AttemptFailure {
    fn from(cause: Cause) -> Self {
        Self {
            cause,
            retry_after: None,
        }
    }
}

/// Returns whether a request with this effect may be retried after this cause.
pub(super) fn may_retry(effect: Effect, cause: &Cause) -> bool {
    match cause.class() {
        FailureClass::NotProcessed => true,
        FailureClass::Ambiguous => effect != Effect::NonIdempotent,
        FailureClass::AmbiguousFinal | FailureClass::Final => false,
    }
}

/// Returns the delay before a retry, counted from 0: the delay that the server asked for plus some jitter, or else an
/// exponential backoff with full jitter. `fraction` is between 0 and 1.
///
/// Returns `None` if the server asked for too long a delay.
pub(super) fn delay(retry: u32, retry_after: Option<Duration>, fraction: f64) -> Option<Duration> {
    match retry_after {
        Some(retry_after) if retry_after > MAX_RETRY_AFTER => None,
        Some(retry_after) => Some(retry_after + FIRST_DELAY.mul_f64(fraction)),
        None => Some(backoff(retry, fraction)),
    }
}

/// Returns an exponential delay with full jitter.
pub(super) fn backoff(retry: u32, fraction: f64) -> Duration {
    FIRST_DELAY
        .saturating_mul(2_u32.saturating_pow(retry))
        .min(MAX_DELAY)
        .mul_f64(fraction)
}

/// Returns a random number between 0 and 1.
pub(super) fn random_fraction() -> f64 {
    let mut bytes = [0; 4];
    // Without random numbers, uses the longest delay.
    rand::fill(&mut bytes).map_or(1.0, |()| {
        f64::from(u32::from_ne_bytes(bytes)) / f64::from(u32::MAX)
    })
}

/// Parses `Retry-After`: seconds, or an HTTP date, which may be in the past.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    Some(Duration::try_from(at.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{HeaderMap, HeaderValue, header::RETRY_AFTER};
    use jiff::Timestamp;

    use super::super::cause::Cause;
    use super::super::peer_text::PeerText;
    use super::super::request::Effect::{self, Idempotent, NonIdempotent, ReadOnly};
    use super::super::server_message::ServerMessage;
    use super::{MAX_RETRY_AFTER, delay, may_retry, random_fraction, retry_after};

    fn status(status: u16) -> Cause {
        Cause::Status {
            status,
            message: ServerMessage::None,
        }
    }

    #[test]
    fn the_cause_and_the_effect_decide_on_retries() {
        let text = || PeerText::from("");
        let all: &[Effect] = &[ReadOnly, Idempotent, NonIdempotent];
        let safe: &[Effect] = &[ReadOnly, Idempotent];
        let cases: [(Cause, &[Effect]); 23] = [
            (status(429), all),
            (Cause::Dns(text()), all),
            (Cause::Refused(text()), all),
            (Cause::Unreachable(text()), all),
            (Cause::ConnectTimeout(Duration::ZERO), all),
            (status(500), safe),
            (status(502), safe),
            (status(503), safe),
            (status(504), safe),
            (Cause::Timeout(Duration::ZERO), safe),
            (Cause::ConnectionLost(text()), safe),
            (status(400), &[]),
            (status(401), &[]),
            (status(403), &[]),
            (status(404), &[]),
            (status(408), &[]),
            (status(409), &[]),
            (status(501), &[]),
            (status(599), &[]),
            (Cause::Tls(text()), &[]),
            (Cause::NotJson { html: true }, &[]),
            (
                Cause::Redirect {
                    status: 301,
                    host: None,
                },
                &[],
            ),
            (Cause::EmptyToken, &[]),
        ];
        for (cause, expected) in cases {
            let repeated: Vec<_> = all
                .iter()
                .copied()
                .filter(|effect| may_retry(*effect, &cause))
                .collect();
            assert_eq!(repeated, expected, "{cause:?}");
        }
    }

    #[test]
    fn delays_grow_and_respect_the_server() {
        let ms = Duration::from_millis;
        let cases = [
            (0, None, Some(ms(500))),
            (1, None, Some(ms(1000))),
            (3, None, Some(ms(4000))),
            (6, None, Some(ms(30_000))),
            (u32::MAX, None, Some(ms(30_000))),
            (0, Some(ms(0)), Some(ms(500))),
            (4, Some(ms(60_000)), Some(ms(60_500))),
            (0, Some(MAX_RETRY_AFTER), Some(MAX_RETRY_AFTER + ms(500))),
            (0, Some(MAX_RETRY_AFTER + ms(1)), None),
            (0, Some(Duration::MAX), None),
        ];
        for (retry, retry_after, longest) in cases {
            assert_eq!(delay(retry, retry_after, 1.0), longest);
            assert_eq!(
                delay(retry, retry_after, 0.0),
                longest.map(|_| retry_after.unwrap_or_default())
            );
        }
    }

    #[test]
    fn fractions_are_random() {
        let fractions = [(); 8].map(|()| random_fraction());
        assert!(fractions.iter().all(|it| (0.0..=1.0).contains(it)));
        let [first, others @ ..] = fractions;
        // The probability of eight equal numbers is 2^-224.
        assert!(others.iter().any(|it| it.to_bits() != first.to_bits()));
    }

    #[test]
    fn retry_after_in_seconds_or_as_a_date() {
        let cases = [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("Thu, 01 Jan 2026 00:00:30 GMT", Some(30)),
            ("Wed, 31 Dec 2025 23:59:00 GMT", Some(0)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Thu, 30 Dec 9999 22:00:00 GMT", Some(251_634_981_600)),
            ("18446744073709551615", Some(u64::MAX)),
            ("-1", None),
            ("soon", None),
        ];
        let now = Timestamp::from_second(1_767_225_600).unwrap_or_default();
        for (value, seconds) in cases {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(value))]);
            assert_eq!(
                retry_after(&headers, now),
                seconds.map(Duration::from_secs),
                "{value}"
            );
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
