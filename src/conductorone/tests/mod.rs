//! The client against a server that plays its part over a real socket.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod apps;
mod calls;
mod catalog;
mod clock;
mod connecting;
mod failures;
mod hostile;
mod people;
mod polling;
mod pool;
mod redaction;
mod server;
mod shapes;
mod syncs;
mod tokens;
mod waits;
