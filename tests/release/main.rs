//! The files of `make release`: their contents, and their installation with Terraform.
//!
//! The tests build them once per run in a separate target folder. The first build takes minutes.

#![cfg(unix)]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says why on standard error"
)]

#[path = "../support/contract.rs"]
mod contract;
#[path = "../support/emulator.rs"]
mod emulator;
#[path = "../support/terraform.rs"]
#[expect(dead_code, reason = "installing and applying is enough here")]
mod terraform;

mod files;
mod mirror;

mod contents;
mod installed;
mod materials;
mod program;
mod reproducible;
mod signed;
