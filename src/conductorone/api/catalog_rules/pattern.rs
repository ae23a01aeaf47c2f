//! Patterns, which are regular expressions of RE2.

use std::sync::OnceLock;

use regex_lite::{Regex, RegexBuilder};
use serde::Deserialize;

/// Bytes that a compiled pattern may take. Time to match grows with it.
const LARGEST: usize = 64 * 1024;

/// A pattern, compiled when it is first needed and then kept.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "String")]
pub(super) struct Pattern {
    text: String,
    /// None if it cannot be compiled here.
    compiled: OnceLock<Option<Regex>>,
}

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        Self {
            text,
            compiled: OnceLock::new(),
        }
    }
}

impl Pattern {
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether `text` has a match. What cannot be compiled here is left to the service.
    pub(super) fn matches(&self, text: &str) -> bool {
        let compile = || RegexBuilder::new(&self.text).size_limit(LARGEST).build();
        let compiled = self.compiled.get_or_init(|| compile().ok());
        self.text.is_empty() || compiled.as_ref().is_none_or(|it| it.is_match(text))
    }
}
