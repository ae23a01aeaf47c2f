//! The documentation for the Registry. Its generated parts are made from what the built plugin tells Terraform, and from
//! the files in `examples/`.
//!
//! Usually these tests check that nothing would change. With `UPDATE_DOCS=1`, which `make docs` sets, the pages are
//! written first.

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
mod checks;
mod difference;
mod examples;
mod files;
mod imports;
mod links;
mod page;
mod pages;
mod release_steps;
mod schema;
mod subject;
mod text;
mod troubleshooting;
mod types;
mod workflows;
