//! The provider shows an error that affects every call in full only once.

use conductorone_emulator::V2;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::identity::import_and_read;
use crate::plan::{CLOUD, Scene, configure};
use crate::provider::{Finding, findings};
use crate::value::complete;

const TWELVE: usize = 12;

/// Refreshes twelve connectors at the same time and returns the diagnostics of each.
async fn refreshed(scene: &Scene, identities: &[Value]) -> Vec<Finding> {
    let read = async |identity: &Value| {
        let read = import_and_read(&scene.provider, CLOUD, identity).await;
        let mut diagnostics = findings(read.diagnostics);
        assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
        diagnostics.remove(0)
    };
    join_all(identities.iter().map(read)).await
}

fn added(scene: &Scene) -> Vec<Value> {
    let app_id = scene.emulator.app_id();
    let add = |_| {
        let id = scene.emulator.add_connector(&app_id, V2);
        json!({"app_id": app_id, "id": id.expect("a connector")})
    };
    (0..TWELVE).map(add).collect()
}

/// Checks that one error is complete and the others are one line.
fn assert_once(diagnostics: &[Finding], title: &str, advice: &str) {
    assert!(
        diagnostics
            .iter()
            .all(|it| it.is_error && it.summary == title),
        "{diagnostics:#?}"
    );
    let (full, short): (Vec<_>, Vec<_>) = diagnostics
        .iter()
        .partition(|it| it.detail.contains(advice));
    assert_eq!(
        (full.len(), short.len()),
        (1, TWELVE - 1),
        "{diagnostics:#?}"
    );
    for short in short {
        assert!(
            short.detail.contains("same as in the full error"),
            "{short:?}"
        );
        assert!(
            !short.detail.contains('\n') && short.detail.len() < 100,
            "{short:?}"
        );
    }
}

#[tokio::test]
async fn refused_credentials_are_shown_once_for_each_configuration() {
    let scene = Scene::new().await;
    let identities = added(&scene);
    scene.emulator.refuse("POST", "/auth/v1/token", 401);
    for _ in 0..2 {
        let diagnostics = refreshed(&scene, &identities).await;
        assert_once(
            &diagnostics,
            "ConductorOne refused the credentials",
            "CONDUCTORONE_CLIENT_SECRET",
        );
        configure(&scene.provider, &scene.emulator).await;
    }
}

#[tokio::test]
async fn an_unreachable_host_is_shown_once() {
    let scene = Scene::new().await;
    let identities = added(&scene);
    let nobody = tokio::net::TcpSocket::new_v4().expect("a socket");
    // The socket is bound to keep the port free, but it does not listen.
    nobody
        .bind("127.0.0.1:0".parse().expect("an address"))
        .expect("a port");
    let address = nobody.local_addr().expect("an address");
    let config = json!({
        "server_url": format!("http://{address}"), "access_token": "t", "max_retries": 0,
    });
    let config = complete(&config, &scene.provider.config_type());
    assert_eq!(scene.provider.configure(&config).await, []);
    let diagnostics = refreshed(&scene, &identities).await;
    assert_once(
        &diagnostics,
        "ConductorOne cannot be reached",
        "CONDUCTORONE_SERVER_URL",
    );
}

/// Errors of single objects are shown for each object.
#[tokio::test]
async fn other_errors_are_shown_for_each_object() {
    let scene = Scene::new().await;
    let identities = added(&scene);
    scene.emulator.refuse("GET", "/connectors/", 403);
    let diagnostics = refreshed(&scene, &identities).await;
    assert!(
        diagnostics
            .iter()
            .all(|it| it.detail.contains("injected fault")),
        "{diagnostics:#?}"
    );
}
