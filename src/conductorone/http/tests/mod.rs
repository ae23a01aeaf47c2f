//! Tests of requests to a server, most of them over a real socket.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a panic fails the test"
)]

mod admission;
mod clock;
mod congestion;
mod failures;
mod malformed_responses;
mod pool;
mod progress_log;
mod redaction;
mod tls;
mod tokens;
mod unpolled_calls;
