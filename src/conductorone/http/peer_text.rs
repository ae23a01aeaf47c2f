//! Text from outside, made safe to show.

use std::fmt;
use std::iter;
use std::ops::Deref;

use super::redact;

/// The maximum number of characters to keep.
const MAX_LENGTH: usize = 500;
/// The number of characters to search for secrets. It exceeds the number of kept characters, so that a secret is found
/// even if only its beginning is kept.
const SEARCHED_LENGTH: usize = 8 * 1024;

/// Text from outside, such as from a server, a proxy or a certificate. Its secrets are masked, its line breaks and
/// control characters are replaced with spaces, and it has at most 500 characters.
#[derive(Clone, Eq, PartialEq)]
pub struct PeerText(String);

impl PeerText {
    pub(crate) fn new(text: &str) -> Self {
        let line = one_line(text);
        let Some((end, _)) = line.char_indices().nth(MAX_LENGTH) else {
            return Self(redact::scrub(&line));
        };
        Self(redact::scrub_beginning(&line, end) + "…")
    }
}

impl<T: AsRef<str>> From<T> for PeerText {
    fn from(text: T) -> Self {
        Self::new(text.as_ref())
    }
}

impl Deref for PeerText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PeerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PeerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Joins the words of a text with single spaces, up to the number of characters to search.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .flat_map(|word| iter::once(' ').chain(word.chars()))
        .skip(1)
        .take(SEARCHED_LENGTH)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::redact::remember;
    use super::{MAX_LENGTH, PeerText};

    #[test]
    fn peer_text_is_one_short_line_without_secrets() {
        remember("l0ng-passphrase");
        let long = "é".repeat(2 * MAX_LENGTH);
        let half_shown = format!("{}l0ng-passphrase", "é".repeat(MAX_LENGTH - 4));
        let half_masked = format!("{}(masked)…", "é".repeat(MAX_LENGTH - 4));
        let cut = format!("{}…", "é".repeat(MAX_LENGTH));
        for (text, shown) in [
            (" upstream\u{1b}[31m\n\tgone ", "upstream [31m gone"),
            ("bad value L0NG%2Dpassphrase", "bad value (masked)"),
            (&long, &cut),
            (&half_shown, &half_masked),
            ("", ""),
        ] {
            assert_eq!(&*PeerText::new(text), shown);
        }
    }
}
