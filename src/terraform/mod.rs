//! tfplugin6 for Rust: values, schemas and diagnostics, the traits of a provider, and the gRPC service that serves a provider.

pub mod action;
mod catch_panic;
pub mod context;
pub mod data_source;
pub mod diagnostics;
pub mod ephemeral_resource;
pub mod function;
pub mod list_resource;
pub mod managed;
pub mod messages;
pub mod model;
pub mod nearest;
pub mod path;
mod plan;
mod printable;
mod private_state;
mod proto;
pub mod provider;
pub mod resource;
pub mod schema;
pub mod service;
pub mod state_migration;
#[cfg(test)]
#[expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
pub(crate) mod tests;
pub mod timeouts;
pub mod types;
pub mod value;
