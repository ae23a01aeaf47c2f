//! No secret appears in outputs or logs at any level, even after failures.

use conductorone_emulator::{Fault, FaultAction};
use serde_json::json;

use crate::scene::{BOTH, CLOUD, DATA_CENTER, Scene};
use crate::terraform::Run;

const MARKERS: [&str; 6] = [
    "MARKER-api-key-1",
    "MARKER-api-key-2",
    "MARKER-write-only",
    "MARKER-token",
    "MARKER-password",
    "MARKER-echo",
];

/// Logs at the highest level into a separate file.
fn log_everything(scene: &mut Scene) {
    let log = scene.workspace.path("trace.log").display().to_string();
    scene.workspace.env("TF_LOG", "TRACE");
    scene.workspace.env("TF_LOG_PATH", &log);
}

/// Returns the secrets of all credentials that ConductorOne issued for connectors.
fn issued_secrets(scene: &Scene) -> Vec<String> {
    let connectors = scene.emulator.connectors();
    let credentials = connectors
        .iter()
        .flat_map(|it| scene.emulator.credentials(&it.id));
    credentials
        .map(|credential| credential.client_secret)
        .collect()
}

fn assert_kept(scene: &Scene, secrets: &[&str], runs: &[Run]) {
    let log = std::fs::read_to_string(scene.workspace.path("trace.log")).expect("a log");
    assert!(
        log.contains("/connectors"),
        "the provider logged no request"
    );
    for secret in secrets {
        if let Some(line) = log.lines().find(|line| line.contains(secret)) {
            panic!("{secret} is in the log: {line}");
        }
        for run in runs {
            assert!(!run.text().contains(secret), "{secret}: {run}");
        }
    }
}

#[tokio::test]
async fn a_whole_life_at_trace_level_shows_no_secret() {
    let mut scene = or_skip!(Scene::new());
    log_everything(&mut scene);
    let mut runs = Vec::new();
    let keys = [
        json!({"api_key": "MARKER-api-key-1"}),
        json!({"api_key": "q\"uo\\te-MARKER-api-key-2"}),
        json!({"api_key": null, "api_key_wo": "MARKER-write-only", "api_key_wo_version": 1}),
    ];
    for (version, key) in (1..).zip(keys) {
        let cloud = scene.changed(CLOUD, &key);
        let changes = json!({
            "access_token": "MARKER-token", "username": "svc", "password": "MARKER-password",
            "description": format!("version {version}"), "credential_version": version,
        });
        let data_center = scene.changed(DATA_CENTER, &changes);
        scene.write(&[(CLOUD, &cloud), (DATA_CENTER, &data_center)]);
        runs.push(scene.workspace.validate().await.succeeded());
        runs.push(scene.workspace.plan().await.1);
        runs.push(scene.workspace.apply(&[]).await.succeeded());
        runs.push(
            scene
                .workspace
                .run(&["show", "-no-color"])
                .await
                .succeeded(),
        );
    }
    runs.push(scene.workspace.destroy().await.succeeded());
    let issued = issued_secrets(&scene);
    assert!(!issued.is_empty());
    let mut secrets = MARKERS.to_vec();
    secrets.extend(issued.iter().map(String::as_str));
    // The beginning of every JSON Web Token, such as assertions and exchanged tokens.
    secrets.extend([scene.emulator.client_secret(), "eyJhbGciOi"]);
    assert_kept(&scene, &secrets, &runs);
}

#[tokio::test]
async fn the_credentials_of_the_provider_are_neither_sent_nor_stored() {
    let scene = or_skip!(Scene::new());
    scene
        .create_both(&BOTH.map(|address| scene.attributes(address)))
        .await;
    let plan = scene.workspace.save_plan().await.json.to_string();
    let state =
        std::fs::read_to_string(scene.workspace.path("terraform.tfstate")).expect("a state");
    let requests = json!(scene.emulator.journal()).to_string();
    // Assertions that are signed with the secret prove the identity.
    assert!(requests.contains("client_assertion"), "{requests}");
    let secret = scene.emulator.client_secret();
    for (place, text) in [("plan", &plan), ("state", &state), ("requests", &requests)] {
        assert!(!text.contains(secret), "{place}: {text}");
    }
    // Tokens and assertions begin like every JSON Web Token.
    for (place, text) in [("plan", &plan), ("state", &state)] {
        assert!(!text.contains("eyJhbGciOi"), "{place}: {text}");
    }
    for entry in scene.emulator.journal() {
        let url = format!("{}?{}", entry.path, entry.query);
        for secret in ["key-1", "pat-1", "secret-token"] {
            assert!(!url.contains(secret), "{url}");
        }
    }
}

#[tokio::test]
async fn a_secret_that_the_server_repeats_in_its_error_is_not_shown() {
    let mut scene = or_skip!(Scene::new());
    log_everything(&mut scene);
    let cloud = scene.changed(CLOUD, &json!({"api_key": "q\"uo\\te-MARKER-echo"}));
    scene.write(&[(CLOUD, &cloud)]);
    let action = FaultAction::Status {
        code: 400,
        retry_after: None,
        message: "the api-key <q\"uo\\te-MARKER-echo> of svc@acme.example was refused".to_owned(),
    };
    scene.fail(Fault::every("POST", "*/create", action));
    let run = scene.workspace.apply(&[]).await.failed();
    assert!(
        run.text().contains("was refused"),
        "the server's own words help: {run}"
    );
    assert_kept(&scene, &MARKERS, &[run]);
}

#[tokio::test]
async fn a_static_access_token_is_not_shown_and_asks_for_no_other() {
    let mut scene = or_skip!(Scene::new());
    log_everything(&mut scene);
    for unused in ["CONDUCTORONE_CLIENT_ID", "CONDUCTORONE_CLIENT_SECRET"] {
        scene.workspace.without(unused);
    }
    let token = scene.emulator.access_token().to_owned();
    scene.workspace.env("CONDUCTORONE_ACCESS_TOKEN", &token);
    scene.create_complete(CLOUD).await;
    assert_eq!(scene.token_requests(), 0);
    scene.emulator.expire_tokens();
    let runs = [
        scene.workspace.plan().await.1,
        scene.workspace.destroy().await,
    ];
    assert_kept(&scene, &[&token], &runs);
}

/// Terraform shows and stores the outputs of data sources, so they must not contain secrets.
#[tokio::test]
async fn a_secret_that_a_connector_repeats_in_its_sync_error_reaches_no_state_and_no_output() {
    let mut scene = or_skip!(Scene::new());
    log_everything(&mut scene);
    let cloud = scene.changed(
        CLOUD,
        &json!({"api_key": null, "api_key_wo": "q\"uo-MARKER-write-only", "api_key_wo_version": 1}),
    );
    let known = "GET https://acme.atlassian.net/wiki: 401 for \"q%22uo-MARKER-write-only\"";
    let unknown = "tried Basic c3ZjOk1BUktFUi1lY2hv before";
    scene.switch(|switches| {
        switches.sync_duration_ms = 0;
        switches.sync_error = Some(format!("{known}, {unknown}"));
    });
    scene.write(&[(CLOUD, &cloud)]);
    let mut runs = vec![scene.workspace.apply(&[]).await.succeeded()];
    let source = json!({
        "data": {"confluence_integration": {"it": {
            "app_id": "${confluence_integration.it.app_id}", "id": "${confluence_integration.it.id}",
        }}},
        "output": {"error": {"value": "${data.confluence_integration.it.last_error}"}},
        "check": {"sync": {"assert": {
            "condition": "${data.confluence_integration.it.last_error == \"\"}",
            "error_message": "Sync failed: ${data.confluence_integration.it.last_error}",
        }}},
    });
    let path = scene.workspace.path("source.tf.json");
    std::fs::write(path, source.to_string()).expect("a file");
    runs.push(scene.workspace.apply(&[]).await.succeeded());
    let shown = "Sync failed: GET https://acme.atlassian.net/wiki: 401 for \"(masked)\", tried Basic (masked) before";
    let words = |text: &str| {
        text.replace(['│', '\n'], " ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    let last = runs.last().expect("a run");
    assert!(words(&last.text()).contains(shown), "{last}");
    let state =
        std::fs::read_to_string(scene.workspace.path("terraform.tfstate")).expect("a state");
    for secret in ["MARKER-write-only", "c3ZjOk1BUktFUi1lY2hv"] {
        assert!(!state.contains(secret), "{secret}: {state}");
    }
    let mut secrets = MARKERS.to_vec();
    secrets.push("c3ZjOk1BUktFUi1lY2hv");
    assert_kept(&scene, &secrets, &runs);
}
