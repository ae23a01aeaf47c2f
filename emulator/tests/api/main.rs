//! The emulator over the wire.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed test is a panic"
)]

mod apps;
mod connectors;
mod harms;
mod people;
mod support;
mod tenant;
mod traffic;
