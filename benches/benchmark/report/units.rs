//! Numbers, their units, and the results of repeated measurements.

use serde::{Deserialize, Serialize};

/// The unit of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Milliseconds,
    Seconds,
    Mebibytes,
    Megabytes,
    Kilobytes,
    Pieces,
}

impl Unit {
    /// Returns a number with its unit, in at least two significant digits.
    pub(crate) fn show(self, value: f64) -> String {
        let number = self.number(value);
        format!("{number} {}", self.name()).trim_end().to_owned()
    }

    /// Returns a number without its unit, in at least two significant digits.
    pub(crate) fn number(self, value: f64) -> String {
        match self {
            Self::Seconds if value >= 100.0 => format!("{value:.0}"),
            Self::Seconds if value < 10.0 => format!("{value:.2}"),
            Self::Seconds | Self::Milliseconds | Self::Mebibytes | Self::Megabytes => {
                format!("{value:.1}")
            }
            Self::Kilobytes | Self::Pieces => format!("{value:.0}"),
        }
    }

    /// Returns the symbol, which is empty for pieces.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Milliseconds => "ms",
            Self::Seconds => "s",
            Self::Mebibytes => "MiB",
            Self::Megabytes => "MB",
            Self::Kilobytes => "KB",
            Self::Pieces => "",
        }
    }

    /// Returns the label of a grid line, which is a power of ten or a multiple of one.
    pub(crate) fn label(self, value: f64) -> String {
        let number = thousands(value);
        format!("{number} {}", self.name()).trim_end().to_owned()
    }
}

/// Returns a number with commas between thousands if it has no fraction.
pub(crate) fn thousands(value: f64) -> String {
    let digits = value.to_string();
    if digits.contains('.') {
        return digits;
    }
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The results of repeated measurements, in ascending order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    /// Adds a result, rounded to four decimals.
    pub(crate) fn push(&mut self, value: f64) {
        self.0.push((value * 1e4).round() / 1e4);
        self.0.sort_by(f64::total_cmp);
    }

    /// Returns the median, or none without results.
    pub(crate) fn median(&self) -> Option<f64> {
        let last = self.0.len().checked_sub(1)?;
        let (low, high) = (self.0.get(last / 2)?, self.0.get(last.div_ceil(2))?);
        Some(low.midpoint(*high))
    }

    /// Returns the distance between the least and the greatest result in relation to the median, or none if there are
    /// fewer than two results or if the median is zero.
    pub(crate) fn spread(&self) -> Option<f64> {
        let [least, .., greatest] = self.0.as_slice() else {
            return None;
        };
        let median = self.median().filter(|it| *it > 0.0)?;
        Some((greatest - least) / median)
    }
}
