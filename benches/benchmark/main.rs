//! Measures the release build with the real command line tool against an emulated ConductorOne, beside Terraform's
//! built-in resources and, if `PEER` names its file, beside the vendor's provider. `make bench` builds and runs this.
//!
//! It prints tables and writes results, tables and charts into the folder in `OUT`. Slow results do not fail.

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

mod limited;
mod matrix;
mod programs;
#[expect(dead_code, reason = "the tests of the pages use the rest")]
mod report;
mod runs;
mod usage;

use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::Timestamp;

use matrix::{Kind, Matrix, Round};
use programs::Programs;
use report::results::{Program, Results};
use report::{bars, growth, tables};
use terraform::Workspace;

#[tokio::main]
async fn main() {
    let cli = terraform::cli().expect("terraform or tofu is needed");
    let programs = Programs::from_env(cli);
    if std::env::args().any(|argument| argument == "limited") {
        let provider = programs.binary(Program::This).expect("a file");
        return limited::run(cli, provider).await;
    }
    let rounds = Matrix::from_env().rounds(programs.has_peer());
    let out = PathBuf::from(std::env::var_os("OUT").expect("OUT is missing: run `make bench`"));
    std::fs::create_dir_all(&out).expect("a folder");
    let mut results = start(&programs).await;
    let started = Instant::now();
    for (place, round) in rounds.iter().enumerate() {
        println!(
            "{:>5.0} s, round {} of {}: {round:?}",
            started.elapsed().as_secs_f64(),
            place + 1,
            rounds.len()
        );
        runs::run(*round, &programs, &mut results).await;
        // A run takes long, so the results of an interrupted run are useful.
        write(&out, &results);
    }
    println!("\n{}\n\nWrote {}", tables::page(&results), out.display());
    let failed = results.cells.iter().filter(|cell| cell.failure.is_some());
    let failed: Vec<_> = failed.filter(|it| it.program != Program::Peer).collect();
    assert!(failed.is_empty(), "commands failed: {failed:#?}");
}

/// Returns the results that belong to no command.
async fn start(programs: &Programs) -> Results {
    let workspace = Workspace::overriding(programs.cli, &[], Path::new(""));
    let mut traits = programs.traits();
    for traits in &mut traits {
        let round = Round {
            program: traits.program,
            kind: Kind::Life,
            connectors: 1,
            parallelism: 10,
            latency_ms: 0,
        };
        if round.program != Program::Floor {
            let size = runs::schema_kb(round, programs).await;
            traits.schema_kb = Some(size.unwrap_or_else(|failure| panic!("{round:?}: {failure}")));
        }
    }
    Results {
        run: Timestamp::now().strftime("%Y-%m-%d %H:%M UTC").to_string(),
        note: std::env::var("BENCH_NOTE").ok().filter(|it| !it.is_empty()),
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        cli: workspace.version().await,
        peer_version: None,
        programs: traits,
        cells: Vec::new(),
    }
}

/// Writes the results, the tables and the charts.
fn write(out: &Path, results: &Results) {
    for (name, text) in [
        ("results.json", results.json().expect("JSON")),
        ("results.md", tables::page(results) + "\n"),
        ("benchmark.svg", bars::file(results)),
        ("growth.svg", growth::file(results)),
    ] {
        std::fs::write(out.join(name), text).expect("a file");
    }
}
