//! Drives the built plugin as Terraform does: launch, handshake, mutual TLS, and every RPC of protocol 6.11.

#![cfg(unix)]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says why on standard error"
)]
#![expect(
    clippy::needless_update,
    reason = "a macro fills in the fields that only some requests have"
)]

#[path = "../support/closed_port.rs"]
mod closed_port;
#[path = "../support/contract.rs"]
mod contract;
#[path = "../support/emulator.rs"]
mod emulator;
#[path = "../fuzz/harness/mod.rs"]
mod harness;
#[path = "../support/plugin.rs"]
mod plugin;
#[path = "../support/provider.rs"]
mod provider;
#[path = "../support/proxy.rs"]
#[expect(dead_code, reason = "one protocol is enough here")]
mod proxy;
#[path = "../support/tls.rs"]
mod tls;
#[path = "../support/value.rs"]
mod value;
#[path = "../support/wait.rs"]
mod wait;
#[path = "../support/wire.rs"]
mod wire;

mod access;
mod actions;
mod answers;
mod any_input;
mod app_faults;
mod catalog_rules;
mod checked;
mod clock;
mod connector_lists;
mod doctor;
mod ephemeral;
mod fault_matrix;
mod functions;
mod golden;
mod handshake;
mod hostile;
mod identity;
mod lifetime;
mod listing;
mod logging;
mod malformed;
mod moves;
mod outside_text;
mod plan;
mod privacy;
mod proto_files;
mod rate_limit;
mod rpcs;
mod saved;
mod schema;
mod shared_errors;
mod socket;
mod status_wait;
mod stop;
mod synced_data;
mod validate;
