//! Real Terraform (or OpenTofu) with the built provider, against an emulated ConductorOne over HTTPS.

#![cfg(unix)]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says why on standard error"
)]

#[path = "../support/closed_port.rs"]
mod closed_port;
#[path = "../support/contract.rs"]
mod contract;
#[path = "../support/emulator.rs"]
mod emulator;
#[path = "../support/proxy.rs"]
mod proxy;
#[path = "../support/running.rs"]
mod running;
#[path = "../support/terraform.rs"]
mod terraform;
#[path = "../support/wait.rs"]
mod wait;

#[macro_use]
mod scene;

mod actions;
mod app;
mod attributes;
mod check_login;
mod checks;
mod clock;
mod connections;
mod data;
mod elsewhere;
mod empty;
mod ephemeral;
mod errors;
mod examples;
mod failures;
mod federation;
mod functions;
mod guides;
mod import;
mod key;
mod kill;
mod late;
mod leftovers;
mod lifecycle;
mod live;
mod moved;
mod noise;
mod owners;
mod people;
mod picture;
mod places;
mod query;
mod rate_limit;
mod repair;
mod rotation;
mod same_object;
mod secrets;
mod settings;
mod setups;
mod sign_in;
mod soak;
mod sync;
mod sync_wait;
mod tainted;
mod together;
mod traffic;
mod twins;
mod unknown;
mod warnings;
