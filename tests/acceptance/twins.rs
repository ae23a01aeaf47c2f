//! Finished connectors and apps that no state contains, because a run was killed after it had removed the mark and
//! before the state was stored. Terraform does not lose a local state, so the tests restore the earlier one.

use serde_json::json;

use crate::scene::{CLOUD, DATA_CENTER, Scene, with};
use crate::terraform::Outcome;

const APP: &str = "confluence_app.it";
const TOLD: &str = "may exist already";

/// Restores the state from before the first apply.
fn lose_state(scene: &Scene) {
    for name in ["terraform.tfstate", "terraform.tfstate.backup"] {
        let path = scene.workspace.path(name);
        if path.exists() {
            std::fs::remove_file(path).expect("a file");
        }
    }
}

#[tokio::test]
async fn what_no_state_holds_is_named_by_plan_and_apply() {
    for address in [CLOUD, DATA_CENTER, APP] {
        let Some(scene) = Scene::new().await else {
            return;
        };
        let attributes = match address {
            APP => json!({"display_name": "Wiki"}),
            _ => scene.attributes(address),
        };
        scene.create(&[(address, &attributes)]).await;
        let id = scene.workspace.state(address).await["id"].clone();
        let id = id.as_str().expect("an ID");
        lose_state(&scene);
        let (outcome, plan) = scene.workspace.plan().await;
        assert_eq!(outcome, Outcome::Changes, "{plan}");
        for part in [TOLD, id, "created 20", "terraform import"] {
            assert!(plan.text().contains(part), "{address}, {part}: {plan}");
        }
        scene.workspace.save_plan().await;
        let apply = scene.workspace.apply_plan().await.succeeded();
        assert_eq!(apply.text().matches(TOLD).count(), 1, "{address}: {apply}");
        scene.workspace.assert_quiet(address).await;
        assert_ne!(scene.workspace.state(address).await["id"], id, "{address}");

        lose_state(&scene);
        scene.without_plan_checks();
        let (_, plan) = scene.workspace.plan().await;
        assert!(!plan.text().contains(TOLD), "{address}: {plan}");
        let apply = scene.workspace.apply(&[]).await.succeeded();
        for part in [
            TOLD,
            "Unless another resource of this configuration manages it",
        ] {
            assert!(apply.text().contains(part), "{address}, {part}: {apply}");
        }
    }
}

#[tokio::test]
async fn a_second_resource_of_the_same_look_is_no_reason_to_warn() {
    for address in [CLOUD, DATA_CENTER, APP] {
        let Some(scene) = Scene::new().await else {
            return;
        };
        let attributes = match address {
            APP => json!({"display_name": "Wiki"}),
            _ => scene.attributes(address),
        };
        let several = |count: usize| with(&attributes, &json!({"count": count}));
        scene.create(&[(address, &several(1))]).await;
        scene.write(&[(address, &several(2))]);
        let (outcome, plan) = scene.workspace.plan().await;
        assert_eq!(outcome, Outcome::Changes, "{plan}");
        assert!(!plan.text().contains(TOLD), "{address}: {plan}");
        scene.workspace.save_plan().await;
        let apply = scene.workspace.apply_plan().await.succeeded();
        assert!(!apply.text().contains(TOLD), "{address}: {apply}");
        scene.workspace.assert_quiet(address).await;
    }
}
