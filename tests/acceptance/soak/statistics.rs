//! What happened in the rounds.

use std::collections::BTreeMap;
use std::fmt;

use super::disruption::Disruption;

/// Counts over all rounds.
#[derive(Debug, Default)]
pub(super) struct Statistics {
    rounds: u64,
    hits: BTreeMap<Disruption, u64>,
    lost_states: u64,
    cut_states: u64,
    named: usize,
    orphans: usize,
    lost_credentials: u64,
    named_credentials: u64,
}

impl Statistics {
    /// Counts a round, and what hit it. None if the run ended before.
    pub(super) fn count_round(&mut self, hit: Option<Disruption>, loses_state: bool) {
        self.rounds += 1;
        if let Some(disruption) = hit {
            *self.hits.entry(disruption).or_default() += 1;
        }
        self.lost_states += u64::from(loses_state);
    }

    /// Counts a state file that is not JSON. Its round does not count.
    pub(super) fn count_cut_state(&mut self) {
        self.cut_states += 1;
    }

    /// Counts objects that messages name.
    pub(super) fn count_named(&mut self, count: usize) {
        self.named += count;
    }

    /// Counts finished objects that Terraform did not save and that the new configuration does not contain.
    pub(super) fn count_orphans(&mut self, count: usize) {
        self.orphans += count;
    }

    /// Counts a valid credential that the state does not contain.
    pub(super) fn count_lost_credential(&mut self, is_named: bool) {
        if is_named {
            self.named_credentials += 1;
        } else {
            self.lost_credentials += 1;
        }
    }

    pub(super) fn rounds(&self) -> u64 {
        self.rounds
    }

    /// Adds the counts of another life.
    pub(super) fn add(&mut self, other: &Self) {
        self.rounds += other.rounds;
        for (disruption, count) in &other.hits {
            *self.hits.entry(*disruption).or_default() += count;
        }
        self.lost_states += other.lost_states;
        self.cut_states += other.cut_states;
        self.named += other.named;
        self.orphans += other.orphans;
        self.lost_credentials += other.lost_credentials;
        self.named_credentials += other.named_credentials;
    }
}

impl fmt::Display for Statistics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{} rounds", self.rounds)?;
        for (disruption, count) in &self.hits {
            writeln!(formatter, "{count} times {disruption:?}")?;
        }
        writeln!(
            formatter,
            "{} times the state before the run was put back",
            self.lost_states
        )?;
        writeln!(
            formatter,
            "{} state files that Terraform did not finish",
            self.cut_states
        )?;
        writeln!(
            formatter,
            "{} objects left that a message named",
            self.named
        )?;
        writeln!(
            formatter,
            "{} finished objects that Terraform did not save and nobody wants any more",
            self.orphans
        )?;
        writeln!(
            formatter,
            "{} credentials whose answer was lost and that a message named",
            self.named_credentials
        )?;
        write!(
            formatter,
            "{} credentials lost in a rotation whose process was killed",
            self.lost_credentials
        )
    }
}
