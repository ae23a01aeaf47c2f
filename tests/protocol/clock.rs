//! A plan depends only on its inputs. The provider compares the clock during a read, never in a plan. Terraform plans
//! again during apply and must get the same result.

use std::time::Duration;

use conductorone_emulator::{StoredConnector, Time};
use serde_json::{Value, json};

use crate::plan::{BOTH, DATA_CENTER, Scene, configure, set};
use crate::provider::State;

const DAY_S: u64 = 24 * 3600;

/// Returns the private data with another time of the last read of the credential.
fn looked_at(private: &[u8], time: &str) -> Vec<u8> {
    let mut private: Value = serde_json::from_slice(private).expect("JSON");
    let kept = private["kept"].as_object_mut().expect("what is kept");
    let before = kept.insert("looked_at".to_owned(), json!(time));
    assert!(before.is_some(), "no time was kept");
    private.to_string().into()
}

/// Returns whether a plan issues another credential.
async fn rotates(scene: &Scene, state: &State, config: &Value) -> bool {
    let plan = scene.plan_update(DATA_CENTER, state, config).await;
    plan.state["credential_id"] != state.value["credential_id"]
}

#[tokio::test]
async fn the_last_read_decides_whether_a_credential_is_rotated_early() {
    let scene = Scene::new().await;
    let lifetime = Some(DAY_S - 60);
    scene
        .emulator
        .switch(|switches| switches.credential_lifetime_s = lifetime);
    let config = set(
        &scene.config(DATA_CENTER),
        "early_rotation_hours",
        json!(24),
    );
    // According to the clock, the rotation is due since the credential was issued.
    let due = scene.create(DATA_CENTER, &config).await;
    assert!(rotates(&scene, &due, &config).await);
    let early = State {
        private: looked_at(&due.private, "2000-01-01T00:00:00Z"),
        ..due.clone()
    };
    assert!(!rotates(&scene, &early, &config).await);
    let renamed = set(&config, "display_name", json!("Wiki"));
    assert!(!rotates(&scene, &early, &renamed).await);
    // The next read uses ConductorOne's clock.
    let read = scene.provider.read(DATA_CENTER, &early).await;
    assert!(rotates(&scene, &read, &config).await);
    // A later read without other changes does not change the state, so Terraform reports no changes.
    let again = scene.provider.read(DATA_CENTER, &read).await;
    assert_eq!(again.private, read.private);
}

#[tokio::test]
async fn the_last_read_decides_whether_a_credential_has_expired() {
    let scene = Scene::new().await;
    let lifetime = Some(0);
    scene
        .emulator
        .switch(|switches| switches.credential_lifetime_s = lifetime);
    let config = scene.config(DATA_CENTER);
    let expired = scene.create(DATA_CENTER, &config).await;
    for (time, summaries) in [
        ("2100-01-01T00:00:00Z", vec!["Credential has expired"]),
        ("2000-01-01T00:00:00Z", vec![]),
    ] {
        let state = State {
            private: looked_at(&expired.private, time),
            ..expired.clone()
        };
        // Terraform configures the provider for every plan.
        configure(&scene.provider, &scene.emulator).await;
        let plan = scene.plan_update(DATA_CENTER, &state, &config).await;
        let diagnostics: Vec<_> = plan.findings.iter().map(|it| it.summary.as_str()).collect();
        assert_eq!(diagnostics, summaries);
    }
}

#[tokio::test]
async fn a_clock_that_goes_back_ends_an_early_rotation() {
    let scene = Scene::new().await;
    let lifetime = Some(2 * DAY_S);
    scene
        .emulator
        .switch(|switches| switches.credential_lifetime_s = lifetime);
    let config = set(
        &scene.config(DATA_CENTER),
        "early_rotation_hours",
        json!(24),
    );
    let mut state = scene.create(DATA_CENTER, &config).await;
    for (days_ahead, expected) in [
        (0, false),
        (2, true),
        (0, false),
        (-365, false),
        (365, true),
    ] {
        let ahead = days_ahead * 24 * 3600;
        scene
            .emulator
            .switch(|switches| switches.clock_ahead_s = ahead);
        state = scene.provider.read(DATA_CENTER, &state).await;
        let rotates = rotates(&scene, &state, &config).await;
        assert_eq!(rotates, expected, "{days_ahead} days ahead");
    }
}

#[tokio::test]
async fn a_connector_created_in_the_future_is_like_any_other() {
    for name in BOTH {
        let scene = Scene::new().await;
        let config = scene.config(name);
        let state = scene.create(name, &config).await;
        let id = state.value["id"].as_str().expect("an ID");
        let future = Time::now().after(Duration::from_secs(10 * 365 * DAY_S));
        let edit = |connector: &mut StoredConnector| connector.created_at = future;
        scene.emulator.edit_connector(id, edit);
        let read = scene.provider.read(name, &state).await;
        assert_eq!(read.findings, [], "{name}");
        let expected = set(&state.value, "created_at", json!(future.to_string()));
        assert_eq!(read.value, expected, "{name}");
        let plan = scene.plan_update(name, &read, &config).await;
        assert_eq!(
            (&plan.state, &*plan.findings),
            (&read.value, &[][..]),
            "{name}"
        );
        // Another connector can be created beside it.
        let other = set(&config, "display_name", json!("Wiki"));
        let other = scene.create(name, &other).await;
        assert_ne!(other.value["id"], state.value["id"], "{name}");
    }
}
