//! How long to wait before a request is repeated, if it may be.

use std::time::Duration;

use aws_lc_rs::rand;
use http::HeaderMap;
use http::header::RETRY_AFTER;
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::cause::{Cause, FailureClass};
use super::request::Effect;

/// The first wait is at most this long, each further one at most twice as long as the one before.
const FIRST: Duration = Duration::from_millis(500);
/// No wait of our own choosing is longer.
const LONGEST: Duration = Duration::from_secs(30);
/// A server that asks for a longer pause is not waited for. Coming back earlier than asked is no alternative.
const LONGEST_ASKED: Duration = Duration::from_hours(1);

/// Why an attempt failed, and how long the server wants to be left alone.
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

/// Whether a request of this effect may be repeated after this cause.
pub(super) fn may_retry(effect: Effect, cause: &Cause) -> bool {
    match cause.class() {
        FailureClass::NotProcessed => true,
        FailureClass::Ambiguous => effect != Effect::NonIdempotent,
        FailureClass::AmbiguousFinal | FailureClass::Final => false,
    }
}

/// The wait before repeat number `repeat` (from 0): what the server asked for plus a little, so that many clients do
/// not come back at the same moment, else exponential backoff with full jitter. `chance` is between 0 and 1.
///
/// None if the server wants to be left alone for too long.
pub(super) fn delay(repeat: u32, asked: Option<Duration>, chance: f64) -> Option<Duration> {
    match asked {
        Some(asked) if asked > LONGEST_ASKED => None,
        Some(asked) => Some(asked + FIRST.mul_f64(chance)),
        None => Some(
            FIRST
                .saturating_mul(2_u32.saturating_pow(repeat))
                .min(LONGEST)
                .mul_f64(chance),
        ),
    }
}

/// A random number between 0 and 1.
pub(super) fn random_fraction() -> f64 {
    let mut bytes = [0; 4];
    // Without random numbers the longest wait is the polite one.
    rand::fill(&mut bytes).map_or(1.0, |()| {
        f64::from(u32::from_ne_bytes(bytes)) / f64::from(u32::MAX)
    })
}

/// Reads `Retry-After`: seconds, or an HTTP date, which may have passed.
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
    use super::{delay, may_retry, random_fraction, retry_after};

    fn status(status: u16) -> Cause {
        Cause::Status {
            status,
            message: ServerMessage::None,
        }
    }

    #[test]
    fn what_may_be_repeated() {
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
    fn waits_grow_and_obey_the_server() {
        let ms = Duration::from_millis;
        let cases = [
            (0, None, Some(ms(500))),
            (1, None, Some(ms(1000))),
            (3, None, Some(ms(4000))),
            (6, None, Some(ms(30_000))),
            (u32::MAX, None, Some(ms(30_000))),
            (0, Some(ms(0)), Some(ms(500))),
            (4, Some(ms(60_000)), Some(ms(60_500))),
            (0, Some(Duration::MAX), None),
        ];
        for (repeat, asked, longest) in cases {
            assert_eq!(delay(repeat, asked, 1.0), longest);
            assert_eq!(
                delay(repeat, asked, 0.0),
                longest.map(|_| asked.unwrap_or_default())
            );
        }
        assert!((0.0..=1.0).contains(&random_fraction()));
    }

    #[test]
    fn retry_after_in_seconds_or_as_a_date() {
        let cases = [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("Thu, 01 Jan 2026 00:00:30 GMT", Some(30)),
            ("Wed, 31 Dec 2025 23:59:00 GMT", Some(0)),
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
