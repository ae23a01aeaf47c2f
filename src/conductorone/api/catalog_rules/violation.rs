//! Violations of rules.

use crate::conductorone::http::PeerText;

/// A rule that settings do not satisfy. Never quotes a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Violation {
    /// The keys of the settings at fault, for example `domain-url`. Several if a rule is about more than one.
    pub fields: Vec<String>,
    /// What is expected of them, for example `must have at least 3 characters`.
    pub expectation: String,
}

impl Violation {
    /// `expectation` may hold text of the catalog, of any length and kind.
    pub(super) fn new(fields: Vec<String>, expectation: &str) -> Self {
        Self {
            fields,
            expectation: PeerText::new(expectation).to_string(),
        }
    }
}
