//! Helpers for tests.

pub(crate) mod log_capture;
pub(crate) mod server;
