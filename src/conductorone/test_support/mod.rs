//! What the tests of several floors and folders share.

pub(crate) mod heard;
pub(crate) mod server;
