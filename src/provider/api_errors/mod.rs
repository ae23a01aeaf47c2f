//! Diagnostics for errors of the API.

mod diagnose;
pub(super) mod messages;

pub(super) use diagnose::{clock_off, diagnose, diagnose_cause, diagnose_notice, double_timeout};
