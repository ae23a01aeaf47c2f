//! Logarithmic axes.

/// A logarithmic axis whose ends are 1, 2 or 5 times a power of ten.
#[derive(Clone, Debug)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    start: f64,
    length: f64,
}

/// The exponents of ten that an axis may have.
const EXPONENTS: std::ops::RangeInclusive<i32> = -6..=12;
/// An axis with more labels than this only has labels at powers of ten.
const MOST_LABELS: usize = 5;

impl Scale {
    /// Returns an axis for these positive values, or none without values. `start` is the position of the low end, and
    /// `length` is the distance to the high end, which is negative if the axis points upwards.
    pub(crate) fn covering(
        values: impl IntoIterator<Item = f64>,
        start: f64,
        length: f64,
    ) -> Option<Self> {
        let (mut least, mut greatest) = (f64::INFINITY, 0.0_f64);
        for value in values {
            (least, greatest) = (least.min(value), greatest.max(value));
        }
        let low = steps().filter(|step| *step <= least).last()?;
        let high = steps().find(|step| *step >= greatest && *step > low)?;
        Some(Self {
            low,
            high,
            start,
            length,
        })
    }

    /// Returns the position of a value.
    pub(crate) fn position(&self, value: f64) -> f64 {
        self.start + self.length * (value / self.low).ln() / (self.high / self.low).ln()
    }

    /// Returns the values of the grid lines, in ascending order.
    pub(crate) fn grid(&self) -> Vec<f64> {
        let shown = |step: &f64| (self.low..=self.high).contains(step);
        let all: Vec<_> = steps().filter(shown).collect();
        if all.len() <= MOST_LABELS {
            return all;
        }
        EXPONENTS.map(power).filter(shown).collect()
    }
}

/// Returns 1, 2 and 5 times each power of ten, in ascending order.
fn steps() -> impl Iterator<Item = f64> {
    EXPONENTS.flat_map(|exponent| [1.0, 2.0, 5.0].map(|digit| rounded(digit, exponent)))
}

fn power(exponent: i32) -> f64 {
    rounded(1.0, exponent)
}

/// Returns the number that is written as `digit`e`exponent`. A product of floating-point numbers may differ from it.
fn rounded(digit: f64, exponent: i32) -> f64 {
    if exponent < 0 {
        digit / 10_f64.powi(-exponent)
    } else {
        digit * 10_f64.powi(exponent)
    }
}
