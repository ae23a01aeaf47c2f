//! Tests of requests to a server over a real socket.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a panic fails the test"
)]

mod clock;
mod failures;
mod malformed_responses;
mod pool;
mod progress_log;
mod redaction;
mod tls;
mod tokens;
mod unpolled_calls;
