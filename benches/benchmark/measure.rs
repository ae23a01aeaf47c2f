//! The measures, their goals and their results.

/// The unit of a number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unit {
    Milliseconds,
    Seconds,
    Mebibytes,
    Megabytes,
    Kilobytes,
    Pieces,
}

impl Unit {
    /// A number with its unit.
    pub(crate) fn show(self, value: f64) -> String {
        match self {
            Self::Milliseconds => format!("{value:.1} ms"),
            Self::Seconds => format!("{value:.2} s"),
            Self::Mebibytes => format!("{value:.1} MiB"),
            Self::Megabytes => format!("{value:.1} MB"),
            Self::Kilobytes => format!("{value:.0} KB"),
            Self::Pieces => format!("{value:.0}"),
        }
    }
}

/// One line of the table.
#[derive(Debug)]
pub(crate) struct Measure {
    /// The description for readers.
    pub(crate) what: &'static str,
    pub(crate) unit: Unit,
    /// The result of the vendor's provider 1.5.0, measured earlier on another machine with two cores.
    pub(crate) peer: Option<f64>,
    /// The goal for this provider.
    pub(crate) goal: Option<f64>,
}

impl Measure {
    const fn new(what: &'static str, unit: Unit, peer: f64, goal: f64) -> Self {
        Self {
            what,
            unit,
            peer: Some(peer),
            goal: Some(goal),
        }
    }

    const fn alone(what: &'static str, unit: Unit) -> Self {
        Self {
            what,
            unit,
            peer: None,
            goal: None,
        }
    }
}

use Unit::{Kilobytes, Mebibytes, Megabytes, Milliseconds, Pieces, Seconds};

pub(crate) const HANDSHAKE: Measure =
    Measure::new("Start to handshake line", Milliseconds, 8.1, 2.0);
pub(crate) const VALIDATE: Measure = Measure::new("`terraform validate`", Seconds, 0.18, 0.09);
pub(crate) const PLAN: Measure =
    Measure::new("Plan of 100 unchanged connectors", Seconds, 1.3, 0.6);
pub(crate) const PLAN_CPU: Measure =
    Measure::new("CPU time of the provider in that plan", Seconds, 0.85, 0.1);
pub(crate) const PLAN_MEMORY: Measure = Measure::new(
    "Peak memory of the provider in that plan",
    Mebibytes,
    51.0,
    16.0,
);
pub(crate) const MANY_MEMORY: Measure = Measure::new(
    "Peak memory, apply of 500 connectors at `-parallelism=100`",
    Mebibytes,
    114.0,
    24.0,
);
pub(crate) const MANY_CPU: Measure =
    Measure::alone("CPU time of the provider in that apply", Seconds);
pub(crate) const MANY_WALL: Measure = Measure::alone("That apply as a whole", Seconds);
/// The goal is 100 for each of the three commands.
pub(crate) const CONNECTIONS: Measure = Measure::new(
    "Connections, apply + plan + destroy of these",
    Pieces,
    977.0,
    300.0,
);
pub(crate) const TOKENS: Measure =
    Measure::alone("Access tokens, apply + plan + destroy of these", Pieces);
pub(crate) const BINARY: Measure = Measure::new("Size of the binary", Megabytes, 40.0, 10.0);
pub(crate) const SCHEMA: Measure =
    Measure::new("Size of the schema as JSON", Kilobytes, 1100.0, 100.0);

/// The results of several runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    pub(crate) fn push(&mut self, value: f64) {
        self.0.push(value);
        self.0.sort_by(f64::total_cmp);
    }

    /// Returns the median.
    pub(crate) fn median(&self) -> f64 {
        let (low, high) = (self.0[(self.0.len() - 1) / 2], self.0[self.0.len() / 2]);
        low.midpoint(high)
    }

    /// Returns the minimum and the maximum, or none if all are equal.
    pub(crate) fn spread(&self) -> Option<(f64, f64)> {
        let (least, greatest) = (*self.0.first()?, *self.0.last()?);
        (least < greatest).then_some((least, greatest))
    }
}

impl From<f64> for Samples {
    fn from(value: f64) -> Self {
        Self(vec![value])
    }
}

/// A measure and its results.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) measure: &'static Measure,
    pub(crate) samples: Samples,
    /// The floor without this provider: an empty process, or built-in resources of the command line tool.
    pub(crate) floor: Option<Samples>,
}

impl Found {
    pub(crate) fn of(measure: &'static Measure, samples: impl Into<Samples>) -> Self {
        Self {
            measure,
            samples: samples.into(),
            floor: None,
        }
    }

    pub(crate) fn above(self, floor: Samples) -> Self {
        Self {
            floor: Some(floor),
            ..self
        }
    }
}
