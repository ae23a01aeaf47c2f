//! The measured runs.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::Instant;

use conductorone_emulator::{Emulator, Options, Switches};
use serde_json::json;
use tokio::process::Command;

use crate::measure::{self, Found, Samples};
use crate::plugin::Launch;
use crate::terraform::Workspace;
use crate::usage::{Usage, Watch};

const LATENCY_MS: u64 = 20;
const STARTS: usize = 100;
const VALIDATIONS: usize = 15;
const PLANS: usize = 11;
const MANY: usize = 5;

/// All measures, in the order of the table.
pub(crate) async fn all(cli: &'static Path, provider: &Path) -> Vec<Found> {
    let size = std::fs::metadata(provider).expect("the provider").len();
    let tenant = Tenant::start(cli, provider).await;
    let mut found = vec![starts(provider), validations(&tenant).await];
    found.extend(plans(&tenant).await);
    found.extend(many(&tenant).await);
    found.push(Found::of(&measure::BINARY, number(size) / 1e6));
    let schema = tenant
        .run(&tenant.connectors(1), &["providers", "schema", "-json"])
        .await;
    found.push(Found::of(&measure::SCHEMA, number(schema.stdout) / 1e3));
    found
}

/// Measures the time from the start of a process to its first line.
fn starts(provider: &Path) -> Found {
    say("starting");
    let launch = Launch::like_terraform();
    // For the sockets of killed plugins.
    let folder = tempfile::tempdir().expect("a folder");
    let (mut samples, mut floor) = (Samples::default(), Samples::default());
    for _ in 0..STARTS {
        for (program, samples) in [
            (provider, &mut samples),
            (Path::new("/bin/echo"), &mut floor),
        ] {
            // Does not use the async runtime, which detects output late.
            let mut command = launch.prepare(Command::new(program)).into_std();
            command.env("TMPDIR", folder.path());
            let started = Instant::now();
            let mut child = command.spawn().expect("the program starts");
            let mut line = String::new();
            let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
            stdout.read_line(&mut line).expect("a line");
            samples.push(started.elapsed().as_secs_f64() * 1e3);
            assert!(line.ends_with('\n'), "no line came");
            child.kill().and_then(|()| child.wait()).expect("its end");
        }
    }
    Found::of(&measure::HANDSHAKE, samples).above(floor)
}

async fn validations(tenant: &Tenant) -> Found {
    say("validating");
    let (ours, built_in) = (tenant.connectors(1), tenant.built_in(1));
    let (mut samples, mut floor) = (Samples::default(), Samples::default());
    for _ in 0..VALIDATIONS {
        samples.push(tenant.run(&ours, &["validate"]).await.wall);
        floor.push(tenant.run(&built_in, &["validate"]).await.wall);
    }
    Found::of(&measure::VALIDATE, samples).above(floor)
}

/// Measures plans of 100 unchanged resources.
async fn plans(tenant: &Tenant) -> [Found; 3] {
    say("planning 100 connectors");
    let (ours, built_in) = (tenant.connectors(100), tenant.built_in(100));
    for workspace in [&ours, &built_in] {
        tenant.run(workspace, &APPLY).await;
    }
    let (mut wall, mut floor) = (Samples::default(), Samples::default());
    let (mut cpu, mut peak) = (Samples::default(), Samples::default());
    for _ in 0..PLANS {
        let plan = tenant.run(&ours, &PLAN).await;
        wall.push(plan.wall);
        cpu.push(plan.usage.cpu);
        peak.push(plan.usage.peak);
        floor.push(tenant.run(&built_in, &PLAN).await.wall);
    }
    tenant.run(&ours, &DESTROY).await;
    [
        Found::of(&measure::PLAN, wall).above(floor),
        Found::of(&measure::PLAN_CPU, cpu),
        Found::of(&measure::PLAN_MEMORY, peak),
    ]
}

/// Measures the creation and destruction of 500 resources.
async fn many(tenant: &Tenant) -> [Found; 5] {
    say("applying, planning and destroying 500 connectors");
    let (mut wall, mut cpu, mut peak) =
        (Samples::default(), Samples::default(), Samples::default());
    let (mut connections, mut tokens) = (Samples::default(), Samples::default());
    let workspace = tenant.connectors(500);
    for _ in 0..MANY {
        tenant.emulator.clear_journal();
        let before = tenant.emulator.connections_opened();
        let apply = tenant.run(&workspace, &APPLY).await;
        tenant.run(&workspace, &WIDE_PLAN).await;
        tenant.run(&workspace, &DESTROY).await;
        wall.push(apply.wall);
        cpu.push(apply.usage.cpu);
        peak.push(apply.usage.peak);
        connections.push(number(tenant.emulator.connections_opened() - before));
        tokens.push(number(tenant.token_requests()));
    }
    [
        Found::of(&measure::MANY_MEMORY, peak),
        Found::of(&measure::MANY_CPU, cpu),
        Found::of(&measure::MANY_WALL, wall),
        Found::of(&measure::CONNECTIONS, connections),
        Found::of(&measure::TOKENS, tokens),
    ]
}

const PLAN: [&str; 2] = ["plan", "-detailed-exitcode"];
const WIDE_PLAN: [&str; 3] = ["plan", "-detailed-exitcode", "-parallelism=100"];
const APPLY: [&str; 3] = ["apply", "-auto-approve", "-parallelism=100"];
const DESTROY: [&str; 3] = ["destroy", "-auto-approve", "-parallelism=100"];

/// A slow emulated ConductorOne, and working folders.
struct Tenant {
    emulator: Emulator,
    cli: &'static Path,
    provider: PathBuf,
}

impl Tenant {
    async fn start(cli: &'static Path, provider: &Path) -> Self {
        let switches = Switches {
            latency_ms: LATENCY_MS,
            ..Switches::default()
        };
        let options = Options {
            tls: true,
            switches,
            ..Options::default()
        };
        let emulator = Emulator::start(options).await;
        Self {
            emulator: emulator.expect("the emulator starts"),
            cli,
            provider: provider.canonicalize().expect("the provider"),
        }
    }

    /// Returns a folder with this number of connectors.
    fn connectors(&self, count: usize) -> Workspace {
        let workspace = Workspace::running(self.cli, &self.provider).of_tenant(&self.emulator);
        workspace.write(&json!({"resource": {"confluence_integration": {"wiki": {
            "count": count,
            "app_id": self.emulator.app_id(),
            "display_name": "Wiki ${count.index}",
            "site_domain": "acme${count.index}",
            "username": "svc-c1@acme.com",
            "api_key": "an-api-token",
        }}}}));
        workspace
    }

    /// Returns a folder with this number of built-in resources.
    fn built_in(&self, count: usize) -> Workspace {
        let workspace = Workspace::running(self.cli, &self.provider);
        std::fs::remove_file(workspace.path("versions.tf.json")).expect("a file");
        workspace.write(&json!({"resource": {"terraform_data": {"wiki": {
            "count": count,
            "input": "Wiki ${count.index}",
        }}}}));
        workspace
    }

    fn token_requests(&self) -> usize {
        let journal = self.emulator.journal().into_iter();
        journal
            .filter(|entry| entry.path == "/auth/v1/token")
            .count()
    }

    /// Runs a command, which must succeed.
    async fn run(&self, workspace: &Workspace, arguments: &[&str]) -> Ran {
        let started = Instant::now();
        let child = workspace.spawn(arguments);
        let id = child.id().expect("a running command");
        let watch = Watch::children_of(id, self.provider.clone());
        let output = child.wait_with_output().await.expect("its output");
        let wall = started.elapsed().as_secs_f64();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {stderr}");
        Ran {
            wall,
            usage: watch.end(),
            stdout: output.stdout.len(),
        }
    }
}

/// The cost of a command.
struct Ran {
    /// From start to end, in seconds.
    wall: f64,
    usage: Usage,
    /// The number of printed bytes.
    stdout: usize,
}

fn say(what: &str) {
    println!("{what} ...");
}

fn number(count: impl TryInto<u32>) -> f64 {
    count.try_into().map_or(f64::MAX, f64::from)
}
