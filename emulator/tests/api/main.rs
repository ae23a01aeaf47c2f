//! The emulator over HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed test is a panic"
)]

mod apps;
mod confluence;
mod connectors;
mod faults;
mod people;
mod sign_in;
mod support;
mod synced;
mod tenant;
mod traffic;
