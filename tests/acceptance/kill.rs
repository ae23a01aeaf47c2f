//! Processes that end in the middle of a creation: the next apply finds the connector again, and makes no second one.

use std::time::Duration;

use conductorone_emulator::{Fault, FaultAction};
use serde_json::json;

use crate::running::{Running, signal};
use crate::scene::{BOTH, CLOUD, DATA_CENTER, Scene, with};
use crate::wait::until;

/// Until Terraform has planned and sent the request.
const SOON: Duration = Duration::from_mins(1);

/// Longer than any test lives: nobody is to get this answer.
const NEVER: FaultAction = FaultAction::DelayAfter { ms: 600_000 };

/// Begins an apply and returns when the connector exists and its answer is still out.
async fn half_a_creation(scene: &Scene, address: &str) -> Running {
    scene.write(&[(address, &scene.attributes(address))]);
    let create = Fault::nth("POST", "/connectors", 1, NEVER);
    scene.emulator.add_fault(create);
    let running = scene.workspace.start_apply();
    let exists = || (!scene.connectors().is_empty()).then_some(());
    until("the connector", SOON, exists).await;
    running
}

/// Applies again, which must keep the one connector and leave nothing to do.
async fn assert_repaired(scene: &Scene, address: &str, first: &str) {
    let id = scene.connector().id;
    let again = scene.workspace.apply(&[]).await.succeeded();
    assert_eq!(scene.connector().id, id, "{address}: {first}\n{again}");
    let state = scene.workspace.state(address).await;
    assert_eq!(state["id"], id.as_str(), "{address}: {first}\n{again}");
    scene.workspace.assert_quiet("after the second apply").await;
}

#[tokio::test]
async fn a_plugin_that_is_killed_leaves_one_connector() {
    for address in BOTH {
        let Some(scene) = Scene::new().await else {
            return;
        };
        let running = half_a_creation(&scene, address).await;
        running.kill_plugins().await;
        let run = running.end().await.failed();
        assert_repaired(&scene, address, &run.text()).await;
    }
}

#[tokio::test]
async fn a_terraform_that_is_killed_takes_its_plugin_along_and_leaves_one_connector() {
    for address in BOTH {
        let Some(scene) = Scene::new().await else {
            return;
        };
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
        let Some(scene) = Scene::new().await else {
            return;
        };
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

/// Kills the plugin when this request is under way, and applies again.
async fn assert_survives(address: &str, path: &str, action: FaultAction) {
    let Some(scene) = Scene::new().await else {
        return;
    };
    let attributes = with(&scene.attributes(address), &json!({"display_name": "Wiki"}));
    scene.write(&[(address, &attributes)]);
    scene
        .emulator
        .add_fault(Fault::nth("POST", path, 1, action));
    let running = scene.workspace.start_apply();
    let pattern = path.trim_start_matches('*');
    let asked = || {
        let mut journal = scene.emulator.journal().into_iter();
        journal.find(|it| it.path.ends_with(pattern))
    };
    until("the request", SOON, asked).await;
    running.kill_plugins().await;
    let run = running.end().await.failed();
    scene.emulator.clear_faults();
    assert_repaired(&scene, address, &run.text()).await;
    assert_eq!(scene.connector().display_name, "Wiki", "{address}");
}

#[tokio::test]
async fn a_plugin_that_is_killed_between_two_steps_leaves_one_connector() {
    let not_yet = FaultAction::DelayBefore { ms: 600_000 };
    assert_survives(CLOUD, "*/delegated", not_yet.clone()).await;
    assert_survives(DATA_CENTER, "*/delegated", not_yet).await;
    assert_survives(DATA_CENTER, "*/credentials", NEVER).await;
}
