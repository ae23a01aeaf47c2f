//! A warning appears once, in the plan that creates the resource or changes the attribute. It does not appear in
//! `validate`, twice in a plan, or in a run without changes.

use serde_json::{Value, json};

use crate::scene::{CLOUD, DATA_CENTER, SELF_HOSTED, Scene, with};
use crate::terraform::{Outcome, Run};

/// The configuration to apply first, if any, and the warnings of the following plan.
struct Case {
    address: &'static str,
    before: Option<Value>,
    after: Value,
    warning: &'static str,
}

fn creation(address: &'static str, after: Value, warning: &'static str) -> Case {
    Case {
        address,
        before: None,
        after,
        warning,
    }
}

fn change(address: &'static str, [before, after]: [Value; 2], warning: &'static str) -> Case {
    Case {
        before: Some(before),
        ..creation(address, after, warning)
    }
}

/// Every valid configuration that causes a warning.
fn cases(scene: &Scene) -> Vec<Case> {
    let settings = json!({"site_domain": null, "username": null, "api_key": null});
    let nowhere = json!({"access_token": null});
    let both = json!({"username": "svc", "password": "secret"});
    let misspelled = json!({"site_domain": "acme.atlasian.net"});
    let alice = json!([scene.emulator.user_id("alice")]);
    let carol = json!([scene.emulator.user_id("carol")]);
    vec![
        creation(CLOUD, json!({"sync": {}}), "Nothing is set in sync"),
        creation(CLOUD, json!({"timeouts": {}}), "Nothing is set in timeouts"),
        change(
            CLOUD,
            [json!({}), json!({"timeouts": {}})],
            "Nothing is set in timeouts",
        ),
        creation(
            CLOUD,
            misspelled.clone(),
            "Custom domain looks like atlassian.net",
        ),
        change(
            CLOUD,
            [json!({}), misspelled],
            "Custom domain looks like atlassian.net",
        ),
        creation(
            CLOUD,
            json!({"connector_version": 1}),
            "Outdated connector version",
        ),
        change(
            CLOUD,
            [
                json!({"connector_version": 2}),
                json!({"connector_version": 1}),
            ],
            "Outdated connector version",
        ),
        creation(
            CLOUD,
            json!({"wait_for_sync": true, "sync": {"enabled": false}}),
            "Paused connector does not sync",
        ),
        creation(CLOUD, json!({"owner_ids": carol}), "Owner lacks a role"),
        change(
            CLOUD,
            [json!({"owner_ids": alice}), json!({"owner_ids": carol})],
            "Owner lacks a role",
        ),
        change(
            CLOUD,
            [json!({}), settings],
            "Settings are kept in ConductorOne",
        ),
        change(
            CLOUD,
            [json!({"sync": {"enabled": false}}), json!({})],
            "Connector stays paused",
        ),
        change(
            DATA_CENTER,
            [
                json!({"sync": {"enabled": false, "cron": "0 4 * * *"}}),
                json!({"sync": {"cron": "0 4 * * *"}}),
            ],
            "Connector stays paused",
        ),
        change(
            CLOUD,
            [json!({"sync": {"cron": "0 4 * * *"}}), json!({})],
            "Schedule is kept in ConductorOne",
        ),
        change(
            DATA_CENTER,
            [
                json!({"sync": {"cron": "0 4 * * *"}}),
                json!({"sync": {"enabled": true}}),
            ],
            "Schedule is kept in ConductorOne",
        ),
        creation(DATA_CENTER, nowhere.clone(), "Environment is incomplete"),
        change(
            DATA_CENTER,
            [json!({}), nowhere],
            "Environment is incomplete",
        ),
        creation(
            DATA_CENTER,
            both.clone(),
            "User name and password are ignored",
        ),
        change(
            DATA_CENTER,
            [json!({}), both],
            "User name and password are ignored",
        ),
    ]
}

/// The same for a self-hosted Cloud connector.
fn self_hosted_cases() -> Vec<Case> {
    let misspelled = json!({"site_domain": "acme.atlasian.net"});
    let no_key = json!({"api_key": null});
    let warnings = [
        (misspelled, "Custom domain looks like atlassian.net"),
        (no_key, "Environment is incomplete"),
    ];
    let cases = warnings.into_iter().flat_map(|(changes, warning)| {
        [
            creation(SELF_HOSTED, changes.clone(), warning),
            change(SELF_HOSTED, [json!({}), changes], warning),
        ]
    });
    cases.collect()
}

/// Returns the titles of the warnings, without Terraform's warning about the development override.
fn warnings(run: &Run) -> Vec<&str> {
    let lines = run.stdout.lines().chain(run.stderr.lines());
    let titles = lines.filter_map(|line| {
        let line = line.trim_start_matches(['│', ' ']);
        line.strip_prefix("Warning: ")
    });
    titles
        .filter(|title| !title.starts_with("Provider development overrides"))
        .collect()
}

#[tokio::test]
async fn a_warning_is_told_once_by_the_plan_that_it_belongs_to() {
    let scene = or_skip!(Scene::new());
    for Case {
        address,
        before,
        after,
        warning,
    } in cases(&scene).into_iter().chain(self_hosted_cases())
    {
        let attributes = scene.attributes(address);
        if let Some(before) = &before {
            scene.create(&[(address, &with(&attributes, before))]).await;
        }
        let what = format!("{address}, {before:?} to {after}");
        scene.write(&[(address, &with(&attributes, &after))]);
        let run = scene.workspace.validate().await.succeeded();
        assert!(warnings(&run).is_empty(), "{what}: {run}");
        let (outcome, run) = scene.workspace.plan().await;
        assert_eq!(outcome, Outcome::Changes, "{what}: {run}");
        assert_eq!(warnings(&run), [warning], "{what}: {run}");
        assert!(
            !run.text().contains("more similar warning"),
            "{what}: {run}"
        );
        scene.workspace.apply(&[]).await.succeeded();
        let (outcome, run) = scene.workspace.plan().await;
        assert_eq!(outcome, Outcome::NoChanges, "{what}: {run}");
        assert!(warnings(&run).is_empty(), "{what}: {run}");
        scene.workspace.destroy().await.succeeded();
    }
}

#[tokio::test]
async fn a_replacement_does_not_warn_of_what_the_replaced_connector_keeps() {
    let scene = or_skip!(Scene::new());
    let sync = json!({"sync": {"enabled": false, "cron": "0 4 * * *"}});
    let attributes = scene.attributes(CLOUD);
    scene.create(&[(CLOUD, &with(&attributes, &sync))]).await;
    let elsewhere = json!({"app_id": scene.emulator.other_app_id()});
    scene.write(&[(CLOUD, &with(&attributes, &elsewhere))]);
    let (outcome, run) = scene.workspace.plan().await;
    assert_eq!(outcome, Outcome::Changes, "{run}");
    assert!(warnings(&run).is_empty(), "{run}");
}
