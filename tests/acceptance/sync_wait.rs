//! `wait_for_sync`: the apply ends when the connector has synced with its settings, or reports why it has not.

use std::time::Duration;

use conductorone_emulator::{StoredConnector, Time};
use serde_json::{Value, json};

use crate::scene::{CLOUD, Scene, with};
use crate::terraform::Run;

/// Longer than any test runs.
const NEVER: u64 = 600_000;

fn waiting(scene: &Scene, changes: &Value) -> Value {
    let attributes = scene.changed(CLOUD, &json!({"wait_for_sync": true}));
    with(&attributes, changes)
}

/// Returns whether this number of syncs was requested and all have ended.
fn has_synced(connector: &StoredConnector, times: usize) -> bool {
    let ended = connector
        .syncs
        .iter()
        .filter(|sync| sync.completed_at <= Time::now());
    (ended.count(), connector.syncs.len()) == (times, times)
}

async fn assert_untainted(scene: &Scene, run: &Run) {
    let resource = scene.workspace.resource(CLOUD).await;
    let resource = resource.unwrap_or_else(|| panic!("it is lost: {run}"));
    assert_ne!(resource["tainted"], true, "{run}");
    assert_eq!(resource["values"]["id"], scene.connector().id.as_str());
}

#[tokio::test]
async fn creations_and_changes_of_settings_end_with_a_sync() {
    let mut scene = or_skip!(Scene::new());
    scene.workspace.env("TF_LOG_PROVIDER", "info");
    // An update first waits for the end of the previous sync.
    scene.switch(|switches| {
        switches.sync_queue_ms = 700;
        switches.sync_duration_ms = 1500;
    });
    for (times, key) in [(1, "key-1"), (2, "key-2")] {
        let attributes = waiting(&scene, &json!({ "api_key": key }));
        scene.write(&[(CLOUD, &attributes)]);
        let run = scene.workspace.apply(&[]).await.succeeded();
        assert!(has_synced(&scene.connector(), times), "{run}");
        assert!(!run.text().contains("Warning: Sync"), "{run}");
        let mut lines = run.stderr.lines();
        let line = lines.find(|line| line.contains("waiting for the connector to sync"));
        let line = line.unwrap_or_else(|| panic!("no word of it: {run}"));
        for word in ["waited_s=", "left_s="] {
            assert!(line.contains(word), "{line}");
        }
        assert_eq!(scene.workspace.state(CLOUD).await["wait_for_sync"], true);
        scene.workspace.assert_quiet("after the sync").await;
    }
}

#[tokio::test]
async fn nothing_else_is_waited_for() {
    let scene = or_skip!(Scene::new());
    scene.create_complete(CLOUD).await;
    let never = |switches: &mut conductorone_emulator::Switches| switches.sync_queue_ms = NEVER;
    scene.switch(never);
    scene.emulator.clear_journal();
    scene.create(&[(CLOUD, &waiting(&scene, &json!({})))]).await;
    assert_eq!(
        scene.writes().len(),
        0,
        "the wait alone is no change of the connector"
    );
    let renamed = waiting(&scene, &json!({"display_name": "Wiki"}));
    scene.create(&[(CLOUD, &renamed)]).await;
    let paused = json!({"sync": {"enabled": false}, "api_key": "key-2"});
    scene.write(&[(CLOUD, &waiting(&scene, &paused))]);
    let run = scene.workspace.apply(&[]).await.succeeded();
    let text = run.text();
    assert!(text.contains("Paused connector does not sync"), "{run}");
}

#[tokio::test]
async fn a_connector_that_somebody_pauses_meanwhile_is_not_waited_for() {
    let scene = or_skip!(Scene::new());
    scene.create_complete(CLOUD).await;
    let id = scene.connector().id;
    let pause = |connector: &mut StoredConnector| connector.sync_disabled_at = Some(Time::now());
    scene.emulator.edit_connector(&id, pause);
    scene.write(&[(CLOUD, &waiting(&scene, &json!({"api_key": "key-2"})))]);
    // Without a refresh, the plan does not detect it.
    let run = scene.workspace.apply(&["-refresh=false"]).await.succeeded();
    assert!(run.text().contains("Connector is paused"), "{run}");
}

#[tokio::test]
async fn a_sync_that_fails_after_an_update_is_an_error_and_nothing_is_left_to_do() {
    let scene = or_skip!(Scene::new());
    scene.create(&[(CLOUD, &waiting(&scene, &json!({})))]).await;
    scene.switch(|switches| {
        switches.sync_error = Some("401 Unauthorized:\n key-2 is no token of svc".to_owned());
    });
    let changed = waiting(&scene, &json!({"api_key": "key-2", "display_name": "Wiki"}));
    scene.write(&[(CLOUD, &changed)]);
    let run = scene.workspace.apply(&[]).await.failed();
    let expected = "401 Unauthorized: (masked) is no token of svc";
    assert!(run.text().contains(expected), "{run}");
    assert!(run.text().contains("Sync failed"), "{run}");
    assert_untainted(&scene, &run).await;
    let state = scene.workspace.state(CLOUD).await;
    assert_eq!(
        (&state["api_key"], &state["display_name"]),
        (&json!("key-2"), &json!("Wiki"))
    );
    scene.workspace.assert_quiet("after the error").await;
}

#[tokio::test]
async fn a_sync_that_fails_after_a_creation_is_a_warning() {
    let scene = or_skip!(Scene::new());
    scene.switch(|switches| switches.sync_error = Some("401 Unauthorized".to_owned()));
    scene.write(&[(CLOUD, &waiting(&scene, &json!({})))]);
    let run = scene.workspace.apply(&[]).await.succeeded();
    assert!(run.text().contains("Warning: Sync failed"), "{run}");
    assert!(run.text().contains("401 Unauthorized"), "{run}");
    assert_untainted(&scene, &run).await;
    scene.workspace.assert_quiet("after the warning").await;
}

#[tokio::test]
async fn the_way_out_of_a_failed_sync_is_the_one_that_the_key_has() {
    let scene = or_skip!(Scene::new());
    scene.switch(|switches| switches.sync_error = Some("401 Unauthorized".to_owned()));
    let write_only = json!({"api_key": null, "api_key_wo": "key-1", "api_key_wo_version": 1});
    for (key, raises) in [(json!({}), false), (write_only, true)] {
        scene.write(&[(CLOUD, &waiting(&scene, &key))]);
        let run = scene.workspace.apply(&[]).await.succeeded();
        let text = run.text();
        assert!(text.contains("Warning: Sync failed"), "{run}");
        assert_eq!(text.contains("api_key_wo_version"), raises, "{run}");
        scene.workspace.destroy().await.succeeded();
    }
}

#[tokio::test]
async fn a_wait_for_a_sync_ends_with_the_time_that_the_resource_allows() {
    let scene = or_skip!(Scene::new());
    scene.switch(|switches| switches.sync_duration_ms = NEVER);
    let short = json!({"timeouts": {"create": "3s", "update": "3s"}});
    scene.write(&[(CLOUD, &waiting(&scene, &short))]);
    let run = scene.workspace.apply(&[]).await.succeeded();
    assert!(run.text().contains("Warning: Sync took too long"), "{run}");
    assert_untainted(&scene, &run).await;
    scene.workspace.assert_quiet("after the warning").await;

    let changed = with(&waiting(&scene, &short), &json!({"api_key": "key-2"}));
    scene.write(&[(CLOUD, &changed)]);
    let run = scene.workspace.apply(&[]).await.failed();
    assert!(run.text().contains("Error: Sync took too long"), "{run}");
    assert!(
        run.text()
            .contains("within 3s, the limit in timeouts.update"),
        "{run}"
    );
    scene.workspace.assert_quiet("after the error").await;
}

#[tokio::test]
async fn an_interrupt_ends_the_wait_and_keeps_the_connector() {
    let scene = or_skip!(Scene::new());
    scene.switch(|switches| switches.sync_duration_ms = NEVER);
    scene.write(&[(CLOUD, &waiting(&scene, &json!({})))]);
    // One read checks that the connector is visible, and the others belong to the wait.
    let looks = || {
        let connectors = scene.connectors();
        let id = connectors.first().map(|connector| connector.id.clone());
        let journal = scene.emulator.journal();
        let looks = journal.iter().filter(|entry| {
            let is_it = |id: &String| entry.path.ends_with(id);
            entry.method == "GET" && id.as_ref().is_some_and(is_it)
        });
        looks.count()
    };
    let waits = async {
        while looks() < 4 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let apply = ["apply", "-no-color", "-input=false", "-auto-approve"];
    let run = scene.workspace.run_until(&apply, waits).await;
    assert!(run.text().contains("Operation canceled"), "{run}");
    assert_untainted(&scene, &run).await;
    let id = scene.connector().id;
    scene.workspace.apply(&[]).await.succeeded();
    scene.workspace.assert_quiet("after the second apply").await;
    assert_eq!(scene.connector().id, id);
}
