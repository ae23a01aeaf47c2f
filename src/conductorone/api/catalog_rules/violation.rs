//! Violations of rules.

use crate::conductorone::http::PeerText;

/// A rule that settings violate. Never quotes a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Violation {
    /// The keys of the settings, for example `domain-url`. There are several if the rule is about more than one.
    pub fields: Vec<String>,
    /// The expectation, for example `must have at least 3 characters`.
    pub expectation: String,
}

impl Violation {
    /// Creates a violation. `expectation` may contain any text from the catalog.
    pub(super) fn new(fields: Vec<String>, expectation: &str) -> Self {
        Self {
            fields,
            expectation: PeerText::new(expectation).to_string(),
        }
    }
}
