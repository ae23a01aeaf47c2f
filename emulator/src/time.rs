//! Points in time as the API writes them.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Serialize, Serializer};

/// A point in time; as JSON it is RFC 3339 with `Z` and six fraction digits, a form that protobuf's JSON mapping
/// allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(Timestamp);

impl Time {
    /// The current time.
    pub fn now() -> Self {
        Self(Timestamp::now())
    }

    /// This time and so much later; the end of time when there is no such time.
    pub fn after(self, duration: Duration) -> Self {
        let later = SignedDuration::try_from(duration)
            .ok()
            .and_then(|it| self.0.checked_add(it).ok());
        Self(later.unwrap_or(Timestamp::MAX))
    }

    /// This time and so much earlier; the beginning of time when there is no such time.
    pub fn before(self, duration: Duration) -> Self {
        let earlier = SignedDuration::try_from(duration)
            .ok()
            .and_then(|it| self.0.checked_sub(it).ok());
        Self(earlier.unwrap_or(Timestamp::MIN))
    }

    /// The current time by a clock that is so many seconds ahead.
    pub(crate) fn by_clock(ahead_s: i64) -> Self {
        let now = Self::now();
        Self(
            now.0
                .checked_add(SignedDuration::from_secs(ahead_s))
                .unwrap_or(now.0),
        )
    }

    /// As HTTP writes it.
    pub(crate) fn as_http_date(self) -> String {
        let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
        printer
            .timestamp_to_rfc9110_string(&self.0)
            .unwrap_or_default()
    }

    /// [`Self::after`] in milliseconds, the unit of the switches.
    pub(crate) fn after_ms(self, milliseconds: u64) -> Self {
        self.after(Duration::from_millis(milliseconds))
    }

    /// Whether so many milliseconds have passed since. Zero have always passed, even since a time in the future.
    pub(crate) fn is_past_ms(self, milliseconds: u64) -> bool {
        milliseconds == 0 || self.after_ms(milliseconds) <= Self::now()
    }

    /// Whole seconds since 1970, as JSON web tokens count.
    pub(crate) fn unix_seconds(self) -> i64 {
        self.0.as_second()
    }
}

impl fmt::Display for Time {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:.6}", self.0)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed test is a panic")]

    use super::*;

    #[test]
    fn always_has_six_fraction_digits_and_z() {
        let time = Time("2026-01-01T00:00:00.1Z".parse().unwrap());
        assert_eq!(time.to_string(), "2026-01-01T00:00:00.100000Z");
        assert_eq!(
            serde_json::json!(time.after_ms(900)),
            "2026-01-01T00:00:01.000000Z"
        );
    }
}
