//! Schedules of connectors.

use serde::Serialize;
use serde_json::Value;

use crate::problem::{Problem, Result};
use crate::time::Time;

/// When a connector syncs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// Five cron fields.
    pub cron_spec: String,
    /// The IANA name of the time zone. Empty means UTC.
    pub timezone: String,
    /// When it was set.
    pub start: Option<Time>,
}

impl Schedule {
    /// Refuses a schedule without five fields or with an invalid time zone.
    pub(crate) fn new(cron_spec: &str, timezone: &str) -> Result<Self> {
        if cron_spec.split_whitespace().count() != 5 {
            return Err(Problem::invalid(format!("invalid cron spec {cron_spec:?}")));
        }
        let zone_letter = |letter: char| letter.is_ascii_alphanumeric() || "/_+-".contains(letter);
        if !timezone.chars().all(zone_letter) {
            return Err(Problem::invalid(format!("unknown time zone {timezone:?}")));
        }
        Ok(Self {
            cron_spec: cron_spec.to_owned(),
            timezone: timezone.to_owned(),
            start: Some(Time::now()),
        })
    }

    /// Reads the field of a connector. Null means no schedule.
    pub(super) fn read(value: &Value) -> Result<Option<Self>> {
        let part = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        if value.is_null() {
            Ok(None)
        } else {
            Self::new(part("cronSpec"), part("timezone")).map(Some)
        }
    }
}
