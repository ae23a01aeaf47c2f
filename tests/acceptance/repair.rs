//! Steps that fail after others can use the connector. Nothing is lost or tainted, and the next apply completes the
//! creation.

use std::time::Duration;

use conductorone_emulator::{Fault, FaultAction};
use serde_json::json;

use crate::scene::{BOTH, CLOUD, DATA_CENTER, Scene};

#[tokio::test]
async fn a_name_that_could_not_be_set_is_a_warning_and_repaired_in_place() {
    let scene = or_skip!(Scene::new());
    let attributes = scene.changed(CLOUD, &json!({"display_name": "Wiki"}));
    scene.write(&[(CLOUD, &attributes)]);
    scene.emulator.refuse("POST", "*/delegated", 403);
    let applied = scene.workspace.apply(&[]).await.succeeded();
    assert!(applied.text().contains("Warning"), "{applied}");
    assert!(
        applied.text().contains("display_name"),
        "what is missing is not named: {applied}"
    );
    let id = scene.connector().id;
    let resource = scene
        .workspace
        .resource(CLOUD)
        .await
        .expect("it is in the state");
    assert_eq!(resource["values"]["id"], json!(id));
    assert_ne!(resource["tainted"], true);

    scene.emulator.clear_faults();
    scene.workspace.apply_update(CLOUD, "the repair").await;
    let connector = scene.connector();
    assert_eq!(
        (connector.id, connector.display_name),
        (id, "Wiki".to_owned())
    );
}

#[tokio::test]
async fn a_create_that_is_interrupted_is_not_lost_and_replaced_only_before_others_can_use_it() {
    for address in BOTH {
        let scene = or_skip!(Scene::new());
        scene.write(&[(address, &scene.attributes(address))]);
        let late = FaultAction::DelayAfter { ms: 2000 };
        scene.fail(Fault::nth("POST", "/connectors", 1, late));
        let created = async {
            while scene.connectors().is_empty() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let apply = ["apply", "-no-color", "-input=false", "-auto-approve"];
        let run = scene.workspace.run_until(&apply, created).await;
        assert!(run.text().contains("Interrupt received"), "{run}");
        let id = scene.connector().id;
        let resource = scene.workspace.resource(address).await;
        let resource = resource.unwrap_or_else(|| panic!("{address} is lost: {run}"));
        assert_eq!(resource["values"]["id"], json!(id));
        scene.workspace.apply(&[]).await.succeeded();
        scene.workspace.assert_quiet("after the second apply").await;
        // The Data Center connector does not have a credential yet.
        let is_replaced = scene.connector().id != id;
        assert_eq!(is_replaced, address == DATA_CENTER, "{address}: {run}");
    }
}
