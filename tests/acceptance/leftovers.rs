//! Unfinished connectors and apps: of an active or ended run with another state, and of a run with the same state that
//! created something else.

use std::time::Duration;

use conductorone_emulator::{Fault, FaultAction, Time};
use serde_json::json;

use crate::running::Running;
use crate::scene::{ALL, APP, BOTH, CLOUD, DATA_CENTER, Scene, config, with};
use crate::wait::until;

/// The time limit for Terraform to plan and send a request.
const SOON: Duration = Duration::from_mins(1);
/// Carries out the request, but delays the response longer than any test runs.
const NEVER: FaultAction = FaultAction::DelayAfter { ms: 600_000 };
/// Longer than the time for which the mark of another run is respected.
const LONG: Duration = Duration::from_mins(61);
/// The error about an object that an active run may be creating.
const BUSY: &str = "Another run may be creating this";

impl Scene {
    /// Returns the IDs of the objects of this type.
    fn ids(&self, address: &str) -> Vec<String> {
        if address != APP {
            return self.connectors().into_iter().map(|it| it.id).collect();
        }
        let apps = self.emulator.apps().into_iter();
        let wiki = apps.filter(|app| !app.is_deleted() && app.display_name == "Wiki");
        wiki.map(|app| app.id).collect()
    }

    /// Begins a creation that never finishes.
    async fn half_a_creation(&self, address: &str) -> Running {
        self.write(&[(address, &self.attributes(address))]);
        let path = match address {
            APP => "*v1/apps",
            CLOUD => "*/connectors/create",
            _ => "*/connectors",
        };
        self.emulator.add_fault(Fault::nth("POST", path, 1, NEVER));
        let running = self.workspace.start_apply();
        let exists = || (!self.ids(address).is_empty()).then_some(());
        until("the object", SOON, exists).await;
        running
    }
}

#[tokio::test]
async fn objects_of_an_active_run_elsewhere_are_not_changed() {
    for address in ALL {
        let scene = or_skip!(Scene::new());
        let running = scene.half_a_creation(address).await;
        let ids = scene.ids(address);
        let other = scene.second_workspace();
        other.write(&config(&[(address, &scene.attributes(address))]));
        let run = other.apply(&[]).await.failed();
        for part in [
            BUSY,
            &ids[0],
            "less than a minute ago",
            "the provider assumes that this run has ended",
            "terraform import",
        ] {
            assert!(run.text().contains(part), "{address}, {part}: {run}");
        }
        assert_eq!(scene.ids(address), ids, "{address}");
        assert_eq!(other.resource(address).await, None, "{address}");

        running.kill_plugins().await;
        running.end().await.failed();
        // A run with the same state recognizes its own object immediately.
        scene.workspace.apply(&[]).await.succeeded();
        scene.workspace.assert_quiet(address).await;
        assert_eq!(scene.ids(address).len(), 1, "{address}");
        assert_eq!(
            scene.ids(address) == ids,
            [CLOUD, APP].contains(&address),
            "{address}"
        );
    }
}

#[tokio::test]
async fn two_runs_at_once_each_get_a_connector_of_their_own() {
    for address in BOTH {
        let scene = or_skip!(Scene::new());
        // The first run has created the connector and is still active.
        let mut first = config(&[(address, &scene.attributes(address))]);
        let wait = format!(
            "until [ -e '{}' ]; do sleep 0.1; done",
            scene.workspace.path("go").display()
        );
        first["resource"]["terraform_data"]["wait"] = json!({
            "depends_on": [address], "provisioner": {"local-exec": {"command": wait}},
        });
        // Terraform stops the provider when no resource requires it.
        first["resource"]["confluence_app"]["last"] = json!({
            "depends_on": ["terraform_data.wait"], "display_name": "Last",
        });
        scene.workspace.write(&first);
        let running = scene.workspace.start_apply();
        running.says("Provisioning with 'local-exec'").await;
        let id = scene.connector().id;

        let other = scene.second_workspace();
        other.write(&config(&[(address, &scene.attributes(address))]));
        let run = other.apply(&[]).await.failed();
        assert!(
            run.text().contains(BUSY) && run.text().contains(&id),
            "{run}"
        );
        assert_eq!(scene.connector().id, id, "{address}");

        std::fs::write(scene.workspace.path("go"), "").expect("a file");
        let run = running.end().await.succeeded();
        let state = scene.workspace.state(address).await;
        assert_eq!(state["id"], id.as_str(), "{address}: {run}");
        scene.workspace.assert_quiet(address).await;

        let run = other.apply(&[]).await.succeeded();
        assert!(run.text().contains("Connector may exist already"), "{run}");
        assert_eq!(scene.connectors().len(), 2, "{address}");
        assert_ne!(other.state(address).await["id"], id.as_str(), "{address}");
    }
}

#[tokio::test]
async fn abandoned_objects_of_runs_elsewhere_are_adopted() {
    for address in ALL {
        let scene = or_skip!(Scene::new());
        let running = scene.half_a_creation(address).await;
        running.kill_plugins().await;
        running.end().await.failed();
        let ids = scene.ids(address);
        let age = Time::now().before(LONG);
        match address {
            APP => scene.emulator.date_app(&ids[0], age),
            _ => scene
                .emulator
                .edit_connector(&ids[0], |it| it.created_at = age),
        }
        let other = scene.second_workspace();
        // If the timeout of a creation is longer, the other run may also take longer.
        let patient = scene.changed(address, &json!({"timeouts": {"create": "2h"}}));
        other.write(&config(&[(address, &patient)]));
        let run = other.apply(&[]).await.failed();
        assert!(run.text().contains(BUSY), "{address}: {run}");
        other.write(&config(&[(address, &scene.attributes(address))]));
        let run = other.apply(&[]).await.succeeded();
        let message = match address {
            APP => "App adopted",
            CLOUD => "Connector adopted",
            _ => "Unfinished connector was deleted",
        };
        assert!(run.text().contains(message), "{address}: {run}");
        assert_eq!(scene.ids(address).len(), 1, "{address}");
        assert_eq!(
            scene.ids(address) == ids,
            [CLOUD, APP].contains(&address),
            "{address}"
        );
        other.assert_quiet(address).await;
    }
}

#[tokio::test]
async fn an_adopted_connector_gets_the_current_secret_and_owners() {
    let scene = or_skip!(Scene::new());
    let running = scene.half_a_creation(CLOUD).await;
    running.kill_plugins().await;
    running.end().await.failed();
    let id = scene.connector().id;
    // ConductorOne never returns the secret, so nothing would show that the old one is wrong.
    let bob = scene.emulator.user_id("bob");
    let changes = json!({"api_key": "key-2", "owner_ids": [bob]});
    scene
        .create(&[(CLOUD, &scene.changed(CLOUD, &changes))])
        .await;
    let connector = scene.connector();
    assert_eq!(connector.id, id);
    assert_eq!(connector.config["api-key"], "key-2");
    assert_eq!(connector.owner_ids(), [bob]);
}

#[tokio::test]
async fn different_objects_of_interrupted_runs_are_named() {
    let differently = [
        (CLOUD, json!({"username": "other@acme.example"})),
        (DATA_CENTER, json!({"display_name": "Notes"})),
        (APP, json!({"display_name": "Notes"})),
    ];
    for (address, changes) in differently {
        let scene = or_skip!(Scene::new());
        let running = scene.half_a_creation(address).await;
        running.kill_plugins().await;
        running.end().await.failed();
        let id = scene.ids(address).remove(0);
        scene.write(&[(address, &scene.changed(address, &changes))]);
        let run = scene.workspace.apply(&[]).await.succeeded();
        let import_id = match address {
            APP => id.clone(),
            _ => format!("{}/{id}", scene.emulator.app_id()),
        };
        let (type_name, _) = address.split_once('.').expect("an address");
        let command = format!("terraform import {type_name}.NAME '{import_id}'");
        assert_eq!(run.text().matches(&command).count(), 1, "{address}: {run}");
        assert_ne!(scene.workspace.state(address).await["id"], id.as_str());
        assert!(
            scene.ids(address).contains(&id),
            "{address}: nobody took it"
        );
        scene.workspace.assert_quiet(address).await;
    }
}

#[tokio::test]
async fn unfinished_connectors_that_other_creations_adopt_are_not_named() {
    let scene = or_skip!(Scene::new());
    let attributes = scene.attributes(DATA_CENTER);
    let several = |name: &str| with(&attributes, &json!({"count": 3, "display_name": name}));
    scene.write(&[(DATA_CENTER, &several("Wiki ${count.index}"))]);
    let creations = Fault::every("POST", "*/credentials", NEVER);
    scene.fail(creations);
    let running = scene.workspace.start_apply();
    let all = || (scene.valid_credentials().len() == 3).then_some(());
    until("three credentials", SOON, all).await;
    running.kill_plugins().await;
    running.end().await.failed();
    scene.emulator.clear_faults();
    // Sequential creations, so that each could name the object that the next one adopts.
    let run = scene.workspace.apply(&["-parallelism=3"]).await.succeeded();
    let message = run.text();
    assert_eq!(
        message.matches("Unfinished connector was deleted").count(),
        1,
        "{run}"
    );
    assert!(!message.contains("Unfinished connectors are left"), "{run}");
    assert_eq!(
        (scene.connectors().len(), scene.valid_credentials().len()),
        (3, 3)
    );
}

#[tokio::test]
async fn a_self_hosted_connector_that_cannot_be_deleted_stops_the_creation() {
    let scene = or_skip!(Scene::new());
    let running = scene.half_a_creation(DATA_CENTER).await;
    running.kill_plugins().await;
    running.end().await.failed();
    let id = scene.connector().id;
    scene.emulator.refuse("DELETE", "*/connectors/*", 403);
    scene.workspace.apply(&[]).await.failed();
    assert_eq!(scene.connector().id, id);
    assert_eq!(scene.workspace.resource(DATA_CENTER).await, None);
    scene.emulator.clear_faults();
    scene.workspace.apply(&[]).await.succeeded();
    assert_ne!(scene.connector().id, id);
}
