//! Patterns, which are regular expressions of RE2.

use regex_lite::RegexBuilder;

/// Bytes that a compiled pattern may take. Time to match grows with it.
const LARGEST: usize = 256 * 1024;

/// Whether `text` has a match of `pattern`. What cannot be compiled here is left to the service.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    match RegexBuilder::new(pattern).size_limit(LARGEST).build() {
        Ok(pattern) => pattern.is_match(text),
        Err(_) => true,
    }
}
