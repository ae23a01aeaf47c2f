//! Checks of a plan against ConductorOne.

mod checks;
pub(super) mod messages;

pub(super) use checks::PlanChecks;
