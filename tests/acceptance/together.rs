//! Several connectors in one apply: their last steps run while Terraform creates further connectors, and the last creation
//! reports what failed.

use std::time::Duration;

use conductorone_emulator::{Fault, FaultAction};
use serde_json::json;

use crate::scene::{CLOUD, Scene};
use crate::wait::until;

/// The time limit of a wait.
const LIMIT: Duration = Duration::from_mins(1);

/// What the warning about a failed step says.
const FAILED: &str = "was created and is in the state, but a later step failed.";

/// Writes a configuration of this number of connectors with names.
fn write(scene: &Scene, count: usize) {
    let several = json!({
        "count": count, "display_name": "Wiki ${count.index}", "site_domain": "acme${count.index}",
    });
    scene.write(&[(CLOUD, &scene.changed(CLOUD, &several))]);
}

#[tokio::test]
async fn connectors_do_not_wait_for_the_owners_of_others() {
    const COUNT: usize = 7;
    let scene = or_skip!(Scene::new());
    write(&scene, COUNT);
    scene.switch(|switches| switches.owner_delay_ms = 600_000);
    let apply = scene.workspace.apply(&["-parallelism=2"]);
    let owners_show = async {
        let all = || (scene.connectors().len() == COUNT).then_some(());
        until("all connectors", LIMIT, all).await;
        scene.switch(|switches| switches.owner_delay_ms = 0);
        for connector in scene.connectors() {
            for owners in [vec![], vec![scene.emulator.user_id("alice")]] {
                scene.emulator.set_owners(&connector.id, &owners);
            }
        }
    };
    let (run, ()) = tokio::join!(apply, owners_show);
    let run = run.succeeded();
    assert!(!run.text().contains(FAILED), "{run}");
    scene.workspace.assert_quiet("after the apply").await;
}

#[tokio::test]
async fn a_failed_step_of_one_connector_is_a_warning_with_its_id() {
    let scene = or_skip!(Scene::new());
    write(&scene, 4);
    let refused = FaultAction::status(403);
    scene.fail(Fault::first("POST", "/delegated", 1, refused));
    let run = scene.workspace.apply(&[]).await.succeeded();
    let connectors = scene.connectors();
    let unnamed: Vec<_> = connectors
        .iter()
        .filter(|connector| !connector.display_name.starts_with("Wiki"))
        .collect();
    assert_eq!(unnamed.len(), 1, "{run}");
    for text in [
        "Warning",
        &format!("The connector {} {FAILED}", unnamed[0].id),
        "HTTP 403",
    ] {
        assert!(run.text().contains(text), "{text}: {run}");
    }
    assert_eq!(run.text().matches(FAILED).count(), 1, "{run}");
    let run = scene.workspace.apply(&[]).await.succeeded();
    assert!(run.text().contains("0 added, 1 changed"), "{run}");
    scene.workspace.assert_quiet("after the repair").await;
}

#[tokio::test]
async fn a_data_source_shows_a_new_connector_after_its_last_steps() {
    let scene = or_skip!(Scene::new());
    let several = json!({"count": 3, "display_name": "Wiki ${count.index}"});
    let connectors = scene.changed(CLOUD, &several);
    let first = json!({"app_id": scene.emulator.app_id(), "id": format!("${{{CLOUD}[0].id}}")});
    let listed = json!({"app_id": scene.emulator.app_id(), "depends_on": [CLOUD]});
    scene.switch(|switches| {
        switches.owner_delay_ms = 1500;
        switches.connector_delay_ms = 500;
    });
    scene.workspace.write(&json!({
        "resource": {"confluence_integration": {"it": connectors}},
        "data": {
            "confluence_integration": {"first": first},
            "confluence_integrations": {"all": listed},
        },
        "output": {
            "first": {"value": "${data.confluence_integration.first.display_name}"},
            "owners": {"value": "${join(\" \", data.confluence_integration.first.owner_ids)}"},
            "all": {"value": "${join(\" \", sort(data.confluence_integrations.all.integrations[*].display_name))}"},
        },
    }));
    scene.workspace.apply(&[]).await.succeeded();
    let alice = scene.emulator.user_id("alice");
    for (name, expected) in [
        ("first", "Wiki 0"),
        ("owners", &alice),
        ("all", "Wiki 0 Wiki 1 Wiki 2"),
    ] {
        let output = scene
            .workspace
            .run(&["output", "-raw", name])
            .await
            .succeeded();
        assert_eq!(output.stdout, expected, "{name}");
    }
    scene.workspace.assert_quiet("after the apply").await;
}
