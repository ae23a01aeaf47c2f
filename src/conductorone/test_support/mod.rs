//! What the tests of several floors and folders share.

pub(crate) mod log_capture;
pub(crate) mod server;
