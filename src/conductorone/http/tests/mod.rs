//! Requests to a server over a real socket.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod calls;
mod clock;
mod connecting;
mod failures;
mod hostile;
mod polling;
mod pool;
mod redaction;
mod tokens;
mod waits;
