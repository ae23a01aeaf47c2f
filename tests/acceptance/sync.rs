//! Pauses and schedules of connectors, set by Terraform and outside of it.

use conductorone_emulator::{Schedule, Time};
use serde_json::{Value, json};

use crate::scene::{BOTH, CLOUD, DATA_CENTER, Scene, config, with};

/// Returns the attributes with this `sync`.
fn syncing(scene: &Scene, address: &str, sync: &Value) -> Value {
    scene.changed(address, &json!({ "sync": sync }))
}

fn is_paused(scene: &Scene) -> bool {
    scene.connector().sync_disabled_at.is_some()
}

/// Returns the cron expression and the time zone of the connector's schedule.
fn schedule(scene: &Scene) -> [String; 2] {
    let schedule = scene.connector().schedule.expect("a schedule");
    [schedule.cron_spec, schedule.timezone]
}

/// Pauses or resumes the connector outside Terraform.
fn pause_elsewhere(scene: &Scene, paused: bool) {
    let since = paused.then(Time::now);
    let id = scene.connector().id;
    let pause = |connector: &mut conductorone_emulator::StoredConnector| {
        connector.sync_disabled_at = since;
    };
    scene.emulator.edit_connector(&id, pause);
}

/// Schedules the connector outside Terraform.
fn schedule_elsewhere(scene: &Scene, cron: &str, zone: &str) {
    let schedule = Schedule {
        cron_spec: cron.to_owned(),
        timezone: zone.to_owned(),
        start: None,
    };
    let id = scene.connector().id;
    scene
        .emulator
        .edit_connector(&id, |connector| connector.schedule = Some(schedule));
}

/// Returns the requests about syncs since the journal was cleared.
fn sync_calls(scene: &Scene) -> Vec<String> {
    let actions = scene.writes().into_iter().filter_map(|entry| {
        let (_, action) = entry.path.rsplit_once('/')?;
        let about_syncs = ["pause", "resume", "schedule", "force_sync"].contains(&action);
        about_syncs.then(|| action.to_owned())
    });
    actions.collect()
}

#[tokio::test]
async fn a_connector_is_created_paused_resumed_and_paused() {
    let scene = or_skip!(Scene::new());
    for address in BOTH {
        for (enabled, call) in [(false, "pause"), (true, "resume"), (false, "pause")] {
            scene.emulator.clear_journal();
            let sync = json!({ "enabled": enabled });
            scene
                .create(&[(address, &syncing(&scene, address, &sync))])
                .await;
            assert_eq!(is_paused(&scene), !enabled, "{address}");
            assert_eq!(sync_calls(&scene), [call], "{address}");
        }
        scene.workspace.destroy().await.succeeded();
    }
}

#[tokio::test]
async fn a_schedule_is_set_changed_and_left_alone_when_it_is_removed() {
    let scene = or_skip!(Scene::new());
    for address in BOTH {
        for (sync, zone) in [
            (
                json!({"cron": "0 4 * * *", "timezone": "Europe/Berlin"}),
                "Europe/Berlin",
            ),
            (
                json!({"cron": "0 5 * * mon-fri", "timezone": "Europe/Berlin"}),
                "Europe/Berlin",
            ),
            (json!({"cron": "0 5 * * mon-fri"}), "UTC"),
        ] {
            let attributes = syncing(&scene, address, &sync);
            scene.create(&[(address, &attributes)]).await;
            let cron = sync["cron"].as_str().expect("a schedule");
            assert_eq!(schedule(&scene), [cron, zone], "{address}");
        }
        scene.emulator.clear_journal();
        let spelled = json!({"cron": "0  5 * * MON-FRI"});
        let attributes = syncing(&scene, address, &spelled);
        scene.write(&[(address, &attributes)]);
        scene.workspace.assert_quiet("another spelling").await;

        scene.write(&[(
            address,
            &syncing(&scene, address, &json!({"enabled": true})),
        )]);
        let run = scene.workspace.apply(&[]).await.succeeded();
        assert!(run.text().contains("Schedule is kept"), "{run}");
        scene.workspace.assert_quiet("once it is removed").await;
        schedule_elsewhere(&scene, "30 6 * * *", "Asia/Tokyo");
        scene
            .workspace
            .assert_quiet("it is nobody's business")
            .await;
        assert_eq!(sync_calls(&scene), Vec::<String>::new());
        scene.workspace.destroy().await.succeeded();
    }
}

#[tokio::test]
async fn a_pause_that_is_taken_out_of_the_configuration_stays_and_a_warning_says_so() {
    let scene = or_skip!(Scene::new());
    for address in BOTH {
        let paused = syncing(&scene, address, &json!({"enabled": false}));
        for (resumed, warned) in [(false, true), (true, false)] {
            scene.create(&[(address, &paused)]).await;
            if resumed {
                pause_elsewhere(&scene, false);
            }
            scene.emulator.clear_journal();
            scene.write(&[(address, &scene.attributes(address))]);
            let run = scene.workspace.apply(&[]).await.succeeded();
            let text = run.text();
            assert_eq!(text.contains("Connector stays paused"), warned, "{run}");
            assert_eq!(is_paused(&scene), !resumed, "{address}");
            scene.workspace.assert_quiet("once it is removed").await;
            // From now on, Terraform does not manage the pause.
            pause_elsewhere(&scene, true);
            scene.workspace.assert_quiet("paused elsewhere").await;
            assert_eq!(sync_calls(&scene), Vec::<String>::new());
        }
        scene.workspace.destroy().await.succeeded();
    }
}

#[tokio::test]
async fn what_nobody_configures_is_shown_and_left_alone() {
    let scene = or_skip!(Scene::new());
    for address in BOTH {
        scene.create_complete(address).await;
        let state = scene.workspace.state(address).await;
        let running = json!({"enabled": true, "cron": null, "timezone": null});
        assert_eq!(state["sync"], running, "{address}");
        scene.emulator.clear_journal();
        for paused in [true, false] {
            pause_elsewhere(&scene, paused);
            scene.workspace.assert_quiet("paused or resumed").await;
            scene.workspace.apply(&["-refresh-only"]).await.succeeded();
            let state = scene.workspace.state(address).await;
            assert_eq!(state["sync"]["enabled"], !paused, "{address}");
        }
        schedule_elsewhere(&scene, "0 4 * * *", "UTC");
        scene.workspace.assert_quiet("scheduled").await;
        // An incomplete `sync` does not change the other values.
        pause_elsewhere(&scene, true);
        let part = json!({"cron": "0 5 * * *"});
        scene
            .create(&[(address, &syncing(&scene, address, &part))])
            .await;
        assert!(is_paused(&scene), "{address}");
        assert_eq!(sync_calls(&scene), ["schedule"], "{address}");
        // Removing it does not change them either.
        scene.write(&[(address, &scene.attributes(address))]);
        let run = scene.workspace.apply(&[]).await.succeeded();
        assert!(run.text().contains("Schedule is kept"), "{run}");
        assert!(!run.text().contains("stays paused"), "{run}");
        scene.workspace.assert_quiet("without sync").await;
        assert_eq!(sync_calls(&scene), ["schedule"], "{address}");
        scene.workspace.destroy().await.succeeded();
    }
}

#[tokio::test]
async fn what_others_change_of_it_is_offered_to_be_undone() {
    let scene = or_skip!(Scene::new());
    for address in BOTH {
        let sync = json!({"enabled": true, "cron": "0 4 * * *"});
        let attributes = syncing(&scene, address, &sync);
        scene.create(&[(address, &attributes)]).await;
        pause_elsewhere(&scene, true);
        schedule_elsewhere(&scene, "0 4 * * *", "Asia/Tokyo");
        assert_eq!(
            scene.workspace.save_plan().await.actions(address),
            ["update"]
        );
        scene.emulator.clear_journal();
        scene.workspace.apply_plan().await.succeeded();
        assert_eq!(sync_calls(&scene), ["schedule", "resume"], "{address}");
        scene.workspace.assert_quiet("after the repair").await;
        assert!(!is_paused(&scene), "{address}");
        assert_eq!(schedule(&scene), ["0 4 * * *", "UTC"]);
        // An equivalent time zone is not a change.
        schedule_elsewhere(&scene, "0 4 * * *", "");
        scene.workspace.assert_quiet("without a zone").await;
        scene.workspace.destroy().await.succeeded();
    }
}

#[tokio::test]
async fn an_import_finds_a_pause_and_a_schedule() {
    let scene = or_skip!(Scene::new());
    let key = json!({"api_key": null});
    scene.create_complete(CLOUD).await;
    pause_elsewhere(&scene, true);
    schedule_elsewhere(&scene, "0 4 * * *", "Europe/Berlin");
    let found = json!({"enabled": false, "cron": "0 4 * * *", "timezone": "Europe/Berlin"});
    let id = scene.import_id();
    for sync in [json!(null), found.clone()] {
        let other = scene.second_workspace();
        let attributes = with(&syncing(&scene, CLOUD, &sync), &key);
        other.write(&config(&[(CLOUD, &attributes)]));
        other.import(CLOUD, &id).await.succeeded();
        assert_eq!(other.state(CLOUD).await["sync"], found);
        other.assert_quiet("after the import").await;
    }
}

#[tokio::test]
async fn a_step_that_fails_after_the_creation_is_a_warning_and_repaired_in_place() {
    let scene = or_skip!(Scene::new());
    for address in BOTH {
        for action in ["pause", "schedule"] {
            let sync = json!({"enabled": false, "cron": "0 4 * * *"});
            scene.write(&[(address, &syncing(&scene, address, &sync))]);
            let path = format!("*/{action}");
            scene.emulator.refuse("POST", &path, 403);
            let run = scene.workspace.apply(&[]).await.succeeded();
            let warning = "Warning: Not allowed in ConductorOne";
            assert!(run.text().contains(warning), "{run}");
            let resource = scene.workspace.resource(address).await.expect("a resource");
            assert_ne!(resource["tainted"], true, "{address}, {action}");
            let id = scene.connector().id;
            scene.emulator.clear_faults();
            scene.workspace.apply_update(address, "the repair").await;
            assert!(is_paused(&scene), "{address}, {action}");
            assert_eq!(schedule(&scene), ["0 4 * * *", "UTC"]);
            assert_eq!(scene.connector().id, id, "{address}, {action}");
            scene.workspace.destroy().await.succeeded();
        }
    }
}

#[tokio::test]
async fn of_an_update_that_fails_the_schedule_that_was_set_is_remembered() {
    let scene = or_skip!(Scene::new());
    scene.create_complete(DATA_CENTER).await;
    let sync = json!({"enabled": false, "cron": "0 4 * * *"});
    scene.write(&[(DATA_CENTER, &syncing(&scene, DATA_CENTER, &sync))]);
    scene.emulator.refuse("POST", "*/pause", 403);
    let run = scene.workspace.apply(&[]).await.failed();
    assert!(run.text().contains("Not allowed in ConductorOne"), "{run}");
    let state = scene.workspace.state(DATA_CENTER).await;
    let reached = json!({"enabled": true, "cron": "0 4 * * *", "timezone": null});
    assert_eq!(state["sync"], reached);
    scene.emulator.clear_faults();
    scene.emulator.clear_journal();
    scene.workspace.apply(&[]).await.succeeded();
    assert_eq!(sync_calls(&scene), ["pause"]);
    scene.workspace.assert_quiet("after the repair").await;
}
