//! Errors in the setup name the setting.

use conductorone_emulator::Options;
use serde_json::json;

use crate::closed_port::ClosedPort;
use crate::emulator::CheckedEmulator;
use crate::scene::{CLOUD, Scene};
use crate::terraform::Outcome;

/// Plans a valid configuration in an invalid environment, and checks that the error contains all `parts`.
async fn assert_explained(scene: &Scene, parts: &[&str]) {
    scene.write(&[(CLOUD, &scene.attributes(CLOUD))]);
    let (outcome, run) = scene.workspace.plan().await;
    let run = match outcome {
        // This plan makes no request, so the error comes with the first request of the apply.
        Outcome::Changes => scene.workspace.apply(&[]).await,
        _ => run,
    };
    let run = run.failed();
    for part in parts {
        assert!(run.text().contains(part), "{part:?} is missing: {run}");
    }
    assert!(!run.text().contains("panic"), "{run}");
}

#[tokio::test]
async fn no_credentials_name_both_variables() {
    let mut scene = or_skip!(Scene::new());
    scene.workspace.without("CONDUCTORONE_CLIENT_ID");
    scene.workspace.without("CONDUCTORONE_CLIENT_SECRET");
    assert_explained(
        &scene,
        &["CONDUCTORONE_CLIENT_ID", "CONDUCTORONE_CLIENT_SECRET"],
    )
    .await;
}

#[tokio::test]
async fn half_of_the_credentials_names_the_other_half() {
    let mut scene = or_skip!(Scene::new());
    scene.workspace.without("CONDUCTORONE_CLIENT_SECRET");
    assert_explained(&scene, &["CONDUCTORONE_CLIENT_SECRET"]).await;
}

#[tokio::test]
async fn no_server_names_the_settings_for_one() {
    let mut scene = or_skip!(Scene::new());
    scene.workspace.without("CONDUCTORONE_SERVER_URL");
    scene.workspace.without("CONDUCTORONE_CLIENT_ID");
    scene.workspace.env("CONDUCTORONE_ACCESS_TOKEN", "token");
    assert_explained(&scene, &["tenant_domain", "CONDUCTORONE_TENANT_DOMAIN"]).await;
}

#[tokio::test]
async fn an_unreachable_server_names_the_setting() {
    let mut scene = or_skip!(Scene::new());
    let closed = ClosedPort::new();
    let url = format!("https://{}", closed.address());
    scene.provider(&json!({"max_retries": 1}));
    scene.workspace.env("CONDUCTORONE_SERVER_URL", &url);
    assert_explained(&scene, &["CONDUCTORONE_SERVER_URL", &url]).await;
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_refused() {
    let mut scene = or_skip!(Scene::new());
    let other = CheckedEmulator::start(Options {
        tls: true,
        ..Options::default()
    })
    .await;
    let certificate = scene.workspace.path("other.pem");
    std::fs::write(&certificate, other.ca_pem().expect("TLS")).expect("a file");
    scene
        .workspace
        .env("SSL_CERT_FILE", &certificate.display().to_string());
    scene.write(&[(CLOUD, &scene.attributes(CLOUD))]);
    let (outcome, run) = scene.workspace.plan().await;
    // The plan fails, because the apply would fail.
    assert_eq!(outcome, Outcome::Error, "{run}");
    assert!(
        run.text().contains("No trusted connection to ConductorOne"),
        "{run}"
    );
    assert_eq!(scene.emulator.journal().len(), 0);
}

#[tokio::test]
async fn a_wrong_secret_names_the_setting() {
    let mut scene = or_skip!(Scene::new());
    let other = CheckedEmulator::start(Options::default()).await;
    for secret in ["nonsense", other.client_secret()] {
        scene.workspace.env("CONDUCTORONE_CLIENT_SECRET", secret);
        assert_explained(&scene, &["CONDUCTORONE_CLIENT_SECRET"]).await;
    }
}

/// Values from files often end with a line break.
#[tokio::test]
async fn white_space_around_credentials_is_ignored() {
    let mut scene = or_skip!(Scene::new());
    let id = format!("{}\r\n", scene.emulator.client_id());
    let secret = format!(" {}\n", scene.emulator.client_secret());
    scene.workspace.env("CONDUCTORONE_CLIENT_ID", &id);
    scene.workspace.env("CONDUCTORONE_CLIENT_SECRET", &secret);
    scene.create_complete(CLOUD).await;
    let token = format!("{}\n", scene.emulator.access_token());
    scene.workspace.env("CONDUCTORONE_ACCESS_TOKEN", &token);
    scene.workspace.assert_quiet("with a token").await;
}

#[tokio::test]
async fn a_token_with_a_line_break_is_named_as_the_cause() {
    let mut scene = or_skip!(Scene::new());
    scene.workspace.env("CONDUCTORONE_ACCESS_TOKEN", "to\nken");
    assert_explained(&scene, &["Request cannot be sent", "access_token"]).await;
}

#[tokio::test]
async fn certificates_that_cannot_be_read_name_the_setting() {
    let mut scene = or_skip!(Scene::new());
    scene.write(&[(CLOUD, &scene.attributes(CLOUD))]);
    let title = "Certificates cannot be used";
    let (nothing, empty) = (
        scene.workspace.path("nothing.pem"),
        scene.workspace.path("empty.pem"),
    );
    std::fs::write(&empty, "").expect("a file");
    for (path, reason) in [
        (nothing, "cannot be read"),
        (empty, "contains no certificate"),
    ] {
        for variable in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
            // Neither of them is a directory.
            let reason = if variable == "SSL_CERT_DIR" {
                "cannot be read"
            } else {
                reason
            };
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .expect("a name");
            scene.workspace.env(variable, &path.display().to_string());
            let (outcome, run) = scene.workspace.plan().await;
            assert_eq!(outcome, Outcome::Error, "{run}");
            for part in [title, variable, name, reason] {
                assert!(run.text().contains(part), "{part:?} is missing: {run}");
            }
            scene.workspace.without(variable);
        }
    }
    assert_eq!(scene.emulator.journal().len(), 0);
}

#[tokio::test]
async fn an_addition_to_the_user_agent_that_cannot_be_sent_is_named() {
    let mut scene = or_skip!(Scene::new());
    scene.workspace.env("TF_APPEND_USER_AGENT", "ci\nrunner");
    let title = "Environment variable cannot be used";
    assert_explained(&scene, &[title, "TF_APPEND_USER_AGENT"]).await;
}

#[tokio::test]
async fn plain_http_to_another_machine_names_the_setting() {
    let mut scene = or_skip!(Scene::new());
    scene
        .workspace
        .env("CONDUCTORONE_SERVER_URL", "http://acme.conductor.one");
    assert_explained(&scene, &["CONDUCTORONE_SERVER_URL", "https"]).await;
}

#[tokio::test]
async fn the_schema_of_the_provider_is_small() {
    let scene = or_skip!(Scene::new());
    scene.write(&[(CLOUD, &scene.attributes(CLOUD))]);
    let run = scene
        .workspace
        .run(&["providers", "schema", "-json"])
        .await
        .succeeded();
    assert!(run.stdout.contains("confluence_integration"), "{run}");
    assert!(run.stdout.len() < 100_000, "{} bytes", run.stdout.len());
}
