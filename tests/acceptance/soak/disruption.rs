//! What happens to a run, and when.

use std::time::Duration;

use fastrand::Rng;
use tokio::time::{Instant, sleep};

use crate::running::{Running, try_signal};
use crate::scene::Scene;

/// The time between two looks at the requests.
const INTERVAL: Duration = Duration::from_millis(5);

/// An event that disrupts a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Disruption {
    KillPlugin,
    KillTerraform,
    KillBoth,
    Interrupt,
    InterruptTwice,
    /// The server is killed, and comes back with its data.
    KillServer,
}

use Disruption::{Interrupt, InterruptTwice, KillBoth, KillPlugin, KillServer, KillTerraform};

impl Disruption {
    /// Whether Terraform ends without saving its state.
    pub(super) fn ends_terraform(self) -> bool {
        matches!(self, KillTerraform | KillBoth | InterruptTwice)
    }

    /// Whether a process ends that knows more than the state.
    pub(super) fn ends_process(self) -> bool {
        self == KillPlugin || self.ends_terraform()
    }
}

/// A moment of a run.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// After this number of requests.
    Requests(usize),
    /// After this time.
    Time(Duration),
}

/// A disruption at a moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) disruption: Disruption,
    /// Whether the state before the run is put back, as after the death of a run whose state is remote.
    pub(super) loses_state: bool,
    moment: Moment,
    /// The additional time until the disruption.
    delay: Duration,
    /// The time from the disruption to the second interrupt, or to the return of the server.
    pause: Duration,
}

impl Plan {
    pub(super) fn random(rng: &mut Rng) -> Self {
        let disruptions = [
            KillPlugin,
            KillTerraform,
            KillBoth,
            Interrupt,
            InterruptTwice,
            KillServer,
        ];
        let disruption = disruptions[rng.usize(..disruptions.len())];
        let ends_terraform = disruption.ends_terraform();
        let moment = match rng.u8(..4) {
            0 => Moment::Time(Duration::from_millis(rng.u64(..3000))),
            _ => Moment::Requests(rng.usize(..150)),
        };
        Self {
            disruption,
            loses_state: ends_terraform && rng.u8(..3) == 0,
            moment,
            delay: Duration::from_millis(rng.u64(..30)),
            pause: Duration::from_millis(rng.u64(..1500)),
        }
    }

    /// Disrupts the run at the moment. Returns false if the run ended before.
    pub(super) async fn carry_out(&self, scene: &Scene, running: &mut Running) -> bool {
        let start = Instant::now();
        loop {
            if running.has_ended() {
                return false;
            }
            let is_reached = match self.moment {
                Moment::Requests(count) => scene.emulator.journal().len() >= count,
                Moment::Time(time) => start.elapsed() >= time,
            };
            if is_reached {
                break;
            }
            sleep(INTERVAL).await;
        }
        sleep(self.delay).await;
        if running.has_ended() {
            return false;
        }
        self.disrupt(scene, running).await;
        true
    }

    async fn disrupt(&self, scene: &Scene, running: &mut Running) {
        let terraform = running.id();
        match self.disruption {
            KillPlugin => kill_plugins(running).await,
            KillTerraform => _ = try_signal(terraform, "KILL").await,
            KillBoth => {
                let plugins = running.plugins().await;
                _ = try_signal(terraform, "KILL").await;
                for plugin in plugins {
                    _ = try_signal(plugin, "KILL").await;
                }
            }
            Interrupt => _ = try_signal(terraform, "INT").await,
            InterruptTwice => {
                _ = try_signal(terraform, "INT").await;
                sleep(self.pause).await;
                if !running.has_ended() {
                    _ = try_signal(terraform, "INT").await;
                }
            }
            KillServer => {
                scene.emulator.shut_down().await;
                sleep(self.pause).await;
                scene.emulator.restart().await.expect("the same port");
            }
        }
    }
}

/// Kills the plugins, which may have ended meanwhile.
async fn kill_plugins(running: &Running) {
    for plugin in running.plugins().await {
        _ = try_signal(plugin, "KILL").await;
    }
}
