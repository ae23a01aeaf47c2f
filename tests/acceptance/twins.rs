//! Finished connectors and apps that no state contains, because a run was killed after it had removed the mark and
//! before the state was stored. Terraform does not lose a local state, so the tests restore the earlier one.

use serde_json::json;

use crate::scene::{ALL, Scene};
use crate::terraform::Outcome;

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
    for address in ALL {
        let scene = or_skip!(Scene::new());
        scene.create_complete(address).await;
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
    for address in ALL {
        let scene = or_skip!(Scene::new());
        let several = |count: usize| scene.changed(address, &json!({"count": count}));
        scene.create(&[(address, &several(1))]).await;
        scene.write(&[(address, &several(2))]);
        let (outcome, plan) = scene.workspace.plan().await;
        assert_eq!(outcome, Outcome::Changes, "{plan}");
        assert!(!plan.text().contains(TOLD), "{address}: {plan}");
        let apply = scene.workspace.apply(&[]).await.succeeded();
        assert!(!apply.text().contains(TOLD), "{address}: {apply}");
        scene.workspace.assert_quiet(address).await;
    }
}
