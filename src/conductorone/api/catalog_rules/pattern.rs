//! Patterns, which are RE2 regular expressions.

use std::sync::OnceLock;

use regex_lite::{Regex, RegexBuilder};
use serde::Deserialize;

/// The maximum size of a compiled pattern in bytes. The time to match grows with the size.
const MAX_COMPILED_SIZE: usize = 64 * 1024;

/// A pattern, compiled at its first use.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "String")]
pub(super) struct Pattern {
    text: String,
    /// `None` if this version cannot compile the pattern.
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

    /// Returns whether `text` matches. A pattern that cannot be compiled matches any text, and the service checks it.
    pub(super) fn matches(&self, text: &str) -> bool {
        let compile = || {
            RegexBuilder::new(&self.text)
                .size_limit(MAX_COMPILED_SIZE)
                .build()
        };
        let compiled = self.compiled.get_or_init(|| compile().ok());
        self.text.is_empty() || compiled.as_ref().is_none_or(|it| it.is_match(text))
    }
}
