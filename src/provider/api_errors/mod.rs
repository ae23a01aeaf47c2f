//! Diagnostics for errors of the API.

mod diagnose;
pub(super) mod messages;

pub(super) use diagnose::{diagnose, diagnose_notice, double_timeout};
