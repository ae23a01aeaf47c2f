//! Counts the instructions of the release build under callgrind, and compares them with `benches/budget.yml`. Unlike times,
//! the counts do not depend on the speed and load of the machine. `make budget` builds and runs this.
//!
//! It prints a table, and fails if a row exceeds its budget. With `UPDATE_BUDGET=1`, it writes the counts into the file.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a measurement that cannot go on panics, and its results are for people"
)]

#[path = "../../tests/support/plugin.rs"]
#[expect(dead_code, reason = "a few calls are enough here")]
mod plugin;
#[path = "../../tests/support/provider.rs"]
#[expect(dead_code, reason = "a few RPCs are enough here")]
mod provider;
#[path = "../../tests/support/tls.rs"]
#[expect(dead_code, reason = "one certificate is enough here")]
mod tls;
#[path = "../../tests/support/value.rs"]
#[expect(dead_code, reason = "known values are enough here")]
mod value;
#[path = "../../tests/support/wait.rs"]
mod wait;
#[path = "../../tests/support/wire.rs"]
mod wire;

mod budget;
mod callgrind;
mod measure;
mod runs;

use std::path::PathBuf;
use std::process::ExitCode;

use budget::{Budget, Compiler};

#[tokio::main]
async fn main() -> ExitCode {
    let provider = std::env::var_os("PROVIDER").map(PathBuf::from);
    let provider = provider.expect("PROVIDER names the binary to measure: run `make budget`");
    let compiler = Compiler::current();
    let found = runs::all(&provider).await;
    if std::env::var_os("UPDATE_BUDGET").is_some() {
        Budget::write(&compiler, &found);
    }
    let budget = Budget::read();
    println!("{}\n", budget.table(&found));
    let problems = budget.problems(&compiler, &found);
    if problems.is_empty() {
        println!("Every row is within its limit.");
        return ExitCode::SUCCESS;
    }
    println!("{}", problems.join("\n"));
    ExitCode::FAILURE
}
