//! The server's clock. The clock of this machine may be wrong, for example after a virtual machine was resumed.

use std::sync::{Mutex, PoisonError};

use http::HeaderMap;
use http::header::DATE;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};

/// A difference that a server may well take offense at: the assertions of this crate are good for two minutes.
pub(super) const NOTABLE_OFFSET: SignedDuration = SignedDuration::from_mins(1);

/// How far the server's clock is ahead of this machine's, from the `Date` header of the latest answer.
#[derive(Debug, Default)]
pub(super) struct ServerClock(Mutex<Option<SignedDuration>>);

impl ServerClock {
    /// Notes the time that an answer gives. `now` is when the answer arrived, by this machine's clock.
    pub(super) fn observe(&self, headers: &HeaderMap, now: Timestamp) {
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        let time = date.and_then(|date| {
            rfc2822::DateTimeParser::new()
                .parse_timestamp(date.trim())
                .ok()
        });
        if let Some(time) = time {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(time.duration_since(now));
        }
    }

    /// How far the server's clock is ahead, in whole seconds at best. `None` if no answer has given the time yet.
    pub(super) fn offset(&self) -> Option<SignedDuration> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The server's time when this machine's clock says `now`. Without an answer that gave the time, that is `now`.
    pub(super) fn at(&self, now: Timestamp) -> Timestamp {
        let offset = self.offset().unwrap_or_default();
        now.checked_add(offset).unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header::DATE};
    use jiff::{SignedDuration, Timestamp};

    use super::ServerClock;

    fn observed(date: &'static str, now: Timestamp) -> ServerClock {
        let mut headers = HeaderMap::new();
        headers.insert(DATE, HeaderValue::from_static(date));
        let clock = ServerClock::default();
        clock.observe(&headers, now);
        clock
    }

    #[test]
    fn the_latest_answer_gives_the_time() -> Result<(), jiff::Error> {
        let now: Timestamp = "2026-01-01T00:10:00Z".parse()?;
        let clock = observed("Thu, 01 Jan 2026 00:00:00 GMT", now);
        assert_eq!(clock.offset(), Some(SignedDuration::from_mins(-10)));
        assert_eq!(clock.at(now), "2026-01-01T00:00:00Z".parse()?);
        Ok(())
    }

    #[test]
    fn without_a_time_the_machine_s_own_counts() {
        let now = Timestamp::UNIX_EPOCH;
        for date in ["", "soon", "Thu, 99 Jan 2026 00:00:00 GMT"] {
            let clock = observed(date, now);
            assert_eq!((clock.offset(), clock.at(now)), (None, now), "{date}");
        }
    }
}
