//! Exact decimal numbers.

use std::fmt;

/// A decimal number of any length. Terraform sends fractions as text, and whole numbers of more than 64 bits.
///
/// Equal numbers have equal text. The order compares the text and not the magnitude; only sets use it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(String);

/// Text that is not a decimal number, or that has an exponent beyond the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number")]
pub struct InvalidNumber;

/// The maximum exponent. A number is stored with all its digits, so a large exponent would use much memory.
const MAX_EXPONENT: i32 = 2048;

impl Number {
    /// Parses decimal text with an optional fraction and an optional exponent.
    pub fn parse(text: &str) -> Result<Self, InvalidNumber> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (
                mantissa,
                exponent.parse::<i32>().map_err(|_| InvalidNumber)?,
            ),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let empty = whole.is_empty() || (mantissa.contains('.') && fraction.is_empty());
        if empty || !digits(whole) || !digits(fraction) || exponent.abs() > MAX_EXPONENT {
            return Err(InvalidNumber);
        }
        let (whole, fraction) = shift(whole, fraction, exponent);
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        let sign = if negative && !(whole.is_empty() && fraction.is_empty()) {
            "-"
        } else {
            ""
        };
        let whole = if whole.is_empty() { "0" } else { whole };
        let point = if fraction.is_empty() { "" } else { "." };
        Ok(Self(format!("{sign}{whole}{point}{fraction}")))
    }

    /// Returns the shortest decimal number that parses back to `value`. Infinity and NaN are errors.
    pub fn from_f64(value: f64) -> Result<Self, InvalidNumber> {
        Self::parse(&value.to_string())
    }

    /// Returns the number if it is whole and fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    /// Returns the decimal text, without an exponent and without unnecessary zeros.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Moves the decimal point by `exponent` digits.
fn shift(whole: &str, fraction: &str, exponent: i32) -> (String, String) {
    let count = usize::try_from(exponent.unsigned_abs()).unwrap_or(usize::MAX);
    if exponent < 0 {
        let padded = format!("{}{whole}", "0".repeat(count));
        let (whole, moved) = padded.split_at(padded.len() - count);
        (whole.to_owned(), format!("{moved}{fraction}"))
    } else {
        let padded = format!("{fraction}{}", "0".repeat(count));
        let (moved, fraction) = padded.split_at(count);
        (format!("{whole}{moved}"), fraction.to_owned())
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(value.to_string())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_have_equal_text() {
        let cases = [
            ("0", &["-0", "00", "0.0", "-0e5", "0e-3"][..]),
            ("1200", &["1200.00", "12e2", "0.12E4", "120000e-2"]),
            ("-0.015", &["-0.0150", "-15e-3", "-1.5e-2"]),
            ("18446744073709551616", &["18446744073709551616.0"]),
        ];
        for (expected, spellings) in cases {
            for spelling in spellings {
                let number = Number::parse(spelling);
                assert_eq!(
                    number.as_ref().map(Number::as_str),
                    Ok(expected),
                    "{spelling}"
                );
            }
        }
    }

    #[test]
    fn text_that_is_not_a_decimal_number_is_an_error() {
        for text in [
            "", "-", ".5", "1.", "1e", "1e99999", "0x1", "NaN", "inf", "+1", "1 ", "١",
        ] {
            assert_eq!(Number::parse(text), Err(InvalidNumber), "{text}");
        }
        for value in [f64::NAN, f64::INFINITY] {
            assert_eq!(Number::from_f64(value), Err(InvalidNumber));
        }
    }

    #[test]
    fn floats_become_their_shortest_decimal() {
        for (value, text) in [
            (0.1, "0.1"),
            (-2.5, "-2.5"),
            (1e21, "1000000000000000000000"),
        ] {
            assert_eq!(
                Number::from_f64(value).map(|number| number.to_string()),
                Ok(text.to_owned())
            );
        }
    }
}
