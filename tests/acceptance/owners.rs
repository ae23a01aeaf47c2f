//! Owners of connectors, named by ID or by email address.

use conductorone_emulator::{Owner, Owners};
use serde_json::{Value, json};

use crate::scene::{APP, BOTH, CLOUD, DATA_CENTER, Scene};

/// Returns the attributes with these email addresses of owners.
fn by_email(scene: &Scene, address: &str, emails: &Value) -> Value {
    let changes = json!({"owner_ids": null, "owner_emails": emails});
    scene.changed(address, &changes)
}

fn ids(scene: &Scene, names: &[&str]) -> Vec<String> {
    names
        .iter()
        .map(|name| scene.emulator.user_id(name))
        .collect()
}

fn owners(scene: &Scene) -> Vec<String> {
    let mut owners = scene.connector().owner_ids();
    owners.sort();
    owners
}

#[tokio::test]
async fn owners_are_found_by_their_addresses_in_any_case() {
    let scene = or_skip!(Scene::new());
    for address in BOTH {
        let alice = by_email(&scene, address, &json!(["Alice@ACME.example"]));
        scene.create(&[(address, &alice)]).await;
        assert_eq!(owners(&scene), ids(&scene, &["alice"]));
        let state = scene.workspace.state(address).await;
        assert_eq!(state["owner_ids"], json!(ids(&scene, &["alice"])));
        assert_eq!(state["owner_emails"], json!(["Alice@ACME.example"]));

        let both = json!(["alice@acme.example", "bob@acme.example"]);
        scene
            .create(&[(address, &by_email(&scene, address, &both))])
            .await;
        let mut expected = ids(&scene, &["alice", "bob"]);
        expected.sort();
        assert_eq!(owners(&scene), expected);
        // A different spelling of an address names the same user.
        scene.emulator.clear_journal();
        let again = json!(["ALICE@acme.example", "bob@acme.example"]);
        scene
            .create(&[(address, &by_email(&scene, address, &again))])
            .await;
        assert_eq!(scene.writes().len(), 0);
        scene.workspace.destroy().await.succeeded();
    }
}

#[tokio::test]
async fn owners_change_between_ids_and_addresses() {
    let scene = or_skip!(Scene::new());
    scene.create_complete(CLOUD).await;
    let alice = by_email(&scene, CLOUD, &json!(["alice@acme.example"]));
    scene.create(&[(CLOUD, &alice)]).await;
    let bob = json!({"owner_ids": ids(&scene, &["bob"])});
    scene.create_with(CLOUD, &bob).await;
    assert_eq!(owners(&scene), ids(&scene, &["bob"]));
    scene.create(&[(CLOUD, &alice)]).await;
    assert_eq!(owners(&scene), ids(&scene, &["alice"]));
}

/// Returns the role in the only write of owners.
async fn role_written(scene: &Scene, attributes: &Value) -> Value {
    scene.emulator.clear_journal();
    scene.create(&[(CLOUD, attributes)]).await;
    let mut writes = scene.writes();
    assert_eq!(writes.len(), 1, "{writes:#?}");
    let body = writes.remove(0).body;
    json!(body)["roleSlug"].clone()
}

#[tokio::test]
async fn owners_are_written_in_the_role_that_owners_have() {
    let scene = or_skip!(Scene::new());
    scene.create_complete(CLOUD).await;
    let owned_by = |name: &str| {
        let owner = json!({"owner_ids": ids(&scene, &[name])});
        scene.changed(CLOUD, &owner)
    };
    assert_eq!(role_written(&scene, &owned_by("bob")).await, "owner");
    let alice = Owner::User(scene.emulator.user_id("alice"));
    scene.edit(|connector| {
        connector.owners = Owners::default();
        connector.owners.add("custodian", alice, 0);
    });
    assert_eq!(role_written(&scene, &owned_by("bob")).await, "custodian");
    scene.provider(&json!({"owner_role_slug": "steward"}));
    assert_eq!(role_written(&scene, &owned_by("alice")).await, "steward");
}

#[tokio::test]
async fn entitlements_that_own_a_connector_go_on_owning_it() {
    let scene = or_skip!(Scene::new());
    scene.create_complete(CLOUD).await;
    let everybody = Owner::Entitlement {
        app_id: scene.emulator.app_id(),
        id: scene.emulator.unused_id(),
    };
    let added = everybody.clone();
    scene.edit(|connector| {
        connector.owners.add("owner", added, 0);
    });
    scene
        .workspace
        .assert_quiet("with an entitlement as owner")
        .await;
    let bob = json!({"owner_ids": ids(&scene, &["bob"])});
    scene.create_with(CLOUD, &bob).await;
    assert_eq!(owners(&scene), ids(&scene, &["bob"]));
    let rows = json!(scene.connector().owners);
    let is_it = |row: &Value| row["owner"] == json!(everybody) && row["hiddenFrom"].is_null();
    assert!(rows.as_array().expect("rows").iter().any(is_it), "{rows:#}");
}

#[tokio::test]
async fn an_owner_added_elsewhere_is_shown_by_address_and_taken_back() {
    let scene = or_skip!(Scene::new());
    let alice = by_email(&scene, CLOUD, &json!(["alice@acme.example"]));
    scene.create(&[(CLOUD, &alice)]).await;
    let both = ids(&scene, &["alice", "carol"]);
    scene.emulator.set_owners(&scene.connector().id, &both);
    let (_, run) = scene.workspace.plan().await;
    assert!(run.text().contains("\"carol@acme.example\""), "{run}");
    scene.workspace.apply(&[]).await.succeeded();
    assert_eq!(owners(&scene), ids(&scene, &["alice"]));
    scene.workspace.assert_quiet("after the repair").await;
}

#[tokio::test]
async fn addresses_that_name_nobody_or_two_are_errors_at_apply_without_plan_checks_too() {
    let scene = or_skip!(Scene::new());
    scene
        .emulator
        .add_user("Alice Again", "alice@acme.example", &[]);
    for (email, summary) in [
        ("nobody@acme.example", "Owner not found"),
        (
            "alice@acme.example",
            "Several users have this email address",
        ),
    ] {
        scene.write(&[(CLOUD, &by_email(&scene, CLOUD, &json!([email])))]);
        scene.without_plan_checks();
        let run = scene.workspace.apply(&[]).await.failed();
        assert!(run.text().contains(summary), "{run}");
        assert!(run.text().contains(email), "{run}");
        assert_eq!(scene.connectors().len(), 0);
    }
}

/// Returns the number of searches for users by their address since the journal was cleared.
fn searches_by_email(scene: &Scene) -> usize {
    let journal = scene.emulator.journal();
    let searches = journal
        .iter()
        .filter(|it| it.path == "/api/v1/search/users" && it.body["email"].is_string());
    searches.count()
}

#[tokio::test]
async fn a_plan_shows_the_owners_that_it_found_and_each_process_looks_for_them_once() {
    let scene = or_skip!(Scene::new());
    for address in [CLOUD, DATA_CENTER, APP] {
        // The first one is a creation, the second one a change.
        for name in ["alice", "bob"] {
            let email = format!("{name}@acme.example");
            let attributes = by_email(&scene, address, &json!([email]));
            scene.write(&[(address, &attributes)]);
            scene.emulator.clear_journal();
            let plan = scene.workspace.save_plan().await;
            let change = plan.change(address);
            let found = json!(ids(&scene, &[name]));
            assert_eq!(change["after"]["owner_ids"], found, "{change:#}");
            assert_eq!(searches_by_email(&scene), 1, "{address}");
            scene.emulator.clear_journal();
            scene.workspace.apply_plan().await.succeeded();
            assert_eq!(searches_by_email(&scene), 1, "{address}");
            scene.workspace.assert_quiet(address).await;
            assert_eq!(scene.workspace.state(address).await["owner_ids"], found);
        }
        scene.workspace.destroy().await.succeeded();
    }
    scene.without_plan_checks();
    for address in [CLOUD, DATA_CENTER, APP] {
        let attributes = by_email(&scene, address, &json!(["alice@acme.example"]));
        scene.write(&[(address, &attributes)]);
        let plan = scene.workspace.save_plan().await;
        assert_eq!(plan.change(address)["after_unknown"]["owner_ids"], true);
        scene.workspace.apply_plan().await.succeeded();
        scene.workspace.assert_quiet(address).await;
    }
}
