//! Objects that reads show late. A read that misses a new object is not a deletion, and waits respect the timeouts.

use conductorone_emulator::{Fault, FaultAction, Options, Switches};
use serde_json::json;

use crate::scene::{BOTH, CLOUD, Scene};

#[tokio::test]
async fn a_connector_that_shows_late_is_neither_lost_nor_created_again() {
    for address in BOTH {
        let switches = Switches {
            connector_delay_ms: 1500,
            ..Switches::default()
        };
        let options = Options {
            switches,
            ..Options::default()
        };
        let scene = or_skip!(Scene::with_options(options));
        scene.create_complete(address).await;
        assert_eq!(scene.connectors().len(), 1, "{address}");
    }
}

#[tokio::test]
async fn a_wait_ends_with_the_time_that_the_resource_allows() {
    let scene = or_skip!(Scene::new());
    let short = json!({"timeouts": {"create": "2s", "update": "2s"}});
    let attributes = scene.changed(CLOUD, &short);
    scene.write(&[(CLOUD, &attributes)]);
    scene.switch(|switches| switches.owner_delay_ms = 600_000);
    let run = scene.workspace.apply(&[]).await.succeeded();
    let alice = scene.emulator.user_id("alice");
    for text in [
        "Warning: Operation took too long",
        &format!("The provider waited for these owners to appear: {alice},"),
        "within 2s, the limit in timeouts.create",
        "timeouts = { create = \"1m\" }",
    ] {
        assert!(run.text().contains(text), "{text}: {run}");
    }
    let plan = scene.workspace.save_plan().await;
    assert_eq!(plan.actions(CLOUD), ["update"]);

    let run = scene.workspace.apply(&[]).await.failed();
    for text in [
        "Error: Operation took too long",
        &format!("these owners to appear: {alice},"),
        "within 2s, the limit in timeouts.update",
        "owner_ids =",
    ] {
        assert!(run.text().contains(text), "{text}: {run}");
    }
    scene.switch(|switches| switches.owner_delay_ms = 0);
    let id = scene.connector().id;
    for owners in [vec![], vec![scene.emulator.user_id("alice")]] {
        scene.emulator.set_owners(&id, &owners);
    }
    scene.workspace.apply(&[]).await.succeeded();
    scene.workspace.assert_quiet("after the owners show").await;
    assert_eq!(scene.connectors().len(), 1);
}

#[tokio::test]
async fn owners_that_are_late_are_named_by_their_addresses() {
    let scene = or_skip!(Scene::new());
    let late = json!({
        "timeouts": {"create": "2s"}, "owner_ids": null, "owner_emails": ["alice@acme.example"],
    });
    scene.write(&[(CLOUD, &scene.changed(CLOUD, &late))]);
    scene.switch(|switches| switches.owner_delay_ms = 600_000);
    let run = scene.workspace.apply(&[]).await.succeeded();
    let named = format!("{} (alice@acme.example)", scene.emulator.user_id("alice"));
    for text in [named.as_str(), "owner_emails"] {
        assert!(run.text().contains(text), "{text}: {run}");
    }
}

#[tokio::test]
async fn a_rate_limit_that_outlasts_the_time_is_named() {
    let scene = or_skip!(Scene::new());
    let busy = Fault::every("GET", "/api/v1/users/", FaultAction::busy(60));
    scene.fail(busy);
    let user = json!({"id": scene.emulator.user_id("alice"), "timeouts": {"read": "2s"}});
    let config = json!({"data": {"confluence_user": {"it": user}}});
    scene.workspace.write(&config);
    let (_, run) = scene.workspace.plan().await;
    for text in [
        "Error: Operation took too long",
        "ConductorOne to accept more requests, because it limits their rate",
        "within 2s, the limit in timeouts.read",
        "HTTP 429",
    ] {
        assert!(run.text().contains(text), "{text}: {run}");
    }
    assert!(!run.text().contains("next apply"), "{run}");
}
