//! Real Terraform (or OpenTofu) with the built provider, against an emulated ConductorOne over HTTPS.

#![cfg(unix)]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says why on standard error"
)]

#[path = "../support/terraform.rs"]
mod terraform;

mod scene;

mod contract;
mod elsewhere;
mod errors;
mod failures;
mod import;
mod lifecycle;
mod repair;
mod secrets;
mod settings;
mod traffic;
mod unknown;
