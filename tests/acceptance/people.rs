//! Users with changed, removed or duplicate email addresses.

use conductorone_emulator::{Options, Owner, OwnersApi, Switches};
use serde_json::{Value, json};

use crate::scene::{BOTH, CLOUD, Scene, with};
use crate::terraform::Outcome;

const ALICE: &str = "alice@acme.example";

/// Returns the attributes with Alice's address as the owner.
fn owned_by_alice(scene: &Scene, address: &str) -> Value {
    let changes = json!({"owner_ids": null, "owner_emails": [ALICE]});
    scene.changed(address, &changes)
}

fn disable(scene: &Scene, id: &str) {
    scene
        .emulator
        .edit_user(id, |user| "DISABLED".clone_into(&mut user.status));
}

fn readdress(scene: &Scene, id: &str, email: &str) {
    scene
        .emulator
        .edit_user(id, |user| email.clone_into(&mut user.email));
}

/// Returns a tenant with the owners API, and one without.
fn tenants() -> [Options; 2] {
    [OwnersApi::V2, OwnersApi::Absent].map(|owners_api| Options {
        switches: Switches {
            owners_api,
            echo_user_ids: true,
            ..Switches::default()
        },
        ..Options::default()
    })
}

fn searches(scene: &Scene) -> usize {
    let journal = scene.emulator.journal();
    let searches = journal
        .iter()
        .filter(|it| it.path == "/api/v1/search/users");
    searches.count()
}

#[tokio::test]
async fn an_address_that_belongs_to_somebody_else_by_now_is_a_change_of_owners() {
    for options in tenants() {
        let scene = or_skip!(Scene::with_options(options));
        for address in BOTH {
            scene
                .create(&[(address, &owned_by_alice(&scene, address))])
                .await;
            let before = scene.connector().owner_ids();
            readdress(&scene, &before[0], "former@acme.example");
            disable(&scene, &before[0]);
            let new = scene
                .emulator
                .add_user("Alice Next", ALICE, &["Connector Administrator"]);
            let (_, run) = scene.workspace.plan().await;
            let warning = "All owners are disabled";
            assert!(!run.text().contains(warning), "{run}");
            scene.workspace.apply_update(address, "the repair").await;
            assert_eq!(scene.connector().owner_ids(), [new]);
            scene.workspace.destroy().await.succeeded();
        }
    }
}

#[tokio::test]
async fn of_two_users_with_one_address_the_enabled_one_is_meant_before_and_after_a_merge() {
    let scene = or_skip!(Scene::new());
    let attributes = owned_by_alice(&scene, CLOUD);
    let old = scene.emulator.user_id("alice");
    scene.create(&[(CLOUD, &attributes)]).await;
    // The merge creates another user with the address and disables the first one.
    let new = scene
        .emulator
        .add_user("Alice Merged", ALICE, &["Connector Administrator"]);
    scene.workspace.assert_quiet("with two enabled ones").await;
    disable(&scene, &old);
    scene.workspace.apply_update(CLOUD, "the repair").await;
    assert_eq!(scene.connector().owner_ids(), std::slice::from_ref(&new));

    scene.workspace.destroy().await.succeeded();
    scene.create(&[(CLOUD, &attributes)]).await;
    assert_eq!(scene.connector().owner_ids(), [new]);
}

#[tokio::test]
async fn of_several_users_with_one_address_who_is_who_is_listed() {
    let scene = or_skip!(Scene::new());
    let alice = scene.emulator.user_id("alice");
    let twin = scene.emulator.add_user("Alice Again", ALICE, &[]);
    let gone = scene.emulator.add_user("Alice Before", ALICE, &[]);
    disable(&scene, &gone);
    let owner = crate::scene::config(&[(CLOUD, &owned_by_alice(&scene, CLOUD))]);
    let data = json!({"data": {"confluence_user": {"it": {"email": ALICE}}}});
    let expected = |statuses: [&str; 2]| {
        [
            format!("- {alice} (\"Alice Adams\", {})", statuses[0]),
            format!("- {twin} (\"Alice Again\", {})", statuses[1]),
            format!("- {gone} (\"Alice Before\", DISABLED)"),
        ]
    };
    for (title, statuses) in [
        (
            "Several users have this email address",
            ["ENABLED", "ENABLED"],
        ),
        (
            "No enabled user has this email address",
            ["DISABLED", "DISABLED"],
        ),
    ] {
        if statuses == ["DISABLED", "DISABLED"] {
            disable(&scene, &alice);
            disable(&scene, &twin);
        }
        for config in [&owner, &data] {
            scene.workspace.write(config);
            let (outcome, run) = scene.workspace.plan().await;
            assert_eq!(outcome, Outcome::Error, "{run}");
            assert!(run.text().contains(&format!("Error: {title}")), "{run}");
            for line in expected(statuses) {
                assert!(run.text().contains(&line), "{line}: {run}");
            }
            assert!(!run.text().contains("not found"), "{run}");
        }
    }
    scene
        .emulator
        .edit_user(&twin, |user| "ENABLED".clone_into(&mut user.status));
    scene.workspace.write(&data);
    scene.workspace.apply(&[]).await.succeeded();
    assert_eq!(
        scene.workspace.state("data.confluence_user.it").await["id"],
        json!(twin)
    );
}

#[tokio::test]
async fn an_owner_with_another_address_that_nobody_has_taken_is_a_warning() {
    let scene = or_skip!(Scene::new());
    scene
        .create(&[(CLOUD, &owned_by_alice(&scene, CLOUD))])
        .await;
    readdress(
        &scene,
        &scene.emulator.user_id("alice"),
        "adams@acme.example",
    );
    let (outcome, run) = scene.workspace.plan().await;
    assert_eq!(outcome, Outcome::NoChanges, "{run}");
    let title = "Warning: Owner has another email address";
    for text in [title, ALICE, "adams@acme.example"] {
        assert!(run.text().contains(text), "{run}");
    }
    let new = json!({"owner_emails": ["adams@acme.example"]});
    scene.emulator.clear_journal();
    scene
        .create(&[(CLOUD, &with(&owned_by_alice(&scene, CLOUD), &new))])
        .await;
    assert_eq!(scene.writes().len(), 0);
    let (_, run) = scene.workspace.plan().await;
    assert!(!run.text().contains(title), "{run}");
}

#[tokio::test]
async fn owners_who_are_all_disabled_are_a_warning_unless_an_entitlement_owns_the_connector() {
    let scene = or_skip!(Scene::new());
    let alice = scene.emulator.user_id("alice");
    for attributes in [scene.attributes(CLOUD), owned_by_alice(&scene, CLOUD)] {
        scene.create(&[(CLOUD, &attributes)]).await;
        disable(&scene, &alice);
        let (outcome, run) = scene.workspace.plan().await;
        assert_eq!(outcome, Outcome::NoChanges, "{run}");
        let title = "Warning: All owners are disabled";
        for text in [title, &alice, &scene.connector().id] {
            assert!(run.text().contains(text), "{run}");
        }
        let everybody = Owner::Entitlement {
            app_id: scene.emulator.app_id(),
            id: scene.emulator.unused_id(),
        };
        scene.edit(|connector| {
            connector.owners.add("owner", everybody, 0);
        });
        let (_, run) = scene.workspace.plan().await;
        assert!(!run.text().contains(title), "{run}");
        scene
            .emulator
            .edit_user(&alice, |user| "ENABLED".clone_into(&mut user.status));
        scene.workspace.destroy().await.succeeded();
    }
}

#[tokio::test]
async fn whom_unchanged_addresses_mean_costs_no_request_or_one_for_all_on_an_old_tenant() {
    for (options, expected) in tenants().into_iter().zip([0, 1]) {
        let scene = or_skip!(Scene::with_options(options));
        let many = with(&owned_by_alice(&scene, CLOUD), &json!({"count": 20}));
        scene.create(&[(CLOUD, &many)]).await;
        scene.emulator.clear_journal();
        scene.workspace.assert_quiet("unchanged").await;
        assert_eq!(searches(&scene), expected);
        let by_id = scene.changed(CLOUD, &json!({"count": 20}));
        scene.create(&[(CLOUD, &by_id)]).await;
        scene.emulator.clear_journal();
        scene.workspace.assert_quiet("owned by ID").await;
        assert_eq!(searches(&scene), 0);
    }
}
