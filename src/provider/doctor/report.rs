//! The report as JSON, and its summary.

use serde::Serialize;

use super::row::{Row, State};

/// The version of the JSON format. It changes when a field changes its meaning or disappears.
const FORMAT_VERSION: u32 = 1;

/// All rows of an examination.
#[derive(Debug, Serialize)]
pub struct Report {
    format_version: u32,
    provider_version: &'static str,
    /// The rows, in the order of the checks.
    #[serde(rename = "checks")]
    pub(super) rows: Vec<Row>,
}

impl Report {
    pub(super) fn new(provider_version: &'static str) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            provider_version,
            rows: Vec::new(),
        }
    }

    /// Returns why a check that needs this one cannot be made, if it cannot.
    pub(super) fn obstacle(&self, name: &str) -> Option<String> {
        let mut rows = self.rows.iter().filter(|row| row.name == name);
        rows.find_map(|row| match row.state {
            State::Failed => Some(format!("{name} failed")),
            State::Skipped => Some(format!("{name} was skipped")),
            State::Ok | State::Warning => None,
        })
    }

    /// Returns whether no check failed.
    pub fn is_healthy(&self) -> bool {
        self.count(State::Failed) == 0
    }

    /// Returns the last line of the table.
    pub fn summary(&self) -> String {
        let [failed, warnings, skipped] =
            [State::Failed, State::Warning, State::Skipped].map(|state| self.count(state));
        format!("{failed} failed, {warnings} with warnings, {skipped} skipped")
    }

    /// Returns the report as JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }

    fn count(&self, state: State) -> usize {
        self.rows.iter().filter(|row| row.state == state).count()
    }
}
