//! The ways in which a peer may spell what it quotes.

use std::ops::Range;

/// How many encodings can lie on top of each other.
const DEPTH: usize = 2;

/// Reads one escape sequence at the beginning: what it stands for, and its length in bytes.
type Decoder = fn(&[u8]) -> Option<(Vec<u8>, usize)>;

const DECODERS: [(u8, Decoder); 3] = [(b'%', percent), (b'\\', backslash), (b'&', html)];

/// A text after decoding, in lower case.
pub(super) struct DecodedText {
    bytes: Vec<u8>,
    /// Where each byte begins in the original text, and where the last one ends.
    places: Vec<usize>,
}

impl DecodedText {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the range of the original text that a range of this one was made from.
    pub(super) fn source(&self, range: Range<usize>) -> Range<usize> {
        let place = |at: usize| self.places.get(at).copied().unwrap_or_default();
        place(range.start)..place(range.end)
    }

    /// Returns the text with one kind of escape sequences decoded, or none if it has none.
    fn decoded(&self, sign: u8, decoder: Decoder) -> Option<Self> {
        memchr::memchr(sign, &self.bytes)?;
        let (mut bytes, mut places) = (Vec::new(), Vec::new());
        let mut at = 0;
        while let Some(rest) = self.bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let place = self.source(at..at).start;
            let (read, length) =
                decoder(rest).unwrap_or_else(|| (rest.iter().take(1).copied().collect(), 1));
            places.extend(read.iter().map(|_| place));
            bytes.extend(read);
            at += length;
        }
        places.push(self.source(at..at).start);
        bytes.make_ascii_lowercase();
        (bytes.len() < self.bytes.len()).then_some(Self { bytes, places })
    }
}

/// Returns the text as it is, and as it reads after decoding whatever it may be encoded with.
pub(super) fn decodings(text: &str) -> Vec<DecodedText> {
    let mut all = vec![DecodedText {
        bytes: text.to_ascii_lowercase().into_bytes(),
        places: (0..=text.len()).collect(),
    }];
    let mut from = 0;
    for _ in 0..DEPTH {
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

/// Reads `%3d`.
fn percent(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    match text {
        [b'%', digits @ ..] => Some((vec![u8::try_from(hexadecimal(digits.get(..2)?)?).ok()?], 3)),
        _ => None,
    }
}

/// Reads `\"`, `\n`, `\xe9`, `\u00e9`, `\u{e9}` and their like, as JSON, Go and Rust write them.
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

/// Reads `&amp;`, `&#38;`, `&#x26;` and their like.
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
