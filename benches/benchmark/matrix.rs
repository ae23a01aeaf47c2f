//! The cases of a run.

use std::str::FromStr;

use crate::report::results::Program;

/// The measured numbers of connectors, parallelisms and latencies, each in ascending order. Environment variables replace each
/// list.
#[derive(Debug)]
pub(crate) struct Matrix {
    pub(crate) connectors: Vec<usize>,
    pub(crate) parallelism: Vec<usize>,
    pub(crate) latencies_ms: Vec<u64>,
}

/// Commands that a new tenant and a new working folder see, one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Round {
    pub(crate) program: Program,
    pub(crate) kind: Kind,
    pub(crate) connectors: usize,
    pub(crate) parallelism: usize,
    pub(crate) latency_ms: u64,
}

/// The commands of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The steps in `Step::ROUND`.
    Life,
    /// A creation that is not measured, and `Step::ApplyMore`.
    More,
}

impl Matrix {
    pub(crate) fn from_env() -> Self {
        Self {
            connectors: list("BENCH_COUNTS", &[1, 100, 500, 2000]),
            parallelism: list("BENCH_PARALLELISM", &[10, 100]),
            latencies_ms: list("BENCH_LATENCY", &[0, 20]),
        }
    }

    /// Returns the rounds, in an order in which the programs alternate.
    pub(crate) fn rounds(&self, has_peer: bool) -> Vec<Round> {
        let mut rounds = Vec::new();
        for (kind, connectors, parallelism) in self.kinds() {
            for _ in 0..repetitions(connectors) {
                let latencies_ms = measured(&self.latencies_ms, connectors);
                for (place, latency_ms) in latencies_ms.iter().enumerate() {
                    let programs = Program::ALL.into_iter().filter(|program| match program {
                        Program::This => true,
                        Program::Peer => has_peer,
                        // The floor has no server, so it is the same for all latencies.
                        Program::Floor => place == 0,
                    });
                    rounds.extend(programs.map(|program| Round {
                        program,
                        kind,
                        connectors,
                        parallelism,
                        latency_ms: *latency_ms,
                    }));
                }
            }
        }
        rounds
    }

    /// Returns the kinds of rounds with their numbers of connectors and parallelisms, short ones first.
    fn kinds(&self) -> impl Iterator<Item = (Kind, usize, usize)> {
        self.connectors.iter().flat_map(|connectors| {
            let parallelism = measured(&self.parallelism, *connectors);
            let kinds = [Kind::Life, Kind::More].into_iter();
            kinds
                .flat_map(|kind| parallelism.iter().rev().map(move |it| (kind, *it)))
                .filter(|(kind, parallelism)| {
                    *kind == Kind::Life || (*connectors, *parallelism) == MORE
                })
                .map(|(kind, parallelism)| (kind, *connectors, parallelism))
        })
    }
}

/// The number of connectors after `Step::ApplyMore`, and its parallelism.
const MORE: (usize, usize) = (400 + EXISTING, 100);
/// The number of objects that exist before `Step::ApplyMore`.
pub(crate) const EXISTING: usize = 100;

/// With more connectors than this, a round takes minutes.
const FEW: usize = 500;

/// Returns the measured parallelisms or latencies for a number of connectors: all, or only the greatest if a round takes minutes.
fn measured<T>(values: &[T], connectors: usize) -> &[T] {
    let first = if connectors > FEW {
        values.len().saturating_sub(1)
    } else {
        0
    };
    values.get(first..).unwrap_or_default()
}

/// Returns how often rounds with this number of connectors run. Terraform's time grows with its square.
fn repetitions(connectors: usize) -> usize {
    match connectors {
        0..=100 => 5,
        101..=FEW => 3,
        _ => 1,
    }
}

/// Returns the numbers in a variable, which commas separate, in ascending order.
fn list<T: FromStr + Ord + Copy>(variable: &str, default: &[T]) -> Vec<T> {
    let Ok(text) = std::env::var(variable) else {
        return default.to_vec();
    };
    let numbers = text.split(',').map(|number| number.trim().parse());
    let mut numbers: Vec<T> = numbers
        .collect::<Result<_, _>>()
        .unwrap_or_else(|_| panic!("{variable}={text} is not a list such as 1,100"));
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}
