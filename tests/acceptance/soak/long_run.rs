//! One plugin process over many runs of Terraform, with 500 resources, latency and faults. Its memory and its open files stay
//! as they are, and nothing is lost.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use conductorone_emulator::{Fault, FaultAction, RateLimit};
use fastrand::Rng;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout};
use tokio::time::{Instant, sleep};

use super::number;
use super::objects::{self, Unmanaged, read_state};
use super::wanted::Wanted;
use crate::scene::{APP, CLOUD, DATA_CENTER, SELF_HOSTED, Scene};
use crate::terraform::Run;
use crate::wait::within;

/// The number of resources of each type.
const COUNTS: [(&str, usize); 4] = [
    (CLOUD, 380),
    (SELF_HOSTED, 50),
    (DATA_CENTER, 50),
    (APP, 20),
];
/// The output in JSON has every warning.
const APPLY: [&str; 5] = [
    "apply",
    "-json",
    "-input=false",
    "-auto-approve",
    "-parallelism=30",
];
const LATENCY_MS: u64 = 5;
const TOKEN_LIFETIME_S: u64 = 5;
const SOON: Duration = Duration::from_secs(20);
/// The time limit of a command, which the faults delay.
const LIMIT: Duration = Duration::from_mins(10);
/// The first cycles, in which the process reaches its size.
const WARM_UP: usize = 2;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes 20 minutes: `make soak` runs it"]
async fn one_process_serves_many_runs() {
    let minutes = number("SOAK_MINUTES").unwrap_or(20);
    let seed = number("SOAK_SEED").unwrap_or_else(|| fastrand::u64(..1 << 32));
    eprintln!("SOAK_SEED={seed}");
    let mut scene = Scene::new().await.expect("terraform or tofu is installed");
    scene.workspace = scene.second_workspace().apart(LIMIT);
    scene.switch(|switches| {
        switches.latency_ms = LATENCY_MS;
        switches.token_lifetime_s = TOKEN_LIFETIME_S;
    });
    let plugin = Plugin::attach(&mut scene).await;
    let mut run = LongRun {
        scene,
        rng: Rng::with_seed(seed),
        wanted: Wanted::nothing(&COUNTS),
        errors: BTreeMap::new(),
    };
    let mut samples = Vec::new();
    let end = Instant::now() + Duration::from_mins(minutes);
    while Instant::now() < end || samples.len() < WARM_UP + 2 {
        run.cycle().await;
        let sample = plugin.sample();
        eprintln!("cycle {}: {sample:?}", samples.len() + 1);
        samples.push(sample);
    }
    eprintln!(
        "errors of disturbed commands, which the next apply repaired: {:#?}",
        run.errors
    );
    assert_flat(&samples);
}

/// A plugin that runs until this is dropped.
#[derive(Debug)]
struct Plugin {
    process: Child,
    /// Stays open, because the plugin prints more lines.
    _stdout: BufReader<ChildStdout>,
}

/// What the plugin uses when it has nothing to do.
#[derive(Clone, Copy, Debug)]
struct Sample {
    resident_kib: usize,
    open_files: usize,
}

impl Plugin {
    /// Starts a plugin, and lets the commands of the working folder use it.
    async fn attach(scene: &mut Scene) -> Self {
        let mut process = scene.workspace.start_plugin(&["-debug"]);
        let mut stdout = BufReader::new(process.stdout.take().expect("a pipe"));
        let reattach = within("the reattach line", SOON, async {
            let mut line = String::new();
            while !line.contains("TF_REATTACH_PROVIDERS='") {
                line.clear();
                assert_ne!(
                    stdout.read_line(&mut line).await.expect("a line"),
                    0,
                    "the plugin ended"
                );
            }
            line
        });
        let reattach = reattach.await;
        let (_, value) = reattach.split_once('\'').expect("a quote");
        let (value, _) = value.rsplit_once('\'').expect("a quote");
        scene.workspace.env("TF_REATTACH_PROVIDERS", value);
        Self {
            process,
            _stdout: stdout,
        }
    }

    fn sample(&self) -> Sample {
        let process = format!("/proc/{}", self.process.id().expect("a running plugin"));
        let status = std::fs::read_to_string(format!("{process}/status")).expect("Linux");
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let resident = resident.and_then(|size| size.trim().strip_suffix(" kB")?.parse().ok());
        Sample {
            resident_kib: resident.expect("a size"),
            open_files: std::fs::read_dir(format!("{process}/fd"))
                .expect("Linux")
                .count(),
        }
    }
}

/// Fails if memory or open files grow after the warm-up.
fn assert_flat(samples: &[Sample]) {
    let later = &samples[WARM_UP..];
    let (early, late) = later.split_at(later.len() / 2);
    let worst =
        |of: &[Sample], value: fn(&Sample) -> usize| of.iter().map(value).max().expect("one");
    let memory = [early, late].map(|it| worst(it, |sample| sample.resident_kib));
    let files = [early, late].map(|it| worst(it, |sample| sample.open_files));
    assert!(memory[1] <= memory[0] * 5 / 4, "memory grows: {samples:?}");
    assert!(files[1] <= files[0] + 8, "open files grow: {samples:?}");
}

/// A tenant and a working folder.
#[derive(Debug)]
struct LongRun {
    scene: Scene,
    rng: Rng,
    wanted: Wanted,
    /// The errors of disturbed commands, and how often each one came.
    errors: BTreeMap<String, usize>,
}

impl LongRun {
    /// Creates everything, changes a third, plans, and destroys everything.
    async fn cycle(&mut self) {
        self.wanted.want_all();
        self.disturbed_apply().await;
        self.wanted.change_some(&mut self.rng);
        self.disturbed_apply().await;
        self.scene.workspace.assert_quiet("after a change").await;
        self.wanted.want_nothing();
        self.disturbed_apply().await;
        self.scene.emulator.clear_journal();
    }

    /// Applies with faults and then without. The second apply must repair everything.
    async fn disturbed_apply(&mut self) {
        self.wanted.write(&self.scene);
        let is_over = AtomicBool::new(false);
        let apply = async {
            let run = self.scene.workspace.run(&APPLY).await;
            is_over.store(true, Ordering::Relaxed);
            run
        };
        let (run, ()) = tokio::join!(apply, disturb(&self.scene, &mut self.rng, &is_over));
        for error in errors(&run) {
            *self.errors.entry(error).or_default() += 1;
        }
        self.scene.emulator.clear_faults();
        self.scene.switch(|switches| switches.rate_limit = None);
        let repair = self
            .scene
            .workspace
            .apply(&["-parallelism=30"])
            .await
            .succeeded();
        self.check(&run, &repair).await;
    }

    async fn check(&self, run: &Run, repair: &Run) {
        self.scene.workspace.assert_quiet("after the repair").await;
        let state = read_state(&self.scene).expect("a complete state");
        objects::assert_wanted(&self.scene, &self.wanted.attributes(&self.scene), &state);
        let messages = format!("{}\n{}", run.text(), repair.text());
        let unmanaged = Unmanaged::find(&self.scene, &state, &messages);
        assert!(unmanaged.unknown.is_empty(), "{unmanaged:?}\n{messages}");
        for id in unmanaged.named.iter().chain(&unmanaged.marked) {
            self.scene.emulator.delete_connector(id);
            self.scene.emulator.delete_app(id);
        }
        let lost = objects::find_lost_credentials(&self.scene, &state, &messages);
        for lost in lost {
            assert!(lost.is_named, "{lost:?}\n{messages}");
            self.scene.emulator.revoke_credential(&lost.id);
        }
    }
}

/// Returns the titles of the errors in Terraform's JSON output.
fn errors(run: &Run) -> Vec<String> {
    let lines = run.stdout.lines();
    let messages = lines.filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let errors = messages.filter(|it| it["diagnostic"]["severity"] == "error");
    errors
        .filter_map(|it| it["diagnostic"]["summary"].as_str().map(str::to_owned))
        .collect()
}

/// Disturbs the requests at random times until the command is over.
async fn disturb(scene: &Scene, rng: &mut Rng, is_over: &AtomicBool) {
    while !is_over.load(Ordering::Relaxed) {
        sleep(Duration::from_millis(rng.u64(100..1000))).await;
        let limit = RateLimit {
            requests: 200,
            per_ms: 1000,
            retry_after: rng.bool(),
        };
        match rng.u8(..6) {
            0 => scene.fail(any(FaultAction::DropBefore)),
            1 => scene.fail(any(FaultAction::DropAfter)),
            2 => scene.fail(any(FaultAction::status(503))),
            3 => scene.emulator.expire_tokens(),
            4 => scene.switch(|switches| {
                switches.rate_limit = switches.rate_limit.is_none().then_some(limit);
            }),
            _ => {
                scene.emulator.shut_down().await;
                sleep(Duration::from_millis(rng.u64(..500))).await;
                scene.emulator.restart().await.expect("the same port");
            }
        }
    }
}

/// Affects the next request to an app or a connector.
fn any(action: FaultAction) -> Fault {
    Fault {
        method: None,
        path: "/api/v1/apps".to_owned(),
        nth: Some(1),
        times: None,
        action,
    }
}
