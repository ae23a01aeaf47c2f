//! The server's clock. This machine's clock may be wrong, for example after a virtual machine resumes.

use std::sync::{Mutex, PoisonError};

use http::HeaderMap;
use http::header::DATE;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};

/// The smallest offset that may be the reason for a rejected assertion. An assertion is valid for two minutes.
pub(super) const MIN_NOTABLE_OFFSET: SignedDuration = SignedDuration::from_mins(1);

/// The offset of the server's clock from this machine's, according to the `Date` header of the latest response.
#[derive(Debug, Default)]
pub(super) struct ServerClock(Mutex<Option<SignedDuration>>);

impl ServerClock {
    /// Records the time in a response. `now` is when the response arrived, by this machine's clock.
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

    /// Returns the offset, with a precision of one second, or `None` before the first response with a time.
    pub(super) fn offset(&self) -> Option<SignedDuration> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the server's time for the time `now` of this machine. Returns `now` if the offset is unknown.
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
    fn the_latest_response_sets_the_offset() -> Result<(), jiff::Error> {
        let now: Timestamp = "2026-01-01T00:10:00Z".parse()?;
        let clock = observed("Thu, 01 Jan 2026 00:00:00 GMT", now);
        assert_eq!(clock.offset(), Some(SignedDuration::from_mins(-10)));
        assert_eq!(clock.at(now), "2026-01-01T00:00:00Z".parse()?);
        Ok(())
    }

    #[test]
    fn this_machine_s_time_is_the_default() {
        let now = Timestamp::UNIX_EPOCH;
        for date in ["", "soon", "Thu, 99 Jan 2026 00:00:00 GMT"] {
            let clock = observed(date, now);
            assert_eq!((clock.offset(), clock.at(now)), (None, now), "{date}");
        }
    }
}
