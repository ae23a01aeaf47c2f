//! Applies and plans in a tenant that limits the rate of requests. `make limited` runs this.
//!
//! The ideal time is what the accepted requests take at the allowed rate. The rate is low enough that Terraform's own
//! work, which grows with the square of the number of resources, fits into that time.

use std::path::Path;
use std::time::Instant;

use conductorone_emulator::{Emulator, Options, RateLimit, Switches};
use serde_json::json;

use crate::terraform::Workspace;

const CONNECTORS: usize = 2000;
const LATENCY_MS: u64 = 20;
/// Requests per second.
const RATE: u32 = 50;

const COMMANDS: [&[&str]; 3] = [
    &["apply", "-auto-approve", "-parallelism=100"],
    &["plan", "-detailed-exitcode", "-parallelism=100"],
    &["destroy", "-auto-approve", "-parallelism=100"],
];

/// Runs all commands without and with `Retry-After`, and prints a table. A command that fails is a panic.
pub(crate) async fn run(cli: &'static Path, provider: &Path) {
    println!(
        "{CONNECTORS} connectors, {RATE} requests per second allowed, and as many at once after a pause, {LATENCY_MS} ms \
         latency\n\n\
         | Command | `Retry-After` | Requests | Refused (429) | Time | Ideal time | Time / ideal |\n\
         |---|---|---|---|---|---|---|"
    );
    for retry_after in [false, true] {
        let emulator = start(retry_after).await;
        let workspace = Workspace::running(cli, provider).of_tenant(&emulator);
        workspace.write(&json!({"resource": {"confluence_integration": {"wiki": {
            "count": CONNECTORS,
            "app_id": emulator.app_id(),
            "site_domain": "acme${count.index}",
            "username": "u@acme.com",
            "api_key": "key",
        }}}}));
        for command in COMMANDS {
            measure(&emulator, &workspace, command, retry_after).await;
        }
    }
}

async fn start(retry_after: bool) -> Emulator {
    let limit = RateLimit {
        requests: RATE,
        per_ms: 1000,
        retry_after,
    };
    let switches = Switches {
        latency_ms: LATENCY_MS,
        rate_limit: Some(limit),
        ..Switches::default()
    };
    let options = Options {
        tls: true,
        switches,
        ..Options::default()
    };
    Emulator::start(options).await.expect("the emulator starts")
}

async fn measure(emulator: &Emulator, workspace: &Workspace, command: &[&str], retry_after: bool) {
    emulator.clear_journal();
    let started = Instant::now();
    let output = workspace.spawn(command).wait_with_output().await;
    let time = started.elapsed().as_secs_f64();
    let output = output.expect("its output");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    let journal = emulator.journal();
    let refused = journal
        .iter()
        .filter(|entry| entry.status == Some(429))
        .count();
    let [requests, refused] =
        [journal.len(), refused].map(|count| u32::try_from(count).expect("a small count"));
    let ideal = f64::from(requests - refused) / f64::from(RATE);
    println!(
        "| `{}` | {} | {requests} | {refused} ({:.1} %) | {time:.1} s | {ideal:.1} s | {:.2} |",
        command.join(" "),
        if retry_after { "yes" } else { "no" },
        f64::from(refused) / f64::from(requests) * 100.0,
        time / ideal,
    );
}
