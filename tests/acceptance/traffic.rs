//! The requests of the provider: only the necessary ones, to the documented endpoints.

use conductorone_emulator::JournalEntry;
use serde_json::{Value, json};

use crate::scene::{BOTH, CLOUD, DATA_CENTER, Scene};

/// Applies the change and returns its writes.
async fn writes_of(scene: &Scene, address: &str, change: &Value) -> Vec<JournalEntry> {
    scene.write(&[(address, &scene.changed(address, change))]);
    scene.emulator.clear_journal();
    scene.workspace.apply(&[]).await.succeeded();
    scene.writes()
}

fn lines(entries: &[JournalEntry]) -> Vec<String> {
    entries
        .iter()
        .map(|entry| format!("{} {}", entry.method, entry.path))
        .collect()
}

#[tokio::test]
async fn every_configured_process_asks_for_one_token_and_no_other_asks_at_all() {
    let scene = or_skip!(Scene::new());
    let attributes = BOTH.map(|address| scene.changed(address, &json!({"count": 5})));
    scene.write_both(&attributes);
    scene.workspace.validate().await.succeeded();
    assert_eq!(
        scene.emulator.journal().len(),
        0,
        "validate needs no network"
    );
    scene
        .workspace
        .apply(&["-parallelism=50"])
        .await
        .succeeded();
    let tokens = scene.token_requests();
    assert!(
        tokens <= 2,
        "{tokens} tokens for one process that plans and one that applies"
    );
    scene.emulator.clear_journal();
    scene.workspace.assert_quiet("unchanged").await;
    assert_eq!(scene.token_requests(), 1);
}

#[tokio::test]
async fn an_unchanged_resource_sends_nothing_but_its_reads() {
    let scene = or_skip!(Scene::new());
    let attributes = BOTH.map(|address| scene.attributes(address));
    scene.create_both(&attributes).await;
    scene.emulator.clear_journal();
    scene.workspace.apply(&[]).await.succeeded();
    assert_eq!(lines(&scene.writes()), Vec::<String>::new());
}

#[tokio::test]
async fn settings_are_created_with_the_configured_create_and_never_the_delegated_one() {
    let scene = or_skip!(Scene::new());
    let create = format!("/api/v1/apps/{}/connectors", scene.emulator.app_id());
    let writes = writes_of(&scene, CLOUD, &json!({})).await;
    let finish = format!("POST {create}/{}/delegated", scene.connector().id);
    assert_eq!(lines(&writes), [format!("POST {create}/create"), finish]);
    let body = &writes[0].body;
    assert_eq!(body["catalogId"], "2jbvUoyvbdzgkgdZfGR7VFhS0SU");
    assert_eq!(body["userIds"], json!([scene.emulator.user_id("alice")]));
    let configuration = &body["config"]["configuration"];
    assert_eq!(
        configuration["domain-url"]["stringValue"],
        "https://acme.atlassian.net"
    );
    assert_eq!(configuration["username"]["stringValue"], "svc@acme.example");
    assert_eq!(configuration["api-key"]["stringValue"], "key-1");
}

#[tokio::test]
async fn without_settings_the_create_is_delegated() {
    let scene = or_skip!(Scene::new());
    let create = format!("POST /api/v1/apps/{}/connectors", scene.emulator.app_id());
    let none = json!({"site_domain": null, "username": null, "api_key": null});
    let writes = writes_of(&scene, CLOUD, &none).await;
    let finish = format!("{create}/{}/delegated", scene.connector().id);
    assert_eq!(lines(&writes), [create, finish]);
    assert_eq!(writes[1].body["updateMask"], "description");
    assert_eq!(scene.connector().description, "");
}

#[tokio::test]
async fn a_setting_is_updated_with_the_mask_config_and_the_complete_set_of_keys() {
    let scene = or_skip!(Scene::new());
    scene.create_complete(CLOUD).await;
    let connector = scene.connector();
    let writes = writes_of(&scene, CLOUD, &json!({"username": "other@acme.example"})).await;
    let path = format!(
        "/api/v1/apps/{}/connectors/{}",
        connector.app_id, connector.id
    );
    assert_eq!(lines(&writes), [format!("POST {path}")]);
    let body = &writes[0].body;
    assert_eq!(body["updateMask"], "config");
    let configuration = &body["connector"]["config"]["configuration"];
    assert_eq!(
        configuration["domain-url"]["stringValue"],
        "https://acme.atlassian.net"
    );
    assert_eq!(
        configuration["username"]["stringValue"],
        "other@acme.example"
    );
    assert_eq!(configuration["api-key"]["stringValue"], "key-1");
}

#[tokio::test]
async fn names_are_updated_by_the_delegated_update_and_touch_nothing_else() {
    let scene = or_skip!(Scene::new());
    for address in BOTH {
        scene.create_complete(address).await;
        let connector = scene.connector();
        let change = json!({"display_name": "Wiki", "description": "All of it"});
        let writes = writes_of(&scene, address, &change).await;
        let path = format!(
            "/api/v1/apps/{}/connectors/{}",
            connector.app_id, connector.id
        );
        assert_eq!(
            lines(&writes),
            [format!("POST {path}/delegated")],
            "{address}"
        );
        let mask = writes[0].body["updateMask"].as_str().expect("a mask");
        let mut mask: Vec<_> = mask.split(',').collect();
        mask.sort_unstable();
        assert_eq!(mask, ["description", "displayName"]);
        scene.workspace.destroy().await.succeeded();
    }
}

#[tokio::test]
async fn owners_are_updated_by_the_owners_api_and_touch_nothing_else() {
    let scene = or_skip!(Scene::new());
    for address in BOTH {
        scene.create_complete(address).await;
        let connector = scene.connector();
        let bob = json!([scene.emulator.user_id("bob")]);
        let writes = writes_of(&scene, address, &json!({"owner_ids": bob})).await;
        let owners = format!(
            "/api/v2/apps/{}/connectors/{}/owners",
            connector.app_id, connector.id
        );
        assert!(!writes.is_empty(), "{address}: nobody changed the owners");
        for write in &writes {
            assert!(
                write.path.starts_with(&owners),
                "{address}: {:?}",
                lines(&writes)
            );
        }
        scene.workspace.destroy().await.succeeded();
    }
}

#[tokio::test]
async fn what_only_the_self_hosted_connector_needs_is_not_sent() {
    let scene = or_skip!(Scene::new());
    scene.create_complete(DATA_CENTER).await;
    let change = json!({
        "hostname": "https://wiki.corp.acme.example", "access_token": "pat-2", "provisioning": true,
    });
    assert_eq!(
        lines(&writes_of(&scene, DATA_CENTER, &change).await),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn every_request_says_who_sends_it() {
    let scene = or_skip!(Scene::new());
    scene.create_complete(CLOUD).await;
    for entry in scene.emulator.journal() {
        let agent = entry.user_agent.unwrap_or_default();
        assert!(
            agent.contains("terraform-provider-confluence/"),
            "{agent}: {}",
            entry.path
        );
    }
}

#[tokio::test]
async fn a_refresh_of_many_connectors_lists_them_and_reads_their_owners() {
    let scene = or_skip!(Scene::new());
    let name = "Wiki ${count.index}";
    let many = scene.changed(CLOUD, &json!({"count": 120, "display_name": name}));
    scene.write(&[(CLOUD, &many)]);
    let many_at_once = "-parallelism=100";
    scene.workspace.apply(&[many_at_once]).await.succeeded();
    for parallelism in [many_at_once, "-parallelism=10"] {
        scene.emulator.clear_journal();
        let arguments = ["plan", "-detailed-exitcode", parallelism];
        scene.workspace.run(&arguments).await.succeeded();
        // A token, two pages, the owners, and at most two connectors that were read before Terraform named a third one.
        let requests = lines(&scene.emulator.journal());
        assert!(
            (123..=125).contains(&requests.len()),
            "{parallelism}: {requests:#?}"
        );
    }
}
