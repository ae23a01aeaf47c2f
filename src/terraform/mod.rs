//! tfplugin6 for Rust: values, schemas, diagnostics, the traits that resources, data sources, list resources and
//! functions implement, and the gRPC service that maps the protocol's RPCs onto them.

pub mod context;
pub mod data_source;
pub mod diagnostics;
pub mod function;
pub mod list_resource;
pub mod managed;
pub mod nearest;
pub mod path;
mod plan;
mod printable;
mod private;
pub mod problems;
mod proto;
pub mod provider;
pub mod resource;
pub mod schema;
pub mod service;
pub mod stored;
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
