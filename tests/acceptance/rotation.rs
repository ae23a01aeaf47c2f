//! The credentials of a self-hosted connector, and their rotation.

use conductorone_emulator::StoredCredential;
use serde_json::{Value, json};

use crate::scene::{DATA_CENTER, SELF_HOSTED, Scene};

/// Returns the valid credentials, oldest first.
fn valid(scene: &Scene) -> Vec<StoredCredential> {
    let mut credentials = scene.emulator.credentials(&scene.connector().id);
    credentials.retain(|credential| !credential.revoked);
    credentials
}

fn valid_ids(scene: &Scene) -> Vec<String> {
    valid(scene)
        .into_iter()
        .map(|credential| credential.id)
        .collect()
}

/// Applies the changes and checks that the state contains a valid credential with its secret.
async fn applied(scene: &Scene, changes: &Value) -> Value {
    applied_to(scene, DATA_CENTER, changes).await
}

/// Does the same with any self-hosted connector.
pub(crate) async fn applied_to(scene: &Scene, address: &str, changes: &Value) -> Value {
    scene
        .create(&[(address, &scene.changed(address, changes))])
        .await;
    let state = scene.workspace.state(address).await;
    let current = valid(scene).pop().expect("a credential");
    assert_eq!(state["credential_id"], current.id, "{state}");
    assert_eq!(state["client_id"], current.client_id);
    assert_eq!(state["client_secret"], current.client_secret);
    assert_eq!(state["environment"]["BATON_CLIENT_ID"], current.client_id);
    assert_eq!(
        state["environment"]["BATON_CLIENT_SECRET"],
        current.client_secret
    );
    state
}

#[tokio::test]
async fn a_credential_is_rotated_rolled_out_and_revoked() {
    let scene = or_skip!(Scene::new());
    let first = applied(&scene, &json!({})).await;
    assert_eq!(first["credential_version"], 1);
    assert_eq!(first["previous_credential_id"], Value::Null);
    assert_eq!(valid(&scene).len(), 1);

    // The running pods still use the first credential.
    scene.emulator.clear_journal();
    let second = applied(&scene, &json!({"credential_version": 2})).await;
    assert_eq!(second["previous_credential_id"], first["credential_id"]);
    assert_ne!(second["client_secret"], first["client_secret"]);
    assert_eq!(valid(&scene).len(), 2);
    let writes: Vec<_> = scene.writes().into_iter().map(|write| write.path).collect();
    assert_eq!(writes, ["/api/v1/apps/connectors/credentials"]);

    // The pods use the second credential, so the first one can be revoked.
    scene.emulator.clear_journal();
    let changes = json!({"credential_version": 2, "revoke_previous_credential": true});
    let rolled_out = applied(&scene, &changes).await;
    assert_eq!(rolled_out["previous_credential_id"], Value::Null);
    assert_eq!(rolled_out["credential_id"], second["credential_id"]);
    assert_eq!(valid(&scene).len(), 1);
    assert_eq!(scene.writes().len(), 1);

    // From now on, a rotation revokes the replaced credential immediately.
    let changes = json!({"credential_version": 3, "revoke_previous_credential": true});
    let third = applied(&scene, &changes).await;
    assert_eq!(third["previous_credential_id"], Value::Null);
    assert_eq!(valid(&scene).len(), 1);

    scene.workspace.destroy().await.succeeded();
    let gone = scene.emulator.connectors().remove(0);
    let credentials = scene.emulator.credentials(&gone.id);
    assert_eq!(credentials.len(), 3);
    assert!(credentials.iter().all(|credential| credential.revoked));
}

#[tokio::test]
async fn no_more_than_two_credentials_are_valid_at_once() {
    for address in [DATA_CENTER, SELF_HOSTED] {
        let scene = or_skip!(Scene::new());
        let mut replaced = Value::Null;
        for version in 1..=4 {
            let state = applied_to(&scene, address, &json!({"credential_version": version})).await;
            assert_eq!(
                state["previous_credential_id"], replaced,
                "version {version}"
            );
            assert_eq!(valid(&scene).len(), usize::from(version > 1) + 1);
            replaced = state["credential_id"].clone();
        }
        scene.workspace.destroy().await.succeeded();
        let gone = scene.emulator.connectors().remove(0);
        let credentials = scene.emulator.credentials(&gone.id);
        assert!(credentials.iter().all(|credential| credential.revoked));
    }
}

#[tokio::test]
async fn a_credential_that_expires_soon_is_rotated_by_the_next_plan() {
    let scene = or_skip!(Scene::new());
    let day = 24 * 3600;
    scene.switch(|switches| switches.credential_lifetime_s = Some(2 * day));
    let early = json!({"early_rotation_hours": 24});
    let first = applied(&scene, &early).await;
    assert!(first["credential_expires_at"].is_string(), "{first}");
    // With a larger value, the credential expires soon.
    scene.switch(|switches| switches.credential_lifetime_s = Some(30 * day));
    let early = json!({"early_rotation_hours": 72});
    let second = applied(&scene, &early).await;
    assert_ne!(second["credential_id"], first["credential_id"]);
    assert_eq!(second["previous_credential_id"], first["credential_id"]);
}

#[tokio::test]
async fn a_credential_revoked_elsewhere_is_issued_anew_and_the_plan_says_so() {
    let scene = or_skip!(Scene::new());
    let first = applied(&scene, &json!({})).await;
    let revoke = |state: &Value, attribute: &str| {
        scene
            .emulator
            .revoke_credential(state[attribute].as_str().expect("an id"));
    };
    revoke(&first, "credential_id");
    let (_, run) = scene.workspace.plan().await;
    assert!(run.text().contains("Credential will be issued"), "{run}");
    let second = applied(&scene, &json!({})).await;
    assert_ne!(second["credential_id"], first["credential_id"]);
    assert_eq!(second["previous_credential_id"], Value::Null);
    // Anybody may revoke the replaced credential at any time.
    let third = applied(&scene, &json!({"credential_version": 2})).await;
    revoke(&third, "previous_credential_id");
    scene
        .workspace
        .assert_quiet("without the replaced one")
        .await;
    // The replaced credential stays valid when the current one is revoked.
    let fourth = applied(&scene, &json!({"credential_version": 3})).await;
    revoke(&fourth, "credential_id");
    let fifth = applied(&scene, &json!({"credential_version": 3})).await;
    assert_eq!(fifth["previous_credential_id"], third["credential_id"]);
    assert_eq!(valid(&scene).len(), 2);
}

#[tokio::test]
async fn an_expired_credential_is_a_warning() {
    let scene = or_skip!(Scene::new());
    scene.switch(|switches| switches.credential_lifetime_s = Some(30));
    scene.create_complete(DATA_CENTER).await;
    scene.switch(|switches| switches.clock_ahead_s = 60);
    let (_, run) = scene.workspace.plan().await;
    assert!(run.text().contains("Credential has expired"), "{run}");
}

/// The failing step of a rotation, and the number of valid credentials afterwards.
const STEPS: [(&str, &str, usize); 3] = [
    // First, the rotation revokes the previously replaced credential.
    ("POST", "*/connectors/*/credentials/*", 2),
    // Then it issues a new credential.
    ("POST", "*/connectors/credentials", 1),
    // With `revoke_previous_credential`, it finally revokes the replaced one.
    ("POST", "*/connectors/*/credentials/*", 2),
];

#[tokio::test]
async fn a_rotation_that_fails_goes_on_with_the_next_apply() {
    for (step, (method, path, left)) in STEPS.into_iter().enumerate() {
        let scene = or_skip!(Scene::new());
        applied(&scene, &json!({})).await;
        applied(&scene, &json!({"credential_version": 2})).await;
        let revokes = step == 2;
        if revokes {
            let changes = json!({"credential_version": 2, "revoke_previous_credential": true});
            applied(&scene, &changes).await;
        }
        let changes = json!({"credential_version": 3, "revoke_previous_credential": revokes});
        let attributes = scene.changed(DATA_CENTER, &changes);
        scene.write(&[(DATA_CENTER, &attributes)]);
        scene.emulator.refuse(method, path, 403);
        scene.workspace.apply(&[]).await.failed();
        assert_eq!(valid(&scene).len(), left, "step {step}");
        scene.emulator.clear_faults();
        let state = applied(&scene, &changes).await;
        let mut known = vec![state["credential_id"].clone()];
        known.extend(Some(state["previous_credential_id"].clone()).filter(Value::is_string));
        assert_eq!(valid_ids(&scene).len(), known.len(), "step {step}");
        for id in valid_ids(&scene) {
            assert!(known.contains(&json!(id)), "step {step}: nobody knows {id}");
        }
        assert_eq!(scene.connectors().len(), 1);
    }
}

#[tokio::test]
async fn settings_change_the_environment_and_nothing_else() {
    let scene = or_skip!(Scene::new());
    applied(&scene, &json!({})).await;
    scene.emulator.clear_journal();
    let changes = json!({
        "hostname": "https://wiki.corp.acme.example", "access_token": null, "username": "svc", "password": "secret",
        "provisioning": true,
    });
    let state = applied(&scene, &changes).await;
    let environment = state["environment"].as_object().expect("a map");
    let plain = |name: &str| environment.get(name).and_then(Value::as_str);
    assert_eq!(
        plain("BATON_HOSTNAME"),
        Some("https://wiki.corp.acme.example")
    );
    assert_eq!(plain("BATON_USERNAME"), Some("svc"));
    assert_eq!(plain("BATON_PASSWORD"), Some("secret"));
    assert_eq!(plain("BATON_PROVISIONING"), Some("true"));
    assert_eq!(plain("BATON_ACCESS_TOKEN"), None);
    assert_eq!(scene.writes().len(), 0);
}

#[tokio::test]
async fn another_resource_uses_the_environment_and_nothing_is_shown() {
    let scene = or_skip!(Scene::new());
    let token = json!({"access_token": "MARKER-token"});
    let attributes = scene.changed(DATA_CENTER, &token);
    let mut config = crate::scene::config(&[(DATA_CENTER, &attributes)]);
    config["resource"]["terraform_data"] =
        json!({"secret": {"input": format!("${{{DATA_CENTER}.environment}}")}});
    scene.workspace.write(&config);
    let (_, plan) = scene.workspace.plan().await;
    let apply = scene.workspace.apply(&[]).await.succeeded();
    let again = scene.workspace.plan().await.1;
    let secret = valid(&scene).remove(0).client_secret;
    for run in [plan, apply, again] {
        for text in ["MARKER-token", secret.as_str()] {
            assert!(!run.text().contains(text), "{run}");
        }
    }
    let used = scene.workspace.state("terraform_data.secret").await;
    assert_eq!(used["output"]["BATON_CLIENT_SECRET"], secret);
}
