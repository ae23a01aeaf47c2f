//! The checks of a plan with ConductorOne.

use conductorone_emulator::Options;
use serde_json::{Value, json};

use crate::emulator::CheckedEmulator;
use crate::scene::{BOTH, CLOUD, Scene, with};
use crate::terraform::{Outcome, Run};

/// Plans this connector.
async fn plan(scene: &Scene, attributes: &Value) -> (Outcome, Run) {
    scene.write(&[(CLOUD, attributes)]);
    scene.workspace.plan().await
}

#[tokio::test]
async fn what_a_connector_refers_to_must_exist() {
    let scene = or_skip!(Scene::new());
    let nobody = scene.emulator.unused_id();
    let deleted = scene.emulator.add_app("Deleted");
    scene.emulator.delete_app(&deleted);
    let disabled = scene.emulator.user_id("bob");
    scene
        .emulator
        .edit_user(&disabled, |user| "DISABLED".clone_into(&mut user.status));
    let cases = [
        (json!({"app_id": nobody}), "App not found", "app_id"),
        (json!({"app_id": deleted}), "App not found", "app_id"),
        (
            json!({"owner_ids": [nobody]}),
            "Owner not found",
            "owner_ids",
        ),
        (
            json!({"owner_ids": [disabled]}),
            "Owner is not enabled",
            "owner_ids",
        ),
        (
            json!({"owner_ids": null, "owner_emails": ["nobody@acme.example"]}),
            "Owner not found",
            "owner_emails",
        ),
        (
            json!({"owner_ids": null, "owner_emails": ["bob@acme.example"]}),
            "Owner is not enabled",
            "owner_emails",
        ),
    ];
    for (changes, summary, attribute) in cases {
        for address in BOTH {
            scene.write(&[(address, &scene.changed(address, &changes))]);
            let (outcome, run) = scene.workspace.plan().await;
            assert_eq!(outcome, Outcome::Error, "{changes}: {run}");
            for text in [summary, attribute] {
                assert!(run.text().contains(text), "{changes}: {run}");
            }
        }
    }
    // All errors together.
    let all = json!({"app_id": nobody, "owner_ids": [nobody, disabled]});
    let (_, run) = plan(&scene, &scene.changed(CLOUD, &all)).await;
    assert_eq!(run.text().matches("Error: ").count(), 3, "{run}");
    assert_eq!(scene.writes().len(), 0);
}

#[tokio::test]
async fn owners_that_take_the_place_of_others_are_checked() {
    let scene = or_skip!(Scene::new());
    let nobody = scene.emulator.unused_id();
    let by_email = |email: &str| json!({"owner_ids": null, "owner_emails": [email]});
    let cases = [
        (
            by_email("alice@acme.example"),
            json!({"owner_ids": [nobody]}),
            "owner_ids",
        ),
        (json!({}), by_email("nobody@acme.example"), "owner_emails"),
    ];
    for address in BOTH {
        for (before, after, attribute) in &cases {
            let attributes = scene.attributes(address);
            scene.create(&[(address, &with(&attributes, before))]).await;
            scene.write(&[(address, &with(&attributes, after))]);
            let (outcome, run) = scene.workspace.plan().await;
            assert_eq!(outcome, Outcome::Error, "{after}: {run}");
            for text in ["Owner not found", attribute] {
                assert!(run.text().contains(text), "{after}: {run}");
            }
        }
        scene.write(&[(address, &scene.attributes(address))]);
        scene.workspace.destroy().await.succeeded();
    }
}

#[tokio::test]
async fn an_owner_without_a_role_is_a_warning() {
    let scene = or_skip!(Scene::new());
    let carol = scene.emulator.user_id("carol");
    let dora = scene.emulator.add_user("Dora", "dora@acme.example", &[]);
    for id in [carol, dora] {
        let owner = json!({"owner_ids": [id]});
        let (outcome, run) = plan(&scene, &scene.changed(CLOUD, &owner)).await;
        assert_eq!(outcome, Outcome::Changes, "{run}");
        assert!(run.text().contains("Warning: Owner lacks a role"), "{run}");
    }
    let (_, run) = plan(&scene, &scene.attributes(CLOUD)).await;
    assert!(!run.text().contains("Owner lacks a role"), "{run}");
}

/// Returns a configuration schema in the format of ConductorOne's catalog.
fn schema() -> Value {
    let field = |name: &str, label: &str, rules: Value| {
        json!({
            "name": name, "displayName": label, "required": true,
            "stringField": {"rules": rules},
        })
    };
    json!({"schema": null, "formSchema": {
        "id": "form", "displayName": "Confluence v2",
        "fields": [
            field("domain-url", "Confluence site domain", json!({"suffix": ".example.org"})),
            field("username", "Username", json!({"minLen": "40"})),
            field("api-key", "API key", json!({"pattern": "^ATATT"})),
        ],
        "fieldRelationships": [],
    }})
}

#[tokio::test]
async fn settings_must_satisfy_the_catalog_entry() {
    let scene = or_skip!(Scene::new());
    let entry = "2jbvUoyvbdzgkgdZfGR7VFhS0SU".to_owned();
    scene.switch(|switches| switches.configuration_schemas = [(entry, schema())].into());
    let attributes = scene.attributes(CLOUD);
    let (outcome, run) = plan(&scene, &attributes).await;
    assert_eq!(outcome, Outcome::Error, "{run}");
    for attribute in ["site_domain", "username", "api_key"] {
        let summary = format!("Error: Invalid {attribute}");
        assert!(run.text().contains(&summary), "{attribute}: {run}");
    }
    let write_only = json!({"api_key": null, "api_key_wo": "key-1"});
    let (_, run) = plan(&scene, &with(&attributes, &write_only)).await;
    assert!(run.text().contains("Error: Invalid api_key_wo"), "{run}");
    let fine = json!({
        "site_domain": "wiki.example.org",
        "username": "a-name-that-is-long-enough@acme.example.org",
        "api_key": "ATATT-1",
    });
    let (outcome, run) = plan(&scene, &with(&attributes, &fine)).await;
    assert_eq!(outcome, Outcome::Changes, "{run}");
}

#[tokio::test]
async fn what_is_not_known_yet_is_not_checked() {
    let scene = or_skip!(Scene::new());
    let unknown = "${terraform_data.later.id}";
    let changes = json!({
        "app_id": unknown, "owner_ids": [unknown], "site_domain": unknown, "username": unknown, "api_key": unknown,
    });
    let mut config = crate::scene::config(&[(CLOUD, &scene.changed(CLOUD, &changes))]);
    config["resource"]["terraform_data"] = json!({"later": {}});
    scene.workspace.write(&config);
    let (outcome, run) = scene.workspace.plan().await;
    assert_eq!(outcome, Outcome::Changes, "{run}");
}

/// Returns the method and path of all requests, except those for access tokens.
fn requests(scene: &Scene) -> Vec<String> {
    let journal = scene.emulator.journal().into_iter();
    let asked = journal.filter(|entry| !entry.path.starts_with("/auth/"));
    asked
        .map(|entry| format!("{} {}", entry.method, entry.path))
        .collect()
}

#[tokio::test]
async fn two_hundred_connectors_are_checked_with_a_handful_of_requests() {
    let scene = or_skip!(Scene::new());
    let many = json!({"count": 100});
    let attributes = BOTH.map(|address| scene.changed(address, &many));
    scene.write_both(&attributes);
    scene.workspace.plan().await;
    let mut asked = requests(&scene);
    asked.sort();
    let app = format!("GET /api/v1/apps/{}", scene.emulator.app_id());
    let connectors = format!("{app}/connectors");
    let expected = [
        app.as_str(),
        connectors.as_str(),
        "GET /api/v1/iam/roles",
        "POST /api/v1/connectorcatalog",
        "POST /api/v1/search/users",
    ];
    assert_eq!(asked, expected);
    scene
        .workspace
        .apply(&["-parallelism=50"])
        .await
        .succeeded();
    scene.emulator.clear_journal();
    scene.workspace.assert_quiet("unchanged").await;
    let asked = requests(&scene);
    let reads = |suffix: &str| asked.iter().filter(|line| line.ends_with(suffix)).count();
    // The owners of each connector, the credential of each self-hosted connector, two pages of connectors, and at most two
    // connectors that were read before Terraform named a third one.
    assert_eq!(reads("/owners/users"), 200);
    assert!(
        (200 + 100 + 2..=200 + 100 + 4).contains(&asked.len()),
        "{}",
        asked.len()
    );
}

#[tokio::test]
async fn without_plan_checks_a_plan_asks_nothing() {
    let scene = or_skip!(Scene::new());
    scene.without_plan_checks();
    let nobody = json!({"app_id": scene.emulator.unused_id()});
    let (outcome, run) = plan(&scene, &scene.changed(CLOUD, &nobody)).await;
    assert_eq!(outcome, Outcome::Changes, "{run}");
    assert_eq!(scene.emulator.journal().len(), 0);
}

#[tokio::test]
async fn a_check_that_cannot_be_made_is_left_out() {
    let scene = or_skip!(Scene::new());
    // An object that the credential may not see is not an error.
    scene.emulator.refuse("GET", "/api/v1/apps/", 403);
    scene.emulator.refuse("POST", "/search/users", 403);
    let (outcome, run) = plan(&scene, &scene.attributes(CLOUD)).await;
    assert_eq!(outcome, Outcome::Changes, "{run}");
    assert!(!run.text().contains("left out"), "{run}");
    scene.emulator.clear_faults();
    // The provider sends no further checks to a failing server in this run, and warns.
    scene.emulator.refuse("GET", "/api/", 500);
    scene.provider(&json!({"max_retries": 0}));
    let (outcome, run) = plan(&scene, &scene.changed(CLOUD, &json!({"count": 5}))).await;
    assert_eq!(outcome, Outcome::Changes, "{run}");
    assert!(run.text().contains("Plan checks were skipped"), "{run}");
    assert!(run.text().contains("plan_checks = false"), "{run}");
}

#[tokio::test]
async fn credentials_that_are_refused_are_an_error_of_the_plan() {
    let mut scene = or_skip!(Scene::new());
    let other = CheckedEmulator::start(Options::default()).await;
    let secret = other.client_secret().to_owned();
    scene.workspace.env("CONDUCTORONE_CLIENT_SECRET", &secret);
    let five = scene.changed(CLOUD, &json!({"count": 5}));
    let (outcome, run) = plan(&scene, &five).await;
    assert_eq!(outcome, Outcome::Error, "{run}");
    let title = "Error: ConductorOne refused the credentials";
    assert_eq!(run.text().matches(title).count(), 1, "{run}");
}
