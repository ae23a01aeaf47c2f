//! Moves of state from the vendor's provider, and from other addresses of this provider, without changes to objects.

use serde_json::{Value, json};

use crate::scene::{ALL, APP, CLOUD, DATA_CENTER, SELF_HOSTED, Scene, config, with};
use crate::terraform::{FORK, Workspace};

const VENDOR: &str = "registry.terraform.io/conductorone/conductorone";

/// Returns a state of the vendor's provider 1.5.0 with one connector of this type.
fn vendor_state(type_name: &str, attributes: &Value) -> Value {
    json!({
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 3,
        "lineage": "5f2c9d3e-0000-4000-8000-000000000000",
        "outputs": {},
        "resources": [{
            "mode": "managed",
            "type": type_name,
            "name": "it",
            "provider": format!("provider[\"{VENDOR}\"]"),
            "instances": [{"schema_version": 0, "attributes": attributes, "sensitive_attributes": []}],
        }],
        "check_results": null,
    })
}

/// Returns the attributes of a Cloud connector that moves from the vendor's provider.
async fn moved(scene: &Scene, type_name: &str, version: i64, theirs: &Value) -> Workspace {
    let changes = json!({"connector_version": version});
    let attributes = scene.changed(CLOUD, &changes);
    moved_to(scene, CLOUD, &attributes, type_name, theirs).await
}

/// Creates a connector, removes it from the state, and adds it to another directory as a resource of the vendor's
/// provider.
async fn moved_to(
    scene: &Scene,
    address: &str,
    attributes: &Value,
    type_name: &str,
    theirs: &Value,
) -> Workspace {
    scene.create(&[(address, attributes)]).await;
    let connector = scene.connector();
    let ids = json!({
        "id": connector.id,
        "app_id": connector.app_id,
        "user_ids": [scene.emulator.user_id("alice")],
        "created_at": scene.workspace.state(address).await["created_at"],
        "updated_at": "2026-01-01T00:00:00Z",
        "deleted_at": null,
    });
    let other = scene.second_workspace();
    let state = vendor_state(type_name, &with(&ids, theirs)).to_string();
    std::fs::write(other.path("terraform.tfstate"), state).expect("a file");
    let mut config = config(&[(address, attributes)]);
    config["moved"] = json!([{"from": format!("{type_name}.it"), "to": address}]);
    other.write(&config);
    scene.emulator.clear_journal();
    other
}

/// Checks that the plan shows the move and no other change.
async fn assert_taken_over(scene: &Scene, workspace: &Workspace) {
    let plan = workspace.save_plan().await;
    assert_eq!(plan.actions(CLOUD), ["no-op"]);
    workspace.apply_plan().await.succeeded();
    workspace.assert_quiet("after the move").await;
    assert_eq!(scene.writes().len(), 0, "{:#?}", scene.writes());
}

#[tokio::test]
async fn the_vendors_current_connector_comes_over() {
    let scene = or_skip!(Scene::new());
    let theirs = json!({
        "domain_url": "https://acme.atlassian.net",
        "username": "svc@acme.example",
        "api_key": "key-1",
        "skip_personal_spaces": null,
    });
    let type_name = "conductorone_integration_confluence_v2";
    let workspace = moved(&scene, type_name, 2, &theirs).await;
    assert_taken_over(&scene, &workspace).await;
}

#[tokio::test]
async fn the_vendors_first_connector_comes_over() {
    let scene = or_skip!(Scene::new());
    let theirs = json!({
        "confluence_domain": "acme",
        "confluence_username": "svc@acme.example",
        "confluence_apikey": "key-1",
    });
    let type_name = "conductorone_integration_confluence";
    let workspace = moved(&scene, type_name, 1, &theirs).await;
    assert_taken_over(&scene, &workspace).await;
}

#[tokio::test]
async fn the_vendors_self_hosted_connector_comes_over_and_gets_a_credential_of_its_own() {
    for address in [DATA_CENTER, SELF_HOSTED] {
        let scene = or_skip!(Scene::new());
        let attributes = scene.attributes(address);
        let type_name = "conductorone_integration_baton";
        let workspace = moved_to(&scene, address, &attributes, type_name, &json!({})).await;
        let id = scene.connector().id;
        let before = scene.emulator.credentials(&id);
        let (_, run) = workspace.plan().await;
        assert!(run.text().contains("Credential will be issued"), "{run}");
        workspace.apply_update(address, "after the move").await;
        // The credential in the vendor's `conductorone_connector_credential` works until that resource is destroyed.
        let after = scene.emulator.credentials(&id);
        assert_eq!(after.len(), before.len() + 1);
        assert!(after.iter().all(|credential| !credential.revoked));
        assert_eq!(workspace.state(address).await["id"], id);
        assert_eq!(scene.writes().len(), 1, "{:#?}", scene.writes());
    }
}

#[tokio::test]
async fn what_cannot_come_over_is_refused_with_the_ways_that_there_are() {
    let scene = or_skip!(Scene::new());
    let type_name = "conductorone_integration_jira";
    let workspace = moved(&scene, type_name, 2, &json!({})).await;
    let (_, run) = workspace.plan().await;
    assert!(
        run.text()
            .contains("conductorone_integration_confluence_v2"),
        "{run}"
    );
}

/// Creates all objects, and copies their state into another folder with the provider address of a fork. With `renamed`,
/// the resources have other names there.
async fn forked(scene: &Scene, renamed: bool) -> Workspace {
    let app = json!({
        "display_name": "Wiki", "annotations": {"team": "docs"}, "owner_ids": [scene.emulator.user_id("alice")],
    });
    let attributes = |address| match address {
        APP => app.clone(),
        _ => scene.attributes(address),
    };
    let resources = ALL.map(|address| (address, attributes(address)));
    let resources = resources.each_ref().map(|(address, it)| (*address, it));
    scene.create(&resources).await;

    let path = scene.workspace.path("terraform.tfstate");
    let mut state = std::fs::read_to_string(path).expect("a state");
    let mut config = config(&resources);
    state = state.replace("conductorone/confluence", FORK);
    if renamed {
        state = state.replace("\"name\": \"it\"", "\"name\": \"old\"");
        let moved =
            ALL.map(|address| json!({"from": address.replace(".it", ".old"), "to": address}));
        config["moved"] = json!(moved);
    }
    let other = scene.second_workspace();
    std::fs::write(other.path("terraform.tfstate"), state).expect("a file");
    other.write(&config);
    scene.emulator.clear_journal();
    other
}

/// OpenTofu asks the provider to move the state in both cases. Terraform does so only for a `moved` block.
#[tokio::test]
async fn state_of_a_fork_comes_over_with_and_without_a_moved_block() {
    for renamed in [false, true] {
        let scene = or_skip!(Scene::new());
        let workspace = forked(&scene, renamed).await;
        let plan = workspace.save_plan().await;
        for address in ALL {
            assert_eq!(
                plan.actions(address),
                ["no-op"],
                "{address}, renamed: {renamed}"
            );
        }
        workspace.apply_plan().await.succeeded();
        workspace.assert_quiet("after the move").await;
        for address in ALL {
            let before = scene.workspace.state(address).await;
            assert_eq!(workspace.state(address).await, before, "{address}");
        }
        assert_eq!(scene.writes().len(), 0, "{:#?}", scene.writes());
    }
}
