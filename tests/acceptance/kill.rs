//! Processes that are killed during a creation. The next apply finds the connector and creates no second one.

use std::time::Duration;

use conductorone_emulator::{Fault, FaultAction};
use serde_json::json;

use crate::running::{Running, signal};
use crate::scene::{BOTH, CLOUD, DATA_CENTER, Scene};
use crate::terraform::Run;
use crate::wait::until;

/// The time limit for Terraform to plan and send the request.
const SOON: Duration = Duration::from_mins(1);

/// Carries out the request, but delays the response longer than any test runs.
const NEVER: FaultAction = FaultAction::DelayAfter { ms: 600_000 };

/// Delays the request longer than any test runs, and does not carry it out.
const NOT_YET: FaultAction = FaultAction::DelayBefore { ms: 600_000 };

/// Begins an apply. Returns when the connector exists and its response has not arrived.
async fn half_a_creation(scene: &Scene, address: &str) -> Running {
    scene.write(&[(address, &scene.attributes(address))]);
    let create = Fault::nth("POST", "/connectors", 1, NEVER);
    scene.fail(create);
    let running = scene.workspace.start_apply();
    let exists = || (!scene.connectors().is_empty()).then_some(());
    until("the connector", SOON, exists).await;
    running
}

/// Applies again. Afterwards there must be one connector and an empty plan.
async fn assert_repaired(scene: &Scene, address: &str, first: &str) {
    let id = scene.connector().id;
    let is_saved = scene.workspace.resource(address).await.is_some();
    let again = scene.workspace.apply(&[]).await.succeeded();
    // The credential of an unfinished self-hosted connector may be lost.
    let is_kept = is_saved || address == CLOUD;
    let connector = scene.connector();
    assert_eq!(connector.id == id, is_kept, "{address}: {first}\n{again}");
    let state = scene.workspace.state(address).await;
    assert_eq!(
        state["id"],
        connector.id.as_str(),
        "{address}: {first}\n{again}"
    );
    let valid = scene.valid_credentials();
    let known: Vec<_> = state["credential_id"].as_str().into_iter().collect();
    assert_eq!(valid, known, "{address}: {first}\n{again}");
    scene.workspace.assert_quiet("after the second apply").await;
}

#[tokio::test]
async fn a_plugin_that_is_killed_leaves_one_connector() {
    for address in BOTH {
        let scene = or_skip!(Scene::new());
        let running = half_a_creation(&scene, address).await;
        running.kill_plugins().await;
        let run = running.end().await.failed();
        assert_repaired(&scene, address, &run.text()).await;
    }
}

#[tokio::test]
async fn a_terraform_that_is_killed_takes_its_plugin_along_and_leaves_one_connector() {
    for address in BOTH {
        let scene = or_skip!(Scene::new());
        let running = half_a_creation(&scene, address).await;
        assert!(!running.plugins().await.is_empty(), "{address}: no plugin");
        signal(running.id(), "KILL").await;
        running.plugins_gone().await;
        let run = running.end().await;
        assert_eq!(run.code, None, "{run}");
        assert_repaired(&scene, address, &run.text()).await;
    }
}

#[tokio::test]
async fn a_second_interrupt_ends_everything_at_once_and_leaves_one_connector() {
    for address in BOTH {
        let scene = or_skip!(Scene::new());
        let running = half_a_creation(&scene, address).await;
        signal(running.id(), "INT").await;
        running.says("Interrupt received").await;
        signal(running.id(), "INT").await;
        running.plugins_gone().await;
        let run = running.end().await.failed();
        assert!(run.text().contains("Two interrupts received"), "{run}");
        assert_repaired(&scene, address, &run.text()).await;
    }
}

/// The process to kill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    Plugin,
    Terraform,
}

const VICTIMS: [Victim; 2] = [Victim::Plugin, Victim::Terraform];

/// Applies with this fault, kills one of the processes when `reached` holds, and removes the fault.
async fn killed(
    scene: &Scene,
    victim: Victim,
    fault: Fault,
    reached: impl Fn(&Scene) -> bool,
) -> Run {
    scene.fail(fault);
    let running = scene.workspace.start_apply();
    until("the request", SOON, || reached(scene).then_some(())).await;
    match victim {
        Victim::Plugin => running.kill_plugins().await,
        Victim::Terraform => {
            signal(running.id(), "KILL").await;
            running.plugins_gone().await;
        }
    }
    let run = running.end().await;
    scene.emulator.clear_faults();
    run
}

/// Returns whether this request has arrived.
fn asked(path: &'static str) -> impl Fn(&Scene) -> bool {
    move |scene| {
        let mut journal = scene.emulator.journal().into_iter();
        journal.any(|it| it.path.ends_with(path))
    }
}

/// Kills one of the processes during a creation, and applies again.
async fn assert_survives(
    address: &str,
    victim: Victim,
    fault: Fault,
    reached: impl Fn(&Scene) -> bool,
) {
    let scene = or_skip!(Scene::new());
    let attributes = scene.changed(address, &json!({"display_name": "Wiki"}));
    scene.write(&[(address, &attributes)]);
    let run = killed(&scene, victim, fault, reached).await;
    assert_ne!(run.code, Some(0), "{address}, {victim:?}: {run}");
    assert_repaired(&scene, address, &run.text()).await;
    let connector = scene.connector();
    assert_eq!(connector.display_name, "Wiki", "{address}, {victim:?}");
    assert_eq!(connector.description, "", "{address}, {victim:?}");
}

#[tokio::test]
async fn a_plugin_that_is_killed_between_two_steps_leaves_one_connector() {
    let name = Fault::nth("POST", "*/delegated", 1, NOT_YET);
    assert_survives(CLOUD, Victim::Plugin, name, asked("/delegated")).await;
    let credential = Fault::nth("POST", "*/credentials", 1, NEVER);
    let reached = asked("/credentials");
    assert_survives(DATA_CENTER, Victim::Plugin, credential, reached).await;
}

#[tokio::test]
async fn a_run_that_is_killed_after_the_last_request_of_a_creation_leaves_one_connector() {
    for victim in VICTIMS {
        let name = Fault::nth("POST", "*/delegated", 1, NEVER);
        let named = |scene: &Scene| {
            scene
                .connectors()
                .iter()
                .any(|it| it.display_name == "Wiki")
        };
        assert_survives(CLOUD, victim, name, named).await;
        let owners = Fault::nth("GET", "*/owners/users", 1, NEVER);
        assert_survives(DATA_CENTER, victim, owners, asked("/owners/users")).await;
    }
}

/// Returns whether the state contains the resource. Terraform writes it before it stops the provider, OpenTofu
/// afterwards.
async fn is_saved(scene: &Scene, address: &str) -> bool {
    let is_saved = scene.workspace.resource(address).await.is_some();
    let is_terraform = scene.workspace.terraform_version().await.is_some();
    assert!(is_saved || !is_terraform, "{address} is not in the state");
    is_saved
}

#[tokio::test]
async fn a_run_that_is_killed_while_it_removes_the_mark_leaves_one_connector() {
    for (address, victim) in BOTH.into_iter().zip(VICTIMS) {
        for action in [NOT_YET, NEVER] {
            let scene = or_skip!(Scene::new());
            scene.write(&[(address, &scene.attributes(address))]);
            let unmark = Fault::nth("POST", "*/delegated", 1, action.clone());
            let acts = action == NEVER;
            let reached = |scene: &Scene| {
                let connectors = scene.connectors();
                asked("/delegated")(scene) && (!acts || connectors[0].description.is_empty())
            };
            let run = killed(&scene, victim, unmark, reached).await;
            let id = scene.connector().id;
            // The configured connector is complete.
            let code = (victim == Victim::Plugin).then_some(0);
            assert_eq!(run.code, code, "{action:?}: {run}");
            if is_saved(&scene, address).await {
                if acts {
                    scene.workspace.assert_quiet("after the kill").await;
                }
                assert_repaired(&scene, address, &run.text()).await;
                assert_eq!(scene.connector().id, id, "{address}: it is in the state");
            } else if acts {
                // Neither the state nor a mark contains it, so the user decides.
                let again = scene.workspace.apply(&[]).await.succeeded().text();
                let named = again.contains("Connector may exist already") && again.contains(&id);
                assert!(named, "{again}");
                continue;
            } else {
                assert_repaired(&scene, address, &run.text()).await;
            }
            assert_eq!(scene.connector().description, "", "{address}");
        }
    }
}
