//! Sets, changes, removes and imports every attribute, and changes it outside Terraform. After each step, the plan is
//! empty.

use std::collections::BTreeSet;

use conductorone_emulator::{StoredConnector, Time};
use serde_json::{Value, json};

use crate::scene::{CLOUD, DATA_CENTER, SELF_HOSTED, Scene, config, with};

/// One attribute.
struct Row {
    attribute: &'static str,
    /// The first value, with the attributes that it requires.
    set: fn(&Scene) -> Value,
    /// The changed value.
    changed: fn(&Scene) -> Value,
    /// The removed value, or none if the attribute is required.
    removed: Option<fn() -> Value>,
    /// The change outside Terraform, or none if ConductorOne does not store the attribute.
    elsewhere: Option<fn(&Scene)>,
}

/// Changes the connector outside Terraform.
fn edit(scene: &Scene, edit: impl FnOnce(&mut StoredConnector)) {
    scene.edit(edit);
}

/// Changes a setting outside Terraform.
fn set(scene: &Scene, key: &str, value: &str) {
    let setting = (key.to_owned(), value.to_owned());
    edit(scene, |connector| connector.reconfigure([setting]));
}

fn make_carol_owner(scene: &Scene) {
    let carol = scene.emulator.user_id("carol");
    scene.emulator.set_owners(&scene.connector().id, &[carol]);
}

/// The attributes of all connectors.
const EVERY: &[Row] = &[
    Row {
        attribute: "app_id",
        set: |scene| json!({"app_id": scene.emulator.app_id()}),
        changed: |scene| json!({"app_id": scene.emulator.other_app_id()}),
        removed: None,
        elsewhere: None,
    },
    Row {
        attribute: "owner_ids",
        set: |scene| json!({"owner_ids": [scene.emulator.user_id("alice")]}),
        changed: |scene| json!({"owner_ids": [scene.emulator.user_id("bob")]}),
        removed: Some(|| json!({"owner_ids": null})),
        elsewhere: Some(make_carol_owner),
    },
    Row {
        attribute: "owner_emails",
        set: |_| json!({"owner_ids": null, "owner_emails": ["alice@acme.example"]}),
        changed: |_| json!({"owner_ids": null, "owner_emails": ["bob@acme.example"]}),
        removed: Some(|| json!({"owner_ids": null, "owner_emails": null})),
        elsewhere: Some(make_carol_owner),
    },
    Row {
        attribute: "display_name",
        set: |_| json!({"display_name": "Wiki"}),
        changed: |_| json!({"display_name": "Company wiki"}),
        removed: Some(|| json!({"display_name": null})),
        elsewhere: Some(|scene| edit(scene, |it| "Theirs".clone_into(&mut it.display_name))),
    },
    Row {
        attribute: "description",
        set: |_| json!({"description": "All spaces"}),
        changed: |_| json!({"description": "Some spaces"}),
        removed: Some(|| json!({"description": null})),
        elsewhere: Some(|scene| edit(scene, |it| "Theirs".clone_into(&mut it.description))),
    },
    Row {
        attribute: "sync",
        set: |_| json!({"sync": {"enabled": false, "cron": "0 4 * * *", "timezone": null}}),
        changed: |_| json!({"sync": {"enabled": true, "cron": "0 5 * * *", "timezone": "Europe/Berlin"}}),
        removed: Some(|| json!({"sync": null})),
        elsewhere: Some(|scene| {
            edit(scene, |it| {
                it.sync_disabled_at = Some(Time::now());
                it.schedule = None;
            });
        }),
    },
    Row {
        attribute: "timeouts",
        set: |_| json!({"timeouts": {"create": "5m", "read": null, "update": null, "delete": null}}),
        changed: |_| json!({"timeouts": {"create": "5m", "read": "1m", "update": "1h", "delete": "90s"}}),
        removed: Some(|| json!({"timeouts": null})),
        elsewhere: None,
    },
];

const CLOUD_ONLY: &[Row] = &[
    // Without a login, so that no test asks a real site.
    Row {
        attribute: "check_login",
        set: |_| json!({"check_login": true, "site_domain": null, "username": null, "api_key": null}),
        changed: |_| json!({"check_login": false, "site_domain": null, "username": null, "api_key": null}),
        removed: Some(|| json!({"check_login": null})),
        elsewhere: None,
    },
    Row {
        attribute: "connector_version",
        set: |_| json!({"connector_version": 2}),
        changed: |_| json!({"connector_version": 1}),
        removed: Some(|| json!({"connector_version": null})),
        elsewhere: None,
    },
    Row {
        attribute: "site_domain",
        set: |_| json!({"site_domain": "acme"}),
        changed: |_| json!({"site_domain": "https://wiki.acme.example"}),
        removed: Some(|| json!({"site_domain": null, "username": null, "api_key": null})),
        elsewhere: Some(|scene| set(scene, "domain-url", "https://theirs.atlassian.net")),
    },
    Row {
        attribute: "username",
        set: |_| json!({"username": "svc@acme.example"}),
        changed: |_| json!({"username": "other@acme.example"}),
        removed: Some(|| json!({"site_domain": null, "username": null, "api_key": null})),
        elsewhere: Some(|scene| set(scene, "username", "theirs@acme.example")),
    },
    Row {
        attribute: "api_key",
        set: |_| json!({"api_key": "key-1"}),
        changed: |_| json!({"api_key": "key-2"}),
        removed: Some(|| json!({"api_key": null})),
        elsewhere: Some(|scene| set(scene, "api-key", "theirs")),
    },
    Row {
        attribute: "api_key_wo_version",
        set: |_| json!({"api_key": null, "api_key_wo": "key-1", "api_key_wo_version": 1}),
        changed: |_| json!({"api_key": null, "api_key_wo": "key-2", "api_key_wo_version": 2}),
        removed: Some(|| json!({"api_key": null, "api_key_wo": null, "api_key_wo_version": null})),
        elsewhere: Some(|scene| set(scene, "api-key", "theirs")),
    },
    Row {
        attribute: "skip_personal_spaces",
        set: |_| json!({"skip_personal_spaces": true}),
        changed: |_| json!({"skip_personal_spaces": false}),
        removed: Some(|| json!({"skip_personal_spaces": null})),
        elsewhere: Some(|scene| set(scene, "skip-personal-spaces", "true")),
    },
    Row {
        attribute: "nouns",
        set: |_| json!({"nouns": ["space"]}),
        changed: |_| json!({"nouns": ["page", "space"]}),
        removed: Some(|| json!({"nouns": null})),
        elsewhere: Some(|scene| set(scene, "noun", "comment")),
    },
    Row {
        attribute: "verbs",
        set: |_| json!({"verbs": ["read"]}),
        changed: |_| json!({"verbs": ["delete", "read"]}),
        removed: Some(|| json!({"verbs": null})),
        elsewhere: Some(|scene| set(scene, "verb", "")),
    },
    Row {
        attribute: "use_rbac",
        set: |_| json!({"use_rbac": true}),
        changed: |_| json!({"use_rbac": false}),
        removed: Some(|| json!({"use_rbac": null})),
        elsewhere: Some(|scene| set(scene, "use-rbac", "true")),
    },
    Row {
        attribute: "wait_for_sync",
        set: |_| json!({"wait_for_sync": true}),
        changed: |_| json!({"wait_for_sync": false}),
        removed: Some(|| json!({"wait_for_sync": null})),
        elsewhere: None,
    },
];

const DATA_CENTER_ONLY: &[Row] = &[
    Row {
        attribute: "check_login",
        set: |_| json!({"check_login": true, "access_token": null}),
        changed: |_| json!({"check_login": false, "access_token": null}),
        removed: Some(|| json!({"check_login": null})),
        elsewhere: None,
    },
    Row {
        attribute: "hostname",
        set: |_| json!({"hostname": "https://confluence.corp.acme.example"}),
        changed: |_| json!({"hostname": "https://wiki.corp.acme.example/confluence"}),
        removed: None,
        elsewhere: None,
    },
    Row {
        attribute: "access_token",
        set: |_| json!({"access_token": "pat-1"}),
        changed: |_| json!({"access_token": "pat-2"}),
        removed: Some(|| json!({"access_token": null})),
        elsewhere: None,
    },
    Row {
        attribute: "username",
        set: |_| json!({"access_token": null, "username": "svc", "password": "secret"}),
        changed: |_| json!({"access_token": null, "username": "other", "password": "secret"}),
        removed: Some(|| json!({"username": null, "password": null})),
        elsewhere: None,
    },
    Row {
        attribute: "password",
        set: |_| json!({"access_token": null, "username": "svc", "password": "secret"}),
        changed: |_| json!({"access_token": null, "username": "svc", "password": "another"}),
        removed: Some(|| json!({"username": null, "password": null})),
        elsewhere: None,
    },
];

/// The attributes of all self-hosted connectors.
const EVERY_SELF_HOSTED: &[Row] = &[
    Row {
        attribute: "provisioning",
        set: |_| json!({"provisioning": true}),
        changed: |_| json!({"provisioning": false}),
        removed: Some(|| json!({"provisioning": null})),
        elsewhere: None,
    },
    Row {
        attribute: "credential_version",
        set: |_| json!({"credential_version": 1}),
        changed: |_| json!({"credential_version": 2}),
        removed: Some(|| json!({"credential_version": null})),
        elsewhere: Some(|scene| {
            let credentials = scene.emulator.credentials(&scene.connector().id);
            for credential in credentials {
                scene.emulator.revoke_credential(&credential.id);
            }
        }),
    },
    Row {
        attribute: "early_rotation_hours",
        set: |_| json!({"early_rotation_hours": 24}),
        changed: |_| json!({"early_rotation_hours": 48}),
        removed: Some(|| json!({"early_rotation_hours": null})),
        elsewhere: None,
    },
    Row {
        attribute: "revoke_previous_credential",
        set: |_| json!({"revoke_previous_credential": false}),
        changed: |_| json!({"revoke_previous_credential": true}),
        removed: Some(|| json!({"revoke_previous_credential": null})),
        elsewhere: None,
    },
];

const SELF_HOSTED_ONLY: &[Row] = &[
    Row {
        attribute: "check_login",
        set: |_| json!({"check_login": true, "api_key": null}),
        changed: |_| json!({"check_login": false, "api_key": null}),
        removed: Some(|| json!({"check_login": null})),
        elsewhere: None,
    },
    Row {
        attribute: "site_domain",
        set: |_| json!({"site_domain": "acme"}),
        changed: |_| json!({"site_domain": "https://wiki.acme.example"}),
        removed: None,
        elsewhere: None,
    },
    Row {
        attribute: "username",
        set: |_| json!({"username": "svc@acme.example"}),
        changed: |_| json!({"username": "other@acme.example"}),
        removed: None,
        elsewhere: None,
    },
    Row {
        attribute: "api_key",
        set: |_| json!({"api_key": "key-1"}),
        changed: |_| json!({"api_key": "key-2"}),
        removed: Some(|| json!({"api_key": null})),
        elsewhere: None,
    },
    Row {
        attribute: "skip_personal_spaces",
        set: |_| json!({"skip_personal_spaces": true}),
        changed: |_| json!({"skip_personal_spaces": false}),
        removed: Some(|| json!({"skip_personal_spaces": null})),
        elsewhere: None,
    },
    Row {
        attribute: "nouns",
        set: |_| json!({"nouns": ["space"]}),
        changed: |_| json!({"nouns": ["page", "space"]}),
        removed: Some(|| json!({"nouns": null})),
        elsewhere: None,
    },
    Row {
        attribute: "verbs",
        set: |_| json!({"verbs": ["read"]}),
        changed: |_| json!({"verbs": ["delete", "read"]}),
        removed: Some(|| json!({"verbs": null})),
        elsewhere: None,
    },
    Row {
        attribute: "use_rbac",
        set: |_| json!({"use_rbac": true}),
        changed: |_| json!({"use_rbac": false}),
        removed: Some(|| json!({"use_rbac": null})),
        elsewhere: None,
    },
];

/// Tests one attribute.
async fn live(address: &str, row: &Row) {
    let scene = or_skip!(Scene::new());
    let attribute = row.attribute;
    let base = scene.attributes(address);
    for changes in [(row.set)(&scene), (row.changed)(&scene)] {
        scene.create(&[(address, &with(&base, &changes))]).await;
        let state = scene.workspace.state(address).await;
        assert_eq!(
            state[attribute], changes[attribute],
            "{address}.{attribute}"
        );
    }
    let attributes = with(&base, &(row.changed)(&scene));
    if let Some(elsewhere) = row.elsewhere {
        elsewhere(&scene);
        let plan = scene.workspace.save_plan().await;
        assert_eq!(plan.actions(address), ["update"], "{address}.{attribute}");
        scene.create(&[(address, &attributes)]).await;
    }
    assert_imports(&scene, address, &attributes, attribute).await;
    if let Some(removed) = row.removed {
        scene
            .create(&[(address, &with(&attributes, &removed()))])
            .await;
    }
    assert_eq!(scene.connectors().len(), 1, "{address}.{attribute}");
}

/// Imports the same connector into another directory with the same configuration.
async fn assert_imports(scene: &Scene, address: &str, attributes: &Value, attribute: &str) {
    let connector = scene.connector();
    let other = scene.second_workspace();
    other.write(&config(&[(address, attributes)]));
    other.import(address, &scene.import_id()).await.succeeded();
    // Values that cannot be read, such as secrets, come from the configuration.
    other.apply(&[]).await.succeeded();
    other
        .assert_quiet(&format!("{address}.{attribute} after the import"))
        .await;
    let state = other.state(address).await;
    assert_eq!(
        state[attribute], attributes[attribute],
        "{address}.{attribute}"
    );
    assert_eq!(scene.connector().id, connector.id);
    // The credential in the first directory may have been replaced, but its state stays valid.
    scene.workspace.apply(&[]).await.succeeded();
}

async fn live_all(address: &str, rows: &[Row]) {
    for row in rows {
        live(address, row).await;
    }
}

#[tokio::test]
async fn common_attributes_of_a_cloud_connector() {
    live_all(CLOUD, EVERY).await;
}

#[tokio::test]
async fn common_attributes_of_a_data_center_connector() {
    live_all(DATA_CENTER, EVERY).await;
}

#[tokio::test]
async fn attributes_of_a_cloud_connector() {
    live_all(CLOUD, CLOUD_ONLY).await;
}

#[tokio::test]
async fn attributes_of_a_data_center_connector() {
    live_all(DATA_CENTER, DATA_CENTER_ONLY).await;
}

#[tokio::test]
async fn attributes_of_all_self_hosted_connectors() {
    live_all(DATA_CENTER, EVERY_SELF_HOSTED).await;
}

#[tokio::test]
async fn attributes_of_a_self_hosted_cloud_connector() {
    live_all(SELF_HOSTED, SELF_HOSTED_ONLY).await;
}

#[tokio::test]
async fn no_attribute_is_left_out() {
    let scene = or_skip!(Scene::new());
    let schema = scene
        .workspace
        .run(&["providers", "schema", "-json"])
        .await
        .succeeded();
    let schema: Value = serde_json::from_str(&schema.stdout).expect("JSON");
    // The address begins with the registry of the command line tool.
    let providers = schema["provider_schemas"].as_object().expect("providers");
    let own = |(address, _): &(&String, _)| address.ends_with("/conductorone/confluence");
    let (_, provider) = providers.iter().find(own).expect("the provider");
    for (address, own, shared) in [
        (CLOUD, CLOUD_ONLY, &[][..]),
        (DATA_CENTER, DATA_CENTER_ONLY, EVERY_SELF_HOSTED),
        (SELF_HOSTED, SELF_HOSTED_ONLY, EVERY_SELF_HOSTED),
    ] {
        let (type_name, _) = address.split_once('.').expect("an address");
        let attributes = provider["resource_schemas"][type_name]["block"]["attributes"]
            .as_object()
            .expect("attributes");
        let settable = attributes.iter().filter(|(_, attribute)| {
            (attribute["optional"] == true || attribute["required"] == true)
                && attribute["write_only"] != true
        });
        let settable: BTreeSet<_> = settable.map(|(name, _)| name.as_str()).collect();
        let rows = EVERY.iter().chain(own).chain(shared);
        let rows: BTreeSet<_> = rows.map(|row| row.attribute).collect();
        assert_eq!(settable, rows, "{type_name}");
    }
}
