//! Escapes text so that it is safe to show in a terminal.
//!
//! Diagnostics contain names, email addresses and messages from servers, directories and certificates. Control characters
//! in them could clear the screen, hide text, or reverse its order.

/// Ranges of invisible characters, besides Unicode's control characters: zero-width characters, directional marks, line and
/// paragraph separators, and tags. These are Unicode's categories Cf, Zl and Zp, and invisible letters of the Hangul and
/// Khmer scripts.
const INVISIBLE: [(char, char); 18] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff9}', '\u{fffb}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Replaces every control or invisible character with its escape sequence, such as `\u{1b}`. Line breaks stay.
pub(super) fn lines(text: &str) -> String {
    escaped(text, |character| character == '\n')
}

/// Escapes text for a single line. Unlike [`lines`], this also replaces line breaks.
pub(super) fn line(text: &str) -> String {
    escaped(text, |_| false)
}

fn escaped(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if stays(character) || !(character.is_control() || is_invisible(character)) {
            shown.push(character);
        } else if matches!(character, '\n' | '\r' | '\t') {
            shown.extend(character.escape_default());
        } else {
            shown.extend(character.escape_unicode());
        }
    }
    shown
}

fn is_invisible(character: char) -> bool {
    INVISIBLE
        .iter()
        .any(|(first, last)| (first..=last).contains(&&character))
}

#[cfg(test)]
mod tests {
    use super::{line, lines};

    #[test]
    fn control_and_invisible_characters_are_escaped() {
        let cases = [
            ("\u{1b}[2J\u{7}", r"\u{1b}[2J\u{7}"),
            ("a\u{202e}b\u{2066}c", r"a\u{202e}b\u{2066}c"),
            ("zero\u{200b}width\u{feff}", r"zero\u{200b}width\u{feff}"),
            ("tag\u{e0041}", r"tag\u{e0041}"),
            ("c1\u{9b}2J\r\t\u{7f}", r"c1\u{9b}2J\r\t\u{7f}"),
        ];
        for (text, shown) in cases {
            assert_eq!(
                (line(text), lines(text)),
                (shown.to_owned(), shown.to_owned())
            );
        }
    }

    #[test]
    fn readable_text_is_unchanged() {
        let text = "Zoë Świątek, 山田, “mañana” – 100 %, {\"a\": [1]} \\ '";
        assert_eq!(
            (line(text), lines(text)),
            (text.to_owned(), text.to_owned())
        );
    }

    #[test]
    fn only_lines_keeps_line_breaks() {
        assert_eq!(lines("a\n\nb"), "a\n\nb");
        assert_eq!(line("a\nb"), r"a\nb");
    }
}
