//! The life of a connector from creation to destruction. Changes are in place if possible, and the plan after each is
//! empty.

use serde_json::{Value, json};

use crate::scene::{BOTH, CLOUD, DATA_CENTER, SELF_HOSTED, Scene, with};

/// Applies each change in addition to the previous ones. Each is in place, and the plan after it is empty.
async fn change_in_place(scene: &Scene, address: &str, changes: Vec<Value>) -> Value {
    let mut attributes = scene.attributes(address);
    scene.create(&[(address, &attributes)]).await;
    let id = scene.workspace.state(address).await["id"].clone();
    for change in changes {
        attributes = with(&attributes, &change);
        scene.write(&[(address, &attributes)]);
        scene
            .workspace
            .apply_update(address, &format!("after {change}"))
            .await;
    }
    assert_eq!(scene.workspace.state(address).await["id"], id);
    attributes
}

#[tokio::test]
async fn a_cloud_connector_is_created_changed_in_place_and_destroyed() {
    let scene = or_skip!(Scene::new());
    let bob = scene.emulator.user_id("bob");
    let changes = vec![
        json!({"display_name": "Wiki"}),
        json!({"description": "Everything that is written down"}),
        json!({"owner_ids": [bob, scene.emulator.user_id("alice")]}),
        json!({"owner_ids": [bob]}),
        json!({"site_domain": "other.atlassian.net"}),
        json!({"username": "other@acme.example"}),
        json!({"api_key": "key-2"}),
        json!({"skip_personal_spaces": true}),
        json!({"skip_personal_spaces": false}),
    ];
    change_in_place(&scene, CLOUD, changes).await;
    let connector = scene.connector();
    assert_eq!(connector.display_name, "Wiki");
    assert_eq!(connector.description, "Everything that is written down");
    assert_eq!(connector.owner_ids(), [bob]);
    let stored = json!(connector.config);
    assert_eq!(stored["domain-url"], "https://other.atlassian.net");
    assert_eq!(stored["username"], "other@acme.example");
    assert_eq!(stored["api-key"], "key-2");
    assert_eq!(stored["skip-personal-spaces"], "false");
    scene.workspace.destroy().await.succeeded();
    assert_eq!(scene.connectors().len(), 0);
}

#[tokio::test]
async fn a_data_center_connector_is_created_changed_in_place_and_destroyed() {
    let scene = or_skip!(Scene::new());
    let bob = scene.emulator.user_id("bob");
    let changes = vec![
        json!({"display_name": "Wiki"}),
        json!({"description": "Everything that is written down"}),
        json!({"owner_ids": [bob]}),
        json!({"hostname": "https://wiki.corp.acme.example"}),
        json!({"access_token": "pat-2"}),
        json!({"access_token": null, "username": "svc", "password": "secret"}),
        json!({"provisioning": true}),
    ];
    change_in_place(&scene, DATA_CENTER, changes).await;
    let connector = scene.connector();
    assert_eq!(connector.display_name, "Wiki");
    assert_eq!(connector.owner_ids(), [bob]);
    let credentials = scene.emulator.credentials(&connector.id);
    assert_eq!(
        credentials.len(),
        1,
        "no change needs another credential: {credentials:#?}"
    );

    assert_eq!(
        scene.workspace.state(DATA_CENTER).await["credential_id"],
        credentials[0].id
    );
    scene.workspace.destroy().await.succeeded();
    assert_eq!(scene.connectors().len(), 0);
    let credentials = scene.emulator.credentials(&connector.id);
    assert!(
        credentials.iter().all(|credential| credential.revoked),
        "{credentials:#?}"
    );
}

#[tokio::test]
async fn a_self_hosted_cloud_connector_is_created_changed_in_place_and_destroyed() {
    let scene = or_skip!(Scene::new());
    let bob = scene.emulator.user_id("bob");
    let changes = vec![
        json!({"display_name": "Wiki"}),
        json!({"owner_ids": [bob]}),
        json!({"site_domain": "other"}),
        json!({"username": "other@acme.example"}),
        json!({"api_key": "key-2"}),
        json!({"provisioning": true, "skip_personal_spaces": true}),
        json!({"nouns": ["space", "page"], "verbs": ["read", "delete"]}),
    ];
    let attributes = change_in_place(&scene, SELF_HOSTED, changes).await;
    let connector = scene.connector();
    assert_eq!(connector.display_name, "Wiki");
    assert_eq!(connector.owner_ids(), [bob]);
    assert_eq!(connector.catalog_id, "2HErg7BRmNdHgX8sTCWVq4E1fyh");
    assert!(connector.config.is_empty(), "{connector:#?}");
    let [credential] = &scene.emulator.credentials(&connector.id)[..] else {
        panic!("no change needs another credential");
    };
    let environment = scene.workspace.state(SELF_HOSTED).await["environment"].clone();
    let mut expected = json!({
        "BATON_CLIENT_ID": credential.client_id,
        "BATON_CLIENT_SECRET": credential.client_secret,
        "BATON_DOMAIN_URL": "https://other.atlassian.net",
        "BATON_USERNAME": "other@acme.example",
        "BATON_API_KEY": "key-2",
        "BATON_PROVISIONING": "true",
        "BATON_SKIP_PERSONAL_SPACES": "true",
        "BATON_NOUN": "page,space",
        "BATON_VERB": "delete,read",
    });
    assert_eq!(environment, expected);

    let none = json!({
        "skip_personal_spaces": null, "nouns": null, "verbs": null, "provisioning": null, "use_rbac": true,
        "site_domain": "https://other.atlassian.net/wiki",
    });
    scene
        .create(&[(SELF_HOSTED, &with(&attributes, &none))])
        .await;
    let environment = scene.workspace.state(SELF_HOSTED).await["environment"].clone();
    for removed in [
        "BATON_PROVISIONING",
        "BATON_SKIP_PERSONAL_SPACES",
        "BATON_NOUN",
        "BATON_VERB",
    ] {
        expected.as_object_mut().expect("a map").remove(removed);
    }
    expected["BATON_USE_RBAC"] = json!("true");
    assert_eq!(environment, expected);
    scene.workspace.destroy().await.succeeded();
    assert_eq!(
        (scene.connectors().len(), scene.valid_credentials().len()),
        (0, 0)
    );
}

#[tokio::test]
async fn the_environment_is_complete_and_ready_for_a_secret() {
    let scene = or_skip!(Scene::new());
    let login = json!({
        "access_token": null, "username": "svc", "password": "secret", "provisioning": true,
    });
    let attributes = scene.changed(DATA_CENTER, &login);
    scene.create(&[(DATA_CENTER, &attributes)]).await;
    let credential = &scene.emulator.credentials(&scene.connector().id)[0];
    let state = scene.workspace.state(DATA_CENTER).await;
    assert_eq!(state["client_secret"], credential.client_secret);
    let environment = json!({
        "BATON_CLIENT_ID": credential.client_id,
        "BATON_CLIENT_SECRET": credential.client_secret,
        "BATON_HOSTNAME": "https://confluence.corp.acme.example",
        "BATON_USERNAME": "svc",
        "BATON_PASSWORD": "secret",
        "BATON_PROVISIONING": "true",
    });
    assert_eq!(state["environment"], environment);
}

#[tokio::test]
async fn values_removed_from_the_configuration_stay() {
    let scene = or_skip!(Scene::new());
    let names = json!({"display_name": "Wiki", "description": "All of it"});
    let full = BOTH.map(|address| scene.changed(address, &names));
    scene.create_both(&full).await;
    let none = json!({"display_name": null, "description": null, "owner_ids": null});
    let less = full.map(|attributes| with(&attributes, &none));
    scene.write_both(&less);
    scene
        .workspace
        .assert_quiet("without names and owners")
        .await;
}

#[tokio::test]
async fn every_spelling_of_a_site_is_the_same_site() {
    let scene = or_skip!(Scene::new());
    let attributes = scene.attributes(CLOUD);
    scene.create(&[(CLOUD, &attributes)]).await;
    for site in ["acme.atlassian.net", "https://ACME.atlassian.net/wiki"] {
        scene.write(&[(CLOUD, &with(&attributes, &json!({"site_domain": site})))]);
        scene.workspace.assert_quiet(site).await;
    }
}

#[tokio::test]
async fn another_app_replaces_the_connector() {
    let scene = or_skip!(Scene::new());
    let attributes = BOTH.map(|address| scene.attributes(address));
    scene.create_both(&attributes).await;
    let other = json!({"app_id": scene.emulator.other_app_id()});
    let moved = attributes.map(|attributes| with(&attributes, &other));
    scene.write_both(&moved);
    let plan = scene.workspace.save_plan().await;
    for address in BOTH {
        assert_eq!(plan.actions(address), ["delete", "create"], "{address}");
    }
    scene.workspace.apply_plan().await.succeeded();
    scene.workspace.assert_quiet("after the replacement").await;
    let connectors = scene.connectors();
    assert_eq!(connectors.len(), 2);
    assert!(
        connectors
            .iter()
            .all(|it| it.app_id == scene.emulator.other_app_id())
    );
}

#[tokio::test]
async fn attributes_left_out_are_left_to_the_service() {
    let scene = or_skip!(Scene::new());
    let attributes = json!({"app_id": scene.emulator.app_id()});
    let mut data_center = attributes.clone();
    data_center["hostname"] = json!("https://confluence.corp.acme.example");
    scene
        .create(&[(CLOUD, &attributes), (DATA_CENTER, &data_center)])
        .await;
    for (address, name) in [
        (CLOUD, "Confluence v2"),
        (DATA_CENTER, "Confluence Data Center"),
    ] {
        let state = scene.workspace.state(address).await;
        assert_eq!(state["display_name"], name, "{state}");
        assert!(
            state["created_at"]
                .as_str()
                .is_some_and(|time| time.ends_with('Z')),
            "{state}"
        );
    }
    scene.workspace.destroy().await.succeeded();
}

#[tokio::test]
async fn fifty_operations_at_once_create_every_connector_once() {
    let scene = or_skip!(Scene::new());
    scene.switch(|switches| switches.latency_ms = 20);
    let count = |address| scene.changed(address, &json!({"count": 15}));
    scene.write(&[(CLOUD, &count(CLOUD)), (DATA_CENTER, &count(DATA_CENTER))]);
    scene
        .workspace
        .apply(&["-parallelism=50"])
        .await
        .succeeded();
    assert_eq!(scene.connectors().len(), 30);
    let (outcome, run) = scene.workspace.plan().await;
    assert_eq!(outcome, crate::terraform::Outcome::NoChanges, "{run}");
    scene
        .workspace
        .run(&["destroy", "-auto-approve", "-parallelism=50"])
        .await
        .succeeded();
    assert_eq!(scene.connectors().len(), 0);
}
