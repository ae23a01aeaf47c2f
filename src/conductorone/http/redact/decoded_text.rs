//! The encodings that a peer may use when it repeats a text.

use std::ops::Range;

/// The maximum number of nested encodings.
const MAX_DEPTH: usize = 2;

/// Decodes one escape sequence at the beginning of the text. Returns the decoded bytes and the length of the sequence
/// in bytes.
type Decoder = fn(&[u8]) -> Option<(Vec<u8>, usize)>;

const DECODERS: [(u8, Decoder); 3] = [(b'%', percent), (b'\\', backslash), (b'&', html)];

/// A decoded text in lowercase.
pub(super) struct DecodedText {
    bytes: Vec<u8>,
    /// The position in the original text of each byte, and of the end.
    positions: Vec<usize>,
}

impl DecodedText {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the range of the original text for a range of this text.
    pub(super) fn source(&self, range: Range<usize>) -> Range<usize> {
        let position = |at: usize| self.positions.get(at).copied().unwrap_or_default();
        position(range.start)..position(range.end)
    }

    /// Returns the text with one kind of escape sequence decoded, or `None` if it has none.
    fn decoded(&self, sign: u8, decoder: Decoder) -> Option<Self> {
        memchr::memchr(sign, &self.bytes)?;
        let (mut bytes, mut positions) = (Vec::new(), Vec::new());
        let mut at = 0;
        while let Some(rest) = self.bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let position = self.source(at..at).start;
            let (read, length) =
                decoder(rest).unwrap_or_else(|| (rest.iter().take(1).copied().collect(), 1));
            positions.extend(read.iter().map(|_| position));
            bytes.extend(read);
            at += length;
        }
        positions.push(self.source(at..at).start);
        bytes.make_ascii_lowercase();
        (bytes.len() < self.bytes.len()).then_some(Self { bytes, positions })
    }
}

/// Returns the text and each of its possible decodings.
pub(super) fn decodings(text: &str) -> Vec<DecodedText> {
    let mut all = vec![DecodedText {
        bytes: text.to_ascii_lowercase().into_bytes(),
        positions: (0..=text.len()).collect(),
    }];
    let mut from = 0;
    for _ in 0..MAX_DEPTH {
        let further: Vec<_> = all
            .iter()
            .skip(from)
            .flat_map(|text| DECODERS.map(|(sign, decoder)| text.decoded(sign, decoder)))
            .flatten()
            .collect();
        from = all.len();
        all.extend(further);
    }
    all
}

/// Decodes `%3d`.
fn percent(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    match text {
        [b'%', digits @ ..] => Some((vec![u8::try_from(hexadecimal(digits.get(..2)?)?).ok()?], 3)),
        _ => None,
    }
}

/// Decodes `\"`, `\n`, `\xe9`, `\u00e9`, `\u{e9}` and similar sequences, as JSON, Go and Rust write them.
fn backslash(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let [b'\\', kind, rest @ ..] = text else {
        return None;
    };
    let simple = |byte: u8| Some((vec![byte], 2));
    match kind {
        b'n' => simple(b'\n'),
        b'r' => simple(b'\r'),
        b't' => simple(b'\t'),
        b'a' => simple(7),
        b'b' => simple(8),
        b'v' => simple(11),
        b'f' => simple(12),
        b'x' => Some((vec![u8::try_from(hexadecimal(rest.get(..2)?)?).ok()?], 4)),
        b'u' if rest.starts_with(b"{") => {
            let length = rest.iter().take(8).position(|byte| *byte == b'}')?;
            Some((character(hexadecimal(rest.get(1..length)?)?)?, length + 3))
        }
        b'u' => Some((character(hexadecimal(rest.get(..4)?)?)?, 6)),
        byte if byte.is_ascii_punctuation() => simple(*byte),
        _ => None,
    }
}

/// Decodes `&amp;`, `&#38;`, `&#x26;` and similar sequences.
fn html(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let [b'&', rest @ ..] = text else {
        return None;
    };
    let length = rest.iter().take(10).position(|byte| *byte == b';')?;
    let decoded = match rest.get(..length)? {
        b"amp" => vec![b'&'],
        b"lt" => vec![b'<'],
        b"gt" => vec![b'>'],
        b"quot" => vec![b'"'],
        b"apos" => vec![b'\''],
        [b'#', b'x', digits @ ..] => character(hexadecimal(digits)?)?,
        [b'#', digits @ ..] => character(std::str::from_utf8(digits).ok()?.parse().ok()?)?,
        _ => return None,
    };
    Some((decoded, length + 2))
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    let all = !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit);
    let digits = std::str::from_utf8(digits).ok().filter(|_| all)?;
    u32::from_str_radix(digits, 16).ok()
}

fn character(code: u32) -> Option<Vec<u8>> {
    Some(char::from_u32(code)?.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::{backslash, html, percent};

    #[test]
    fn each_escape_sequence_is_decoded_to_its_end() {
        for (sequence, decoded) in [
            ("\\n", "\n"),
            ("\\r", "\r"),
            ("\\t", "\t"),
            ("\\a", "\u{7}"),
            ("\\b", "\u{8}"),
            ("\\v", "\u{b}"),
            ("\\f", "\u{c}"),
            ("\\/", "/"),
            ("\\x41", "A"),
            ("\\u00e9", "é"),
            ("\\u{e9}", "é"),
            ("\\u{1f511}", "🔑"),
        ] {
            let text = format!("{sequence} and more");
            let expected = Some((decoded.as_bytes().to_vec(), sequence.len()));
            assert_eq!(backslash(text.as_bytes()), expected, "{sequence}");
        }
        for (sequence, decoded) in [
            ("&amp;", "&"),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&apos;", "'"),
            ("&#233;", "é"),
            ("&#xe9;", "é"),
        ] {
            let text = format!("{sequence} and more;");
            let expected = Some((decoded.as_bytes().to_vec(), sequence.len()));
            assert_eq!(html(text.as_bytes()), expected, "{sequence}");
        }
        assert_eq!(percent(b"%41 and more"), Some((b"A".to_vec(), 3)));
    }

    #[test]
    fn other_text_is_no_escape_sequence() {
        for text in ["%", "%4", "%+a", "%zz"] {
            assert_eq!(percent(text.as_bytes()), None, "{text}");
        }
        for text in ["\\", "\\q", "\\x4", "\\u12", "\\u{}", "\\u{e9", "\\u{d800}"] {
            assert_eq!(backslash(text.as_bytes()), None, "{text}");
        }
        for text in ["&", "&amp", "&nbsp;", "&#;", "&#x;", "&#x+9;"] {
            assert_eq!(html(text.as_bytes()), None, "{text}");
        }
    }
}
