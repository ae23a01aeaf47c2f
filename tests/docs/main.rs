//! The documentation for the Registry. Its generated parts come from the schemas of the built plugin and from the files
//! in `examples/`.
//!
//! By default, these tests check that the pages are up to date. With `UPDATE_DOCS=1`, which `make docs` sets, they
//! update the pages first.

#![cfg(unix)]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says why on standard error"
)]

#[path = "../support/plugin.rs"]
#[expect(dead_code, reason = "one launch is enough here")]
mod plugin;
#[path = "../support/tls.rs"]
#[expect(dead_code, reason = "one launch is enough here")]
mod tls;
#[path = "../support/wait.rs"]
mod wait;
#[path = "../support/wire.rs"]
mod wire;

mod architecture;
mod benchmark;
mod checks;
mod dependencies;
mod difference;
mod examples;
mod files;
mod imports;
mod links;
mod page;
mod pages;
mod pictures;
mod registry;
mod release_steps;
mod repository;
mod schema;
mod security;
mod subject;
mod text;
mod troubleshooting;
mod types;
mod workflows;
