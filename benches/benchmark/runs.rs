//! The measured commands.

use std::path::Path;
use std::time::Instant;

use conductorone_emulator::{Emulator, Options, Switches};

use crate::matrix::{EXISTING, Kind, Round};
use crate::programs::{Programs, VENDOR, configuration};
use crate::report::results::{Case, Cell, Program, Results, Step};
use crate::terraform::Workspace;
use crate::usage::{Usage, Watch};

/// A new tenant, and a working folder for it.
struct Scene {
    round: Round,
    emulator: Emulator,
    workspace: Workspace,
}

/// The cost of a command.
struct Cost {
    wall_s: f64,
    stdout_bytes: usize,
    provider: Option<ProviderCost>,
}

/// The cost of a command that only a command with a provider has.
struct ProviderCost {
    usage: Option<Usage>,
    requests: usize,
    connections: usize,
    access_tokens: usize,
}

/// Runs a round and adds its results. The round ends with its first failure.
pub(crate) async fn run(round: Round, programs: &Programs, results: &mut Results) {
    let scene = Scene::start(round, programs).await;
    let steps: &[Step] = match round.kind {
        Kind::Life => &Step::ROUND,
        Kind::More => &[Step::ApplyMore],
    };
    if round.kind == Kind::More {
        scene.write(EXISTING, false);
        let existing = scene.command(&scene.arguments(Step::Apply)).await;
        if let Err(failure) = existing {
            scene.cell(Step::ApplyMore, results).failure = Some(failure);
            return;
        }
    }
    scene.write(round.connectors, false);
    for step in steps {
        if *step == Step::Update {
            scene.write(round.connectors, true);
        }
        let outcome = scene.command(&scene.arguments(*step)).await;
        let failed = outcome.is_err();
        record(outcome, scene.cell(*step, results));
        if failed {
            break;
        }
    }
    if round.program == Program::Peer && results.peer_version.is_none() {
        results.peer_version = scene.version();
    }
}

/// Returns the size of the output of `providers schema -json` in KB, or how the command failed.
pub(crate) async fn schema_kb(round: Round, programs: &Programs) -> Result<f64, String> {
    let scene = Scene::start(round, programs).await;
    scene.write(round.connectors, false);
    let arguments = ["providers", "schema", "-json"].map(str::to_owned);
    let cost = scene.command(&arguments).await?;
    Ok((number(cost.stdout_bytes) / 1e2).round() / 10.0)
}

fn record(outcome: Result<Cost, String>, cell: &mut Cell) {
    match outcome {
        Ok(cost) => {
            cell.wall_s.push(cost.wall_s);
            if let Some(provider) = cost.provider {
                if let Some(usage) = provider.usage {
                    cell.cpu_s.push(usage.cpu_s);
                    cell.peak_mib.push(usage.peak_mib);
                }
                cell.requests.push(number(provider.requests));
                cell.connections.push(number(provider.connections));
                cell.access_tokens.push(number(provider.access_tokens));
            }
        }
        Err(failure) => {
            eprintln!("{:?} {:?}: {failure}", cell.program, cell.case);
            cell.failure = failure.lines().next().map(str::to_owned);
        }
    }
}

impl Scene {
    async fn start(round: Round, programs: &Programs) -> Self {
        let switches = Switches {
            latency_ms: round.latency_ms,
            // The vendor's provider finds the owners nowhere else.
            echo_user_ids: true,
            ..Switches::default()
        };
        let options = Options {
            tls: true,
            switches,
            ..Options::default()
        };
        let emulator = Emulator::start(options).await.expect("the emulator starts");
        let workspace = match (round.program, programs.binary(round.program)) {
            (Program::This, Some(binary)) => Workspace::running(programs.cli, binary),
            (_, Some(binary)) => Workspace::overriding(programs.cli, &[VENDOR], binary),
            (_, None) => Workspace::overriding(programs.cli, &[], Path::new("")),
        };
        Self {
            round,
            workspace: workspace.of_tenant(&emulator),
            emulator,
        }
    }

    fn write(&self, connectors: usize, skip_personal_spaces: bool) {
        let app_id = self.emulator.app_id();
        let program = self.round.program;
        self.workspace.write(&configuration(
            program,
            &app_id,
            connectors,
            skip_personal_spaces,
        ));
    }

    fn cell<'a>(&self, step: Step, results: &'a mut Results) -> &'a mut Cell {
        let Round {
            program,
            connectors,
            parallelism,
            latency_ms,
            ..
        } = self.round;
        let case = Case {
            step,
            connectors,
            parallelism,
            latency_ms,
        };
        results.cell_mut(program, case).expect("a new cell")
    }

    fn arguments(&self, step: Step) -> Vec<String> {
        let parallelism = format!("-parallelism={}", self.round.parallelism);
        let arguments: &[&str] = match step {
            Step::Validate => &["validate", "-no-color"],
            Step::Plan => &["plan", "-no-color", "-detailed-exitcode", &parallelism],
            Step::PlanWithoutRefresh => &[
                "plan",
                "-no-color",
                "-detailed-exitcode",
                "-refresh=false",
                &parallelism,
            ],
            Step::Apply | Step::ApplyMore | Step::Update => {
                &["apply", "-no-color", "-auto-approve", &parallelism]
            }
            Step::Destroy => &["destroy", "-no-color", "-auto-approve", &parallelism],
        };
        arguments.iter().map(|it| (*it).to_owned()).collect()
    }

    /// Runs a command. A plan with changes is a failure.
    async fn command(&self, arguments: &[String]) -> Result<Cost, String> {
        self.emulator.clear_journal();
        let connections = self.emulator.connections_opened();
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let started = Instant::now();
        let child = self.workspace.spawn(&arguments);
        let watch = Watch::children_of(child.id().expect("a running command"));
        let output = child.wait_with_output().await.expect("its output");
        let wall_s = started.elapsed().as_secs_f64();
        let usage = watch.end();
        if !output.status.success() {
            let stderr = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{}\n{stderr}", output.status));
        }
        let has_provider = self.round.program != Program::Floor;
        let journal = self.emulator.journal();
        let is_token = |path: &str| path == "/auth/v1/token";
        let provider = has_provider.then(|| ProviderCost {
            usage,
            requests: journal.len(),
            connections: self.emulator.connections_opened() - connections,
            access_tokens: journal.iter().filter(|it| is_token(&it.path)).count(),
        });
        Ok(Cost {
            wall_s,
            stdout_bytes: output.stdout.len(),
            provider,
        })
    }

    /// Returns the version in the user agent of the last requests, for example `1.5.0` in `sdk/terraform 1.5.0 2.8`.
    fn version(&self) -> Option<String> {
        let journal = self.emulator.journal();
        let agents = journal.iter().filter_map(|entry| entry.user_agent.as_ref());
        let mut words = agents.flat_map(|agent| agent.split([' ', '/']));
        let version = words.find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
        version.map(str::to_owned)
    }
}

fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
