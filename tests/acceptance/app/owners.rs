//! Owners of an app that are named by their email addresses. `tests/acceptance/owners.rs` and `people.rs` cover what is the
//! same for connectors in more detail.

use serde_json::{Value, json};

use super::{APP, app, apps};
use crate::scene::{Scene, config, with};
use crate::terraform::Outcome;

const ALICE: &str = "alice@acme.example";
const BOB: &str = "bob@acme.example";

/// Returns an app with these email addresses of owners.
fn by_email(emails: &[&str]) -> Value {
    json!({"display_name": "Wiki", "owner_emails": emails})
}

fn ids(scene: &Scene, names: &[&str]) -> Vec<String> {
    let mut ids: Vec<_> = names.iter().map(|it| scene.emulator.user_id(it)).collect();
    ids.sort();
    ids
}

fn owners(scene: &Scene) -> Vec<String> {
    let mut owners = app(scene).owner_ids();
    owners.sort();
    owners
}

#[tokio::test]
async fn owners_are_found_by_their_addresses_changed_and_imported() {
    let scene = or_skip!(Scene::new());
    // Owners show late.
    scene.switch(|it| it.owner_delay_ms = 700);
    let steps = [
        (by_email(&["Alice@ACME.example"]), &["alice"][..]),
        (by_email(&[ALICE, BOB]), &["alice", "bob"]),
        (by_email(&[BOB]), &["bob"]),
        (
            json!({"display_name": "Wiki", "owner_ids": ids(&scene, &["carol"])}),
            &["carol"],
        ),
        (by_email(&[ALICE]), &["alice"]),
    ];
    for (attributes, names) in steps {
        scene.create(&[(APP, &attributes)]).await;
        assert_eq!(owners(&scene), ids(&scene, names), "{attributes}");
        let state = scene.workspace.state(APP).await;
        assert_eq!(state["owner_ids"], json!(ids(&scene, names)));
        assert_eq!(state["owner_emails"], attributes["owner_emails"]);
    }
    let id = app(&scene).id;
    scene.emulator.clear_journal();
    // A different spelling of an address names the same user, and so does the address of an imported owner.
    let upper_case = by_email(&["ALICE@acme.example"]);
    scene.create(&[(APP, &upper_case)]).await;
    let other = scene.second_workspace();
    other.write(&config(&[(APP, &upper_case)]));
    other.import(APP, &id).await.succeeded();
    other.apply(&[]).await.succeeded();
    other.assert_quiet("after the import").await;
    assert_eq!(
        other.state(APP).await["owner_emails"],
        json!(["ALICE@acme.example"])
    );
    assert_eq!(scene.writes().len(), 0);
    // Without either, the owners stay.
    scene
        .create(&[(APP, &json!({"display_name": "Wiki"}))])
        .await;
    assert_eq!(owners(&scene), ids(&scene, &["alice"]));
}

#[tokio::test]
async fn other_owners_and_an_address_of_somebody_else_are_changes() {
    let scene = or_skip!(Scene::new());
    scene.create(&[(APP, &by_email(&[ALICE]))]).await;
    let id = app(&scene).id;
    scene
        .emulator
        .set_app_owners(&id, &ids(&scene, &["alice", "carol"]));
    let (_, run) = scene.workspace.plan().await;
    assert!(run.text().contains("\"carol@acme.example\""), "{run}");
    scene.workspace.apply_update(APP, "another owner").await;
    assert_eq!(owners(&scene), ids(&scene, &["alice"]));

    scene
        .emulator
        .edit_user(&scene.emulator.user_id("alice"), |user| {
            "former@acme.example".clone_into(&mut user.email);
        });
    let (outcome, run) = scene.workspace.plan().await;
    assert_eq!(outcome, Outcome::NoChanges, "{run}");
    let title = "Warning: Owner has another email address";
    for text in [
        title,
        &format!("The app {id} has the same owners"),
        "former@acme.example",
    ] {
        assert!(run.text().contains(text), "{text}: {run}");
    }
    let next = scene.emulator.add_user("Alice Next", ALICE, &[]);
    scene.workspace.apply_update(APP, "the new holder").await;
    assert_eq!(owners(&scene), [next]);
}

#[tokio::test]
async fn owners_that_cannot_own_are_errors_before_anything_is_created() {
    let scene = or_skip!(Scene::new());
    scene.emulator.add_user("Alice Again", ALICE, &[]);
    scene
        .emulator
        .edit_user(&scene.emulator.user_id("bob"), |user| {
            "DISABLED".clone_into(&mut user.status);
        });
    let by_id = |id: String| json!({"display_name": "Wiki", "owner_ids": [id]});
    let cases = [
        (
            by_email(&["nobody@acme.example"]),
            "Owner not found",
            "owner_emails",
        ),
        (
            by_email(&[ALICE]),
            "Several users have this email address",
            "owner_emails",
        ),
        (by_email(&[BOB]), "Owner is not enabled", "owner_emails"),
        (
            by_id(scene.emulator.unused_id()),
            "Owner not found",
            "owner_ids",
        ),
        (
            by_id(scene.emulator.user_id("bob")),
            "Owner is not enabled",
            "owner_ids",
        ),
    ];
    for (attributes, summary, attribute) in &cases {
        scene.write(&[(APP, attributes)]);
        let (outcome, run) = scene.workspace.plan().await;
        assert_eq!(outcome, Outcome::Error, "{attributes}: {run}");
        for text in [&format!("Error: {summary}"), *attribute] {
            assert!(run.text().contains(text), "{attributes}: {run}");
        }
        assert!(!run.text().contains("a connector"), "{run}");
    }
    scene.without_plan_checks();
    for (attributes, summary, _) in &cases[..2] {
        scene.write(&[(APP, attributes)]);
        let run = scene.workspace.apply(&[]).await.failed();
        assert!(run.text().contains(summary), "{run}");
    }
    assert_eq!(apps(&scene).len(), 0);
}

#[tokio::test]
async fn late_owners_are_named_by_their_addresses_but_not_in_the_log() {
    let mut scene = or_skip!(Scene::new());
    let log = scene.workspace.path("debug.log");
    scene.workspace.env("TF_LOG_PROVIDER", "DEBUG");
    scene
        .workspace
        .env("TF_LOG_PATH", &log.display().to_string());
    let short = json!({"timeouts": {"create": "2s"}});
    scene.write(&[(APP, &with(&by_email(&[ALICE]), &short))]);
    scene.switch(|switches| switches.owner_delay_ms = 600_000);
    let run = scene.workspace.apply(&[]).await.succeeded();
    let alice = scene.emulator.user_id("alice");
    for text in [&format!("{alice} ({ALICE})"), "owner_emails ="] {
        assert!(run.text().contains(text), "{text}: {run}");
    }
    let log = std::fs::read_to_string(log).expect("a log");
    assert!(
        log.contains(&format!("these owners to appear: {alice}")),
        "{log}"
    );
    assert!(!log.contains("alice@"), "{log}");
}
