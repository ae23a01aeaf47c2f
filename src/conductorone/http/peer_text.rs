//! Text of the other side, made fit to be shown.

use std::fmt;
use std::iter;
use std::ops::Deref;

use super::redact;

/// Characters that are kept.
const LONGEST: usize = 500;
/// Characters that are searched for secrets, so that one of which only the beginning is kept is found.
const SEARCHED: usize = 8 * 1024;

/// Text that came from outside, such as from a server, a proxy or a certificate: secrets are masked, line breaks and
/// control characters are spaces, and only the first 500 characters are kept.
#[derive(Clone, Eq, PartialEq)]
pub struct PeerText(String);

impl PeerText {
    /// Takes the text over.
    pub(crate) fn new(text: &str) -> Self {
        let line = one_line(text);
        let Some((end, _)) = line.char_indices().nth(LONGEST) else {
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

/// Joins the words of a text with single spaces, up to the number of characters that are searched.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .flat_map(|word| iter::once(' ').chain(word.chars()))
        .skip(1)
        .take(SEARCHED)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::redact::remember;
    use super::{LONGEST, PeerText};

    #[test]
    fn it_is_one_short_line_without_secrets() {
        remember("l0ng-passphrase");
        let long = "é".repeat(2 * LONGEST);
        let half_shown = format!("{}l0ng-passphrase", "é".repeat(LONGEST - 4));
        let half_masked = format!("{}(masked)…", "é".repeat(LONGEST - 4));
        let cut = format!("{}…", "é".repeat(LONGEST));
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
