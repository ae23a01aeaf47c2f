//! Measures the speed and size of the release build with the real command line tool against an emulated
//! ConductorOne that responds after 20 ms. `make bench` builds and runs this.
//!
//! It prints a table. With `UPDATE_BENCHMARK=1`, it also updates the table in the guide and the chart in the
//! README. Slow results do not fail.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on panics, and its results are for people"
)]

#[path = "../../tests/support/plugin.rs"]
#[expect(dead_code, reason = "starting is enough here")]
mod plugin;
#[path = "../../tests/support/terraform.rs"]
#[expect(dead_code, reason = "some commands are enough here")]
mod terraform;
#[path = "../../tests/support/tls.rs"]
#[expect(dead_code, reason = "starting is enough here")]
mod tls;
#[path = "../../tests/support/wait.rs"]
mod wait;
#[path = "../../tests/support/wire.rs"]
#[expect(unused_imports, reason = "starting is enough here")]
mod wire;

mod chart;
mod measure;
mod report;
mod runs;
mod usage;

use std::path::PathBuf;

#[tokio::main]
async fn main() {
    let provider = std::env::var_os("PROVIDER").map(PathBuf::from);
    let provider = provider.expect("PROVIDER names the binary to measure: run `make bench`");
    let cli = terraform::cli().expect("terraform or tofu is needed");
    let results = runs::all(cli, &provider).await;
    println!("\n{}\n\n{}", report::conditions(), report::table(&results));
    if std::env::var_os("UPDATE_BENCHMARK").is_some() {
        report::write(&results);
        chart::write(&results);
    }
}
