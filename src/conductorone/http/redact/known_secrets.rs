//! The secrets that this process knows.

use std::ops::Range;
use std::sync::{PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use memchr::memmem::Finder;

use super::decoded_text::decodings;

/// The minimum length of a secret to be masked, in bytes. Shorter ones would mask half of a message and protect
/// nothing.
const MIN_LENGTH: usize = 4;
/// The minimum length of an encoded secret to be masked, in characters.
const MIN_ENCODED_LENGTH: usize = 8;

static KNOWN: RwLock<Known> = RwLock::new(Known(Vec::new()));

/// The texts to search for, in lowercase and sorted.
struct Known(Vec<Needle>);

/// A text to search for. It cannot be printed. Preparing the search takes longer than the search, so this is done once.
struct Needle(Finder<'static>);

/// Registers a secret, so that it is masked wherever a peer repeats it. Ignores a secret shorter than four bytes.
pub fn remember(secret: &str) {
    // Each request registers its secrets again.
    let seen = {
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
        known.position(&secret.to_ascii_lowercase()).is_ok()
    };
    if !seen {
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(secret);
    }
}

/// Returns the ranges of `text` that are known secrets.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    known.find(text)
}

impl Known {
    fn insert(&mut self, secret: &str) {
        if secret.len() < MIN_LENGTH {
            return;
        }
        // A message shows line breaks and multiple spaces as one space.
        let in_one_line = secret.split_whitespace().collect::<Vec<_>>().join(" ");
        let spelled = [secret.to_owned(), in_one_line];
        for needle in encodings(secret).into_iter().chain(spelled) {
            let needle = needle.to_ascii_lowercase();
            if let Err(position) = self.position(&needle) {
                let finder = Finder::new(&needle).into_owned();
                self.0.insert(position, Needle(finder));
            }
        }
    }

    fn position(&self, needle: &str) -> Result<usize, usize> {
        self.0
            .binary_search_by(|Needle(known)| known.needle().cmp(needle.as_bytes()))
    }

    fn find(&self, text: &str) -> Vec<Range<usize>> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for decoded in decodings(text) {
            for Needle(finder) in &self.0 {
                let length = finder.needle().len();
                let places = finder.find_iter(decoded.bytes());
                found.extend(places.map(|at| decoded.source(at..at + length)));
            }
        }
        found
    }
}

/// Returns the Base64 forms of a secret within a longer text, such as `user:password`. Each form has the characters
/// that depend only on the secret, for each possible position.
fn encodings(secret: &str) -> Vec<String> {
    let mut encodings = Vec::new();
    for before in 0..3 {
        let text = [vec![0; before].as_slice(), secret.as_bytes()].concat();
        let (first, end) = ((before * 8).div_ceil(6), text.len() * 8 / 6);
        for alphabet in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let encoded = alphabet.encode(&text);
            let part = encoded.get(first..end).unwrap_or_default();
            if part.len() >= MIN_ENCODED_LENGTH {
                encodings.push(part.to_owned());
            }
        }
    }
    encodings
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::super::mask;
    use super::Known;

    const SECRET: &str = "ATATT3x&F\"f=\\Gé";

    fn scrub(text: &str) -> String {
        let mut known = Known(Vec::new());
        known.insert(SECRET);
        mask(text, known.find(text), text.len())
    }

    #[test]
    fn a_secret_is_found_in_every_encoding() {
        for (spelled, text) in [
            ("as it is", SECRET.to_owned()),
            ("upper case", SECRET.to_ascii_uppercase()),
            ("percent", "ATATT3x%26F%22f%3D%5CG%C3%A9".to_owned()),
            ("some percent", "ATATT3x%26F\"f%3d\\Gé".to_owned()),
            (
                "percent twice",
                "ATATT3x%2526F%2522f%253D%255CG%25C3%25A9".to_owned(),
            ),
            ("JSON", r#"ATATT3x\u0026F\"f=\\Gé"#.to_owned()),
            ("JSON in JSON", r#"ATATT3x\\u0026F\\\"f=\\\\Gé"#.to_owned()),
            ("Go %q", r#"ATATT3x&F\"f=\\G\u00e9"#.to_owned()),
            ("Go %+q of bytes", r#"ATATT3x&F\"f=\\G\xc3\xa9"#.to_owned()),
            ("Rust", r#"ATATT3x&F\"f=\\G\u{e9}"#.to_owned()),
            ("HTML", "ATATT3x&amp;F&quot;f=\\G&#233;".to_owned()),
            (
                "HTML, numbers",
                "ATATT3x&#38;F&#x22;f&#61;&#92;G&#xe9;".to_owned(),
            ),
            (
                "HTML of percent",
                "ATATT3x%26amp;F%26quot;f=\\Gé".to_owned(),
            ),
        ] {
            let shown = scrub(&format!("a {text}, b {text}"));
            assert_eq!(shown, "a (masked), b (masked)", "{spelled}: {text}");
        }
    }

    #[test]
    fn a_secret_is_found_within_base64() {
        for user in ["", "u", "us", "use", "user:"] {
            let encoded = STANDARD.encode(format!("{user}{SECRET}!"));
            let shown = scrub(&encoded);
            assert!(shown.contains("(masked)"), "{user}: {shown}");
            assert!(shown.len() < "(masked)".len() + 12, "{user}: {shown}");
        }
    }

    #[test]
    fn other_text_is_not_masked() {
        for text in ["", "ATATT3x", "100 % of 50%2 & \\ &amp; %zz \\u12", "é"] {
            assert_eq!(scrub(text), text);
        }
    }

    #[test]
    fn a_secret_of_four_bytes_is_masked_and_a_shorter_one_is_not() {
        let mut known = Known(Vec::new());
        known.insert("abc");
        known.insert("wxyz");
        let masked = |text: &str| mask(text, known.find(text), text.len());
        assert_eq!(masked("abc"), "abc");
        assert_eq!(masked("wxyz"), "(masked)");
    }
}
