//! A tenant and a working folder over several rounds.

use std::collections::BTreeMap;
use std::time::Duration;

use fastrand::Rng;
use serde_json::Value;

use super::disruption::Plan;
use super::objects::{self, State, Unmanaged, read_state};
use super::statistics::Statistics;
use super::wanted::Wanted;
use crate::scene::{APP, CLOUD, DATA_CENTER, SELF_HOSTED, Scene};
use crate::terraform::Run;

/// The time limit for a disrupted run to end.
const LIMIT: Duration = Duration::from_mins(2);
const STATE: &str = "terraform.tfstate";
/// The output of Terraform in JSON has every warning. The text has only the first of several with the same title.
const APPLY: [&str; 4] = ["apply", "-json", "-input=false", "-auto-approve"];
/// The number of resources of each type, 30 together.
const COUNTS: [(&str, usize); 4] = [(CLOUD, 12), (SELF_HOSTED, 6), (DATA_CENTER, 8), (APP, 4)];

/// A tenant, a working folder, and the random choices.
#[derive(Debug)]
pub(super) struct Life {
    seed: u64,
    scene: Scene,
    rng: Rng,
    wanted: Wanted,
    pub(super) statistics: Statistics,
}

/// How a round ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Repaired,
    /// Terraform was killed while it wrote its state file, which no provider can prevent.
    StateCut,
}

impl Life {
    /// Starts a life. None if no command line tool is installed.
    pub(super) async fn new(seed: u64) -> Option<Self> {
        Some(Self {
            seed,
            scene: Scene::new().await?,
            rng: Rng::with_seed(seed),
            wanted: Wanted::nothing(&COUNTS),
            statistics: Statistics::default(),
        })
    }

    /// Runs this number of rounds, or fewer if Terraform's state file is destroyed.
    pub(super) async fn run(&mut self, rounds: u64) {
        for _ in 0..rounds {
            if self.round().await == Outcome::StateCut {
                return;
            }
        }
        self.finish().await;
    }

    async fn round(&mut self) -> Outcome {
        let before = read_state(&self.scene).expect("the state of the last round");
        let file = self.scene.workspace.path(STATE);
        let content = std::fs::read(&file).ok();
        self.wanted.change(&mut self.rng);
        self.wanted.write(&self.scene);
        let plan = Plan::random(&mut self.rng);
        let (disrupted, is_hit) = self.disrupt(&plan).await;
        if read_state(&self.scene).is_none() {
            self.statistics.count_cut_state();
            return Outcome::StateCut;
        }
        let loses_state = plan.loses_state && is_hit;
        if loses_state {
            match &content {
                Some(content) => std::fs::write(&file, content).expect("a file"),
                // The run may have ended before it wrote the first state.
                None => _ = std::fs::remove_file(&file),
            }
        }
        let rotated = self.rotated(&before);
        if self.rng.bool() {
            self.wanted.change(&mut self.rng);
            self.wanted.write(&self.scene);
        }
        let hit = is_hit.then_some(plan.disruption);
        self.statistics.count_round(hit, loses_state);
        let repair = self.scene.workspace.run(&APPLY).await.succeeded();
        let messages = format!("{}\n{}", disrupted.text(), repair.text());
        self.check(&plan, &messages, &rotated).await;
        Outcome::Repaired
    }

    /// Applies, and disrupts the run. Returns false if it ended before.
    async fn disrupt(&self, plan: &Plan) -> (Run, bool) {
        self.scene.emulator.clear_journal();
        let mut running = self.scene.workspace.start(&APPLY);
        let is_hit = plan.carry_out(&self.scene, &mut running).await;
        running.plugins_gone_within(LIMIT).await;
        (running.end_within(LIMIT).await, is_hit)
    }

    /// Returns the connectors of the state that got a new credential in the disrupted run.
    fn rotated(&self, before: &State) -> Vec<String> {
        let requests = self.scene.emulator.journal().into_iter();
        let requests =
            requests.filter(|it| it.method == "POST" && it.path.ends_with("/credentials"));
        let ids = requests.filter_map(|it| it.body["connectorId"].as_str().map(str::to_owned));
        ids.filter(|id| before.values().any(|it| it["id"] == id.as_str()))
            .collect()
    }

    /// Checks what the repair left, and removes what only messages know, as their reader does.
    async fn check(&mut self, plan: &Plan, messages: &str, rotated: &[String]) {
        let context = format!("{self}, {plan:?}");
        self.scene.workspace.assert_quiet(&context).await;
        let state = read_state(&self.scene).expect("the state of an apply that succeeded");
        let wanted = self.wanted.attributes(&self.scene);
        objects::assert_wanted(&self.scene, &wanted, &state);
        objects::assert_finished(&self.scene, &state);
        let mut unmanaged = Unmanaged::find(&self.scene, &state, messages);
        if plan.disruption.ends_process() {
            self.delete_orphans(&mut unmanaged, &wanted);
        }
        assert!(
            unmanaged.unknown.is_empty(),
            "{context}: {unmanaged:?}\n{messages}"
        );
        self.statistics.count_named(unmanaged.named.len());
        for id in &unmanaged.named {
            self.delete(id);
        }
        for lost in objects::find_lost_credentials(&self.scene, &state, messages) {
            // ConductorOne has no list of credentials, and a killed run can tell nobody what it has just requested.
            let is_told = !plan.disruption.ends_process();
            assert!(
                lost.is_named || !is_told && rotated.contains(&lost.connector_id),
                "{context}: {lost:?}\n{messages}"
            );
            self.statistics.count_lost_credential(lost.is_named);
            self.scene.emulator.revoke_credential(&lost.id);
        }
    }

    /// Creates one more connector in each app and one more app. The run must name every unfinished object that is left.
    async fn finish(&mut self) {
        self.wanted.add_last();
        self.wanted.write(&self.scene);
        let run = self.scene.workspace.run(&APPLY).await.succeeded();
        let state = read_state(&self.scene).expect("the state of an apply that succeeded");
        let unmanaged = Unmanaged::find(&self.scene, &state, &run.text());
        let is_complete = unmanaged.marked.is_empty() && unmanaged.unknown.is_empty();
        assert!(is_complete, "{self}: {unmanaged:?}\n{run}");
        self.statistics.count_named(unmanaged.named.len());
    }

    /// Removes finished objects that neither the state nor the new configuration contains. A process died before Terraform saved
    /// them, and they look like those of somebody else.
    fn delete_orphans(&mut self, unmanaged: &mut Unmanaged, wanted: &BTreeMap<String, Value>) {
        let is_wanted = |name: &str| wanted.values().any(|it| it["display_name"] == name);
        let (orphans, unknown) = std::mem::take(&mut unmanaged.unknown)
            .into_iter()
            .partition(|(_, name)| !is_wanted(name));
        unmanaged.unknown = unknown;
        let orphans: BTreeMap<String, String> = orphans;
        self.statistics.count_orphans(orphans.len());
        for id in orphans.keys() {
            self.delete(id);
        }
    }

    fn delete(&self, id: &str) {
        self.scene.emulator.delete_connector(id);
        self.scene.emulator.delete_app(id);
    }
}

impl std::fmt::Display for Life {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (seed, rounds) = (self.seed, self.statistics.rounds());
        write!(formatter, "SOAK_SEED={seed}, round {rounds}")
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- {self}; `make soak` repeats the choices of this seed");
        }
    }
}
