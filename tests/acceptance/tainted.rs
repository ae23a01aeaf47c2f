//! A creation without the credential that other resources depend on fails. Terraform marks the resource as tainted, and
//! other resources do not use an incomplete connector.

use std::time::Duration;

use conductorone_emulator::{Fault, FaultAction};
use serde_json::{Value, json};

use crate::scene::{DATA_CENTER, Scene, config};
use crate::terraform::Run;

/// The resource that uses the connector's environment.
const CONSUMER: &str = "terraform_data.secret";

/// Returns a self-hosted connector, and a resource that depends on its environment.
fn write(scene: &Scene) {
    let mut config = config(&[(DATA_CENTER, &scene.attributes(DATA_CENTER))]);
    let input = format!("${{{DATA_CENTER}.environment}}");
    config["resource"]["terraform_data"] = json!({"secret": {"input": input}});
    scene.workspace.write(&config);
}

/// Applies while ConductorOne issues no credential.
async fn fail(scene: &Scene) -> Run {
    write(scene);
    scene
        .emulator
        .refuse("POST", "*/connectors/credentials", 403);
    let run = scene.workspace.apply(&[]).await.failed();
    scene.emulator.clear_faults();
    run
}

async fn is_tainted(scene: &Scene) -> bool {
    let resource = scene.workspace.resource(DATA_CENTER).await;
    let resource = resource.expect("the connector is in the state");
    assert_eq!(resource["values"]["id"], scene.connector().id);
    resource["tainted"] == true
}

/// Checks that there is one connector, that its only valid credential is in the state, and that other resources use it.
async fn assert_complete(scene: &Scene) {
    scene.workspace.assert_quiet("once it is complete").await;
    let state = scene.workspace.state(DATA_CENTER).await;
    assert_eq!(state["id"], scene.connector().id);
    let connectors = scene.emulator.connectors().into_iter();
    let credentials = connectors.flat_map(|it| scene.emulator.credentials(&it.id));
    let valid: Vec<Value> = credentials
        .filter(|credential| !credential.revoked)
        .map(|credential| json!(credential.id))
        .collect();
    assert_eq!(valid, [state["credential_id"].clone()]);
    let used = scene.workspace.state(CONSUMER).await;
    assert_eq!(used["output"], state["environment"]);
    assert_eq!(scene.connector().description, "");
}

#[tokio::test]
async fn a_connector_without_its_credential_is_tainted_and_replaced() {
    let scene = or_skip!(Scene::new());
    let run = fail(&scene).await;
    for part in [
        "Error: Not allowed in ConductorOne",
        "marks the resource as tainted",
        "terraform untaint confluence_datacenter_integration.NAME",
    ] {
        assert!(run.text().contains(part), "{part}: {run}");
    }
    assert!(is_tainted(&scene).await, "{run}");
    assert_eq!(scene.workspace.resource(CONSUMER).await, None, "{run}");
    let first = scene.connector().id;
    scene.workspace.apply(&[]).await.succeeded();
    assert_ne!(scene.connector().id, first);
    assert_complete(&scene).await;
}

#[tokio::test]
async fn a_connector_that_is_untainted_is_kept_and_gets_its_credential() {
    let scene = or_skip!(Scene::new());
    fail(&scene).await;
    let first = scene.connector().id;
    let untaint = ["untaint", "-no-color", DATA_CENTER];
    scene.workspace.run(&untaint).await.succeeded();
    scene.workspace.apply(&[]).await.succeeded();
    assert_eq!(scene.connector().id, first);
    assert_complete(&scene).await;
}

#[tokio::test]
async fn an_interrupt_before_the_credential_is_known_leaves_no_credential_behind() {
    let scene = or_skip!(Scene::new());
    write(&scene);
    // ConductorOne issues the credential, but the response with the secret is lost.
    let late = FaultAction::DelayAfter { ms: 60_000 };
    let path = "*/connectors/credentials";
    scene.fail(Fault::nth("POST", path, 1, late));
    let issued = async {
        let is_issued = || {
            let connectors = scene.connectors();
            connectors
                .first()
                .is_some_and(|it| !scene.emulator.credentials(&it.id).is_empty())
        };
        while !is_issued() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let apply = ["apply", "-no-color", "-input=false", "-auto-approve"];
    let run = scene.workspace.run_until(&apply, issued).await;
    assert!(run.text().contains("Operation canceled"), "{run}");
    assert!(is_tainted(&scene).await, "{run}");
    assert_eq!(scene.workspace.resource(CONSUMER).await, None, "{run}");
    scene.emulator.clear_faults();
    scene.workspace.apply(&[]).await.succeeded();
    assert_complete(&scene).await;
}
