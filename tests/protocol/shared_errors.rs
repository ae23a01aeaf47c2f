//! What makes every call fail in the same way is told in full once.

use conductorone_emulator::{Fault, FaultAction};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::identity::import_and_read;
use crate::plan::{Scene, configure};
use crate::provider::{Finding, findings};
use crate::value::complete;

const CLOUD: &str = "confluence_integration";
const V2: &str = "2jbvUoyvbdzgkgdZfGR7VFhS0SU";
const TWELVE: usize = 12;

/// Twelve connectors, and what is said of each when they are all refreshed at once.
async fn refreshed(scene: &Scene, identities: &[Value]) -> Vec<Finding> {
    let read = async |identity: &Value| {
        let read = import_and_read(&scene.provider, CLOUD, identity).await;
        let mut said = findings(read.diagnostics);
        assert_eq!(said.len(), 1, "{said:?}");
        said.remove(0)
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

/// Checks that one is told in full, and of the others a line.
fn assert_once(said: &[Finding], title: &str, advice: &str) {
    assert!(
        said.iter().all(|it| it.is_error && it.summary == title),
        "{said:#?}"
    );
    let (full, short): (Vec<_>, Vec<_>) = said.iter().partition(|it| it.detail.contains(advice));
    assert_eq!((full.len(), short.len()), (1, TWELVE - 1), "{said:#?}");
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
async fn refused_credentials_are_told_once_for_each_configuration() {
    let scene = Scene::new().await;
    let identities = added(&scene);
    let refusal = FaultAction::status(401);
    scene
        .emulator
        .add_fault(Fault::every("POST", "/auth/v1/token", refusal));
    for _ in 0..2 {
        let said = refreshed(&scene, &identities).await;
        assert_once(
            &said,
            "ConductorOne refused the credentials",
            "CONDUCTORONE_CLIENT_SECRET",
        );
        configure(&scene.provider, &scene.emulator).await;
    }
}

#[tokio::test]
async fn an_unreachable_host_is_told_once() {
    let scene = Scene::new().await;
    let identities = added(&scene);
    let nobody = tokio::net::TcpSocket::new_v4().expect("a socket");
    // Bound, so that nothing else gets the port, and not listening.
    nobody
        .bind("127.0.0.1:0".parse().expect("an address"))
        .expect("a port");
    let address = nobody.local_addr().expect("an address");
    let config = json!({
        "server_url": format!("http://{address}"), "access_token": "t", "max_retries": 0,
    });
    let config = complete(&config, &scene.provider.config_type());
    assert_eq!(scene.provider.configure(&config).await, []);
    let said = refreshed(&scene, &identities).await;
    assert_once(
        &said,
        "ConductorOne cannot be reached",
        "CONDUCTORONE_SERVER_URL",
    );
}

/// What is about one object is told of each.
#[tokio::test]
async fn other_errors_are_told_of_each_object() {
    let scene = Scene::new().await;
    let identities = added(&scene);
    let refusal = FaultAction::status(403);
    scene
        .emulator
        .add_fault(Fault::every("GET", "/connectors/", refusal));
    let said = refreshed(&scene, &identities).await;
    assert!(
        said.iter().all(|it| it.detail.contains("injected fault")),
        "{said:#?}"
    );
}
