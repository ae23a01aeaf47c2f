//! Values that are unknown during the plan.

use serde_json::{Value, json};

use crate::scene::{CLOUD, DATA_CENTER, Scene, config, with};

/// Returns a configuration whose settings all come from the output of another resource.
fn undecided(scene: &Scene) -> Value {
    let decided = json!({
        "site": "acme", "user": "svc@acme.example", "key": "key-1", "name": "Wiki",
        "app": scene.emulator.app_id(), "owner": scene.emulator.user_id("alice"),
        "host": "https://confluence.corp.acme.example", "skip": true,
    });
    let of = |name: &str| format!("${{terraform_data.decided.output.{name}}}");
    let common = json!({
        "app_id": of("app"), "owner_ids": [of("owner")], "display_name": of("name"),
        "username": of("user"),
    });
    let cloud = json!({
        "site_domain": of("site"), "api_key": of("key"), "skip_personal_spaces": of("skip"),
    });
    let data_center = json!({
        "hostname": of("host"), "password": of("key"), "access_token": of("key"),
        "provisioning": of("skip"),
    });
    let data_center = with(&common, &data_center);
    let mut config = config(&[(CLOUD, &with(&common, &cloud)), (DATA_CENTER, &data_center)]);
    config["resource"]["terraform_data"] = json!({"decided": {"input": decided}});
    config
}

#[tokio::test]
async fn values_known_only_after_apply_are_accepted_at_validate_and_plan_and_then_used() {
    let scene = or_skip!(Scene::new());
    scene.workspace.write(&undecided(&scene));
    scene.workspace.validate().await.succeeded();
    let plan = scene.workspace.save_plan().await;
    assert_eq!(plan.actions(CLOUD), ["create"]);
    scene.workspace.apply_plan().await.succeeded();
    scene.workspace.assert_quiet("after the apply").await;
    assert_eq!(scene.workspace.state(CLOUD).await["site_domain"], "acme");
    assert!(
        scene
            .connectors()
            .iter()
            .all(|connector| connector.display_name == "Wiki")
    );
}

#[tokio::test]
async fn a_known_value_that_becomes_unknown_is_planned_as_an_update() {
    let scene = or_skip!(Scene::new());
    let mut config = undecided(&scene);
    scene.workspace.write(&config);
    scene.workspace.apply(&[]).await.succeeded();
    config["resource"]["terraform_data"]["decided"]["input"]["user"] = json!("other@acme.example");
    scene.workspace.write(&config);
    let plan = scene.workspace.save_plan().await;
    for address in [CLOUD, DATA_CENTER] {
        // The app is also unknown, so the plan does not know whether it stays the same.
        assert!(!plan.actions(address).is_empty(), "{address}");
    }
    scene.workspace.apply_plan().await.succeeded();
    scene.workspace.assert_quiet("after the apply").await;
    assert_eq!(
        scene.workspace.state(CLOUD).await["username"],
        "other@acme.example"
    );
}

#[tokio::test]
async fn a_provider_configured_by_another_resource_can_be_validated_and_planned() {
    let mut scene = or_skip!(Scene::new());
    let url = scene.emulator.url().to_owned();
    scene.workspace.without("CONDUCTORONE_SERVER_URL");
    let mut config = config(&[(CLOUD, &scene.attributes(CLOUD))]);
    config["resource"]["terraform_data"] = json!({"tenant": {"input": url}});
    config["provider"] = json!({"confluence": {"server_url": "${terraform_data.tenant.output}"}});
    scene.workspace.write(&config);
    scene.workspace.validate().await.succeeded();
    scene.workspace.apply(&[]).await.succeeded();
    scene.workspace.assert_quiet("after the apply").await;
}
