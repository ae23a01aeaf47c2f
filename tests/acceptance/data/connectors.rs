//! Data sources of connectors: one connector, connectors of one or all apps, and checks.

use std::time::Duration;

use conductorone_emulator::{BATON, ListOrder, StoredConnector, V1, V2};
use serde_json::{Value, json};

use crate::examples;
use crate::running::Running;
use crate::scene::{CLOUD, SELF_HOSTED, Scene};
use crate::terraform::{Outcome, Run, Workspace};
use crate::wait::until;

use super::{assert_says, read, refused};

/// The time limit for Terraform to start a wait.
const SOON: Duration = Duration::from_mins(1);

/// Returns the attributes that identify a connector.
fn ids(connector: &StoredConnector) -> Value {
    json!({"app_id": connector.app_id, "id": connector.id})
}

#[tokio::test]
async fn a_connector_shows_its_settings_and_its_owners_but_no_secret() {
    let scene = or_skip!(Scene::new());
    scene.switch(|switches| switches.sync_duration_ms = 0);
    let settings = json!({
        "display_name": "Wiki", "description": "All of it", "skip_personal_spaces": true,
        "nouns": ["space", "page"], "verbs": ["read"],
    });
    scene.create_with(CLOUD, &settings).await;
    let connector = scene.connector();
    let workspace = scene.second_workspace();
    let found = read(
        &workspace,
        &[("confluence_integration.it", ids(&connector))],
    )
    .await;
    let it = &found["it"];
    let expected = json!({
        "app_id": connector.app_id, "id": connector.id, "catalog_id": V2, "connector_version": 2,
        "display_name": "Wiki", "description": "All of it", "owner_ids": [scene.emulator.user_id("alice")],
        "site_domain": "acme.atlassian.net", "username": "svc@acme.example", "skip_personal_spaces": true,
        "nouns": ["page", "space"], "verbs": ["read"], "use_rbac": null, "timeouts": null, "wait_for_status": null,
        "status": "CONNECTED", "last_error": "",
        "created_at": it["created_at"], "last_sync_at": it["last_sync_at"],
    });
    assert_eq!(*it, expected);
    for time in ["created_at", "last_sync_at"] {
        assert!(
            it[time].as_str().is_some_and(|time| time.ends_with('Z')),
            "{time}: {it}"
        );
    }
}

#[tokio::test]
async fn every_kind_of_connector_is_found_and_says_how_it_stands() {
    let scene = or_skip!(Scene::new());
    let app = scene.emulator.app_id();
    let add = |catalog_id| {
        scene
            .emulator
            .add_connector(&app, catalog_id)
            .expect("a connector")
    };
    let (first, empty, self_hosted) = (add(V1), add(V2), add(BATON));
    let site = ("confluence_domain".to_owned(), "acme".to_owned());
    scene
        .emulator
        .edit_connector(&first, |it| it.reconfigure([site]));
    let paused = add(V2);
    scene
        .emulator
        .edit_connector(&paused, |it| it.sync_disabled_at = Some(it.created_at));
    let of = |id: &String| json!({"app_id": app, "id": id});
    let found = read(
        &scene.workspace,
        &[
            ("confluence_integration.first", of(&first)),
            ("confluence_integration.empty", of(&empty)),
            ("confluence_integration.self_hosted", of(&self_hosted)),
            ("confluence_integration.paused", of(&paused)),
        ],
    )
    .await;
    assert_eq!(found["first"]["connector_version"], 1);
    assert_eq!(found["first"]["site_domain"], "acme.atlassian.net");
    let settings = [
        "site_domain",
        "username",
        "skip_personal_spaces",
        "nouns",
        "verbs",
        "use_rbac",
    ];
    for name in ["empty", "self_hosted"] {
        let it = &found[name];
        for setting in settings {
            assert_eq!(it[setting], Value::Null, "{name}: {setting}");
        }
        assert_eq!(
            (&it["status"], &it["last_sync_at"]),
            (&json!("NOT_CONNECTED"), &Value::Null)
        );
    }
    assert_eq!(found["self_hosted"]["connector_version"], Value::Null);
    assert_eq!(found["self_hosted"]["catalog_id"], BATON);
    assert_eq!(found["paused"]["status"], "DISABLED");
}

#[tokio::test]
async fn a_connector_that_is_not_there_is_an_error_that_helps() {
    let scene = or_skip!(Scene::new());
    let (app, other) = (scene.emulator.app_id(), scene.emulator.other_app_id());
    let deleted = scene.emulator.add_connector(&app, V2).expect("a connector");
    let elsewhere = scene
        .emulator
        .add_connector(&other, V2)
        .expect("a connector");
    scene.emulator.delete_connector(&deleted);
    let nowhere = scene.emulator.unused_id();
    let run = refused(
        &scene.workspace,
        &[
            (
                "confluence_integration.deleted",
                json!({"app_id": app, "id": deleted}),
            ),
            (
                "confluence_integration.elsewhere",
                json!({"app_id": app, "id": elsewhere}),
            ),
            (
                "confluence_integrations.nowhere",
                json!({"app_id": nowhere}),
            ),
        ],
    )
    .await;
    assert_eq!(
        run.text().matches("Error: Connector not found").count(),
        2,
        "{run}"
    );
    assert_says(
        &run,
        &[
            &format!("The app \"{app}\" has no connector \"{deleted}\". It may have been deleted"),
            &format!(
                "The app \"{app}\" has no connector \"{elsewhere}\". It may have been deleted"
            ),
            "Error: App not found",
            &format!("ConductorOne has no app with the ID \"{nowhere}\""),
        ],
    );
}

#[tokio::test]
async fn connectors_are_listed_in_one_order_for_one_app_or_for_all() {
    let scene = or_skip!(Scene::new());
    let (app, other) = (scene.emulator.app_id(), scene.emulator.other_app_id());
    let empty = scene.emulator.add_app("Empty");
    let places = [(&app, V2), (&app, V1), (&app, BATON), (&other, V2)];
    let mut expected = places.map(|(app, catalog_id)| {
        let id = scene
            .emulator
            .add_connector(app, catalog_id)
            .expect("a connector");
        let version = [V1, V2]
            .iter()
            .position(|it| *it == catalog_id)
            .map(|it| it + 1);
        (app.clone(), id, json!(catalog_id), json!(version))
    });
    let gone = scene.emulator.add_connector(&app, V2).expect("a connector");
    scene.emulator.delete_connector(&gone);
    scene.switch(|switches| switches.list_order = ListOrder::Rotated);
    let wanted = [
        ("confluence_integrations.all", json!({})),
        ("confluence_integrations.one", json!({"app_id": app})),
        ("confluence_integrations.none", json!({"app_id": empty})),
    ];
    let found = read(&scene.workspace, &wanted).await;
    expected.sort_by(|left, right| (&left.0, &left.1).cmp(&(&right.0, &right.1)));
    let listed = |name: &str| {
        let list = found[name]["integrations"]
            .as_array()
            .expect("a list")
            .iter();
        let facts = |it: &Value| {
            let text = |name: &str| it[name].as_str().expect("a text").to_owned();
            (
                text("app_id"),
                text("id"),
                it["catalog_id"].clone(),
                it["connector_version"].clone(),
            )
        };
        list.map(facts).collect::<Vec<_>>()
    };
    assert_eq!(listed("all"), expected);
    let of_app: Vec<_> = expected.into_iter().filter(|it| it.0 == app).collect();
    assert_eq!(listed("one"), of_app);
    assert_eq!(found["none"]["integrations"], json!([]));
    scene.workspace.assert_quiet("nothing changed").await;
}

/// The example of the data source.
#[tokio::test]
async fn all_connectors_of_an_app_are_imported_with_what_the_list_says() {
    let scene = or_skip!(Scene::new());
    let app = scene.emulator.app_id();
    let settings = [
        vec![],
        vec![
            ("domain-url", "https://acme.atlassian.net"),
            ("username", "a@acme.example"),
        ],
        vec![
            ("domain-url", "https://wiki.acme.example"),
            ("username", "b@acme.example"),
            ("skip-personal-spaces", "true"),
            ("noun", "page,space"),
            ("verb", "read"),
        ],
        vec![
            ("domain-url", "ACME.atlassian.net/wiki"),
            ("username", "c@acme.example"),
            ("skip-personal-spaces", "false"),
            ("use-rbac", "true"),
        ],
    ];
    let add = |catalog_id, settings: Vec<(&str, &str)>| {
        let id = scene
            .emulator
            .add_connector(&app, catalog_id)
            .expect("a connector");
        let settings = settings
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()));
        scene
            .emulator
            .edit_connector(&id, |it| it.reconfigure(settings));
        id
    };
    let mut ids: Vec<_> = settings.into_iter().map(|it| add(V2, it)).collect();
    let first = vec![
        ("confluence_domain", "acme"),
        ("confluence_username", "a@acme.example"),
    ];
    ids.push(add(V1, first));
    add(BATON, vec![]);
    let mut workspace = scene.second_workspace();
    examples::copy(
        &examples::example("data-sources/confluence_integrations"),
        &workspace,
    );
    workspace.env("TF_VAR_app_id", &app);
    let run = workspace.apply(&[]).await.succeeded();
    // A flag that is stored as false is a change of the state alone, because an import leaves it unset.
    let summary = format!("{} imported, 0 added, 1 changed, 0 destroyed", ids.len());
    assert!(run.text().contains(&summary), "{run}");
    assert_eq!(scene.writes().len(), 0, "{:#?}", scene.writes());
    workspace.assert_quiet("after the import").await;
    let list = format!("/api/v1/apps/{app}/connectors");
    let lists = |method: &str| {
        let journal = scene.emulator.journal();
        journal
            .iter()
            .filter(|it| it.method == method && it.path == list)
            .count()
    };
    scene.emulator.clear_journal();
    workspace.assert_quiet("and again").await;
    assert_eq!(
        lists("GET"),
        3,
        "the list of the app, the list of all apps, and the list for the refreshes"
    );
}

#[tokio::test]
async fn an_app_that_is_deleted_while_connectors_are_listed_has_none() {
    let scene = or_skip!(Scene::new());
    let (app, other) = (scene.emulator.app_id(), scene.emulator.other_app_id());
    let ids = [&app, &other].map(|app| scene.emulator.add_connector(app, V2).expect("a connector"));
    let path = format!("/api/v1/apps/{other}/connectors");
    scene.emulator.refuse("GET", &path, 404);
    let found = read(
        &scene.workspace,
        &[("confluence_integrations.all", json!({}))],
    )
    .await;
    let listed = found["all"]["integrations"].as_array().expect("a list");
    let listed: Vec<_> = listed.iter().map(|it| &it["id"]).collect();
    assert_eq!(listed, [&json!(ids[0])]);
}

/// A configuration whose data source waits for a self-hosted connector, after something that stands for its deployment.
fn waiting(scene: &Scene) -> Value {
    let connector = scene.attributes(SELF_HOSTED);
    let (type_name, name) = SELF_HOSTED.split_once('.').expect("an address");
    json!({
        "resource": {
            type_name: {name: connector},
            "terraform_data": {"deployment": {"input": format!("${{{SELF_HOSTED}.environment}}")}},
        },
        "data": {"confluence_integration": {"it": {
            "app_id": connector["app_id"], "id": format!("${{{SELF_HOSTED}.id}}"),
            "wait_for_status": "CONNECTED", "timeouts": {"read": "5m"},
            "depends_on": ["terraform_data.deployment"],
        }}},
        "output": {
            "status": {"value": "${data.confluence_integration.it.status}"},
            "description": {"value": "${data.confluence_integration.it.description}"},
        },
    })
}

/// Starts to apply, and waits until the data source has read the connector twice.
async fn waited_for(scene: &mut Scene) -> (Running, String) {
    scene.workspace.env("TF_LOG_PROVIDER", "info");
    scene.workspace.write(&waiting(scene));
    let running = scene.workspace.start_apply();
    running
        .says("data.confluence_integration.it: Reading...")
        .await;
    let id = scene.connector().id;
    scene.emulator.clear_journal();
    let path = format!("/connectors/{id}");
    let reads = || {
        let journal = scene.emulator.journal().into_iter();
        journal.filter(|entry| entry.path.ends_with(&path)).count()
    };
    until("the wait", SOON, || (reads() >= 2).then_some(())).await;
    (running, id)
}

#[tokio::test]
async fn an_apply_ends_when_a_connector_that_runs_elsewhere_is_connected() {
    let mut scene = or_skip!(Scene::new());
    let (running, id) = waited_for(&mut scene).await;
    assert!(scene.emulator.sync_connector(&id, None));
    let run = running.end().await.succeeded();
    assert_says(
        &run,
        &[
            "waiting for the connector to be CONNECTED (it is NOT_CONNECTED)",
            "waited_s=",
            "left_s=",
        ],
    );
    let shown = scene.workspace.run(&["output", "-raw", "status"]).await;
    assert_eq!(shown.succeeded().stdout, "CONNECTED");
    scene.workspace.assert_quiet("connected").await;
}

#[tokio::test]
async fn an_apply_ends_with_the_error_of_a_connector_that_runs_elsewhere() {
    let mut scene = or_skip!(Scene::new());
    let (running, id) = waited_for(&mut scene).await;
    let reason = "request failed: 401 Unauthorized";
    assert!(scene.emulator.sync_connector(&id, Some(reason)));
    let run = running.end().await.failed();
    assert_says(&run, &["Error: Connector reports an error", reason]);
    // The connector itself is not tainted, and the next apply waits again.
    assert!(scene.emulator.sync_connector(&id, None));
    scene.workspace.apply(&[]).await.succeeded();
    assert_eq!(scene.connector().id, id);
}

/// Returns the plan's output for the check in `examples/checks`. Terraform reads a data source in a check again during
/// apply.
async fn checked(workspace: &Workspace) -> Run {
    let (outcome, run) = workspace.plan().await;
    assert_ne!(outcome, Outcome::Error, "{run}");
    assert_says(&run, &["Plan: 0 to add, 0 to change, 0 to destroy."]);
    run
}

#[tokio::test]
async fn a_check_warns_while_a_connector_fails_and_is_silent_while_it_works() {
    let scene = or_skip!(Scene::new());
    scene.switch(|switches| switches.sync_duration_ms = 0);
    scene.create_complete(CLOUD).await;
    let connector = scene.connector();
    let mut workspace = scene.second_workspace();
    examples::copy(&examples::example("checks"), &workspace);
    workspace.env("TF_VAR_app_id", &connector.app_id);
    workspace.env("TF_VAR_connector_id", &connector.id);

    let run = checked(&workspace).await;
    assert!(!run.text().contains("Warning: Check block"), "{run}");

    let end = |error: Option<&str>, ago: Duration| {
        scene.emulator.edit_connector(&connector.id, |it| {
            for sync in &mut it.syncs {
                sync.completed_at = sync.started_at.before(ago);
                sync.error = error.map(str::to_owned);
            }
        });
    };
    end(Some("Confluence refused the API token"), Duration::ZERO);
    let run = checked(&workspace).await;
    let says = "The connector Confluence v2 is ERROR. Confluence refused the API token";
    assert_says(&run, &["Warning: Check block assertion failed", says]);
    let run = workspace.apply(&[]).await.succeeded();
    assert_says(&run, &["Warning: Check block assertion failed", says]);

    end(None, Duration::from_hours(72));
    let run = checked(&workspace).await;
    assert_says(&run, &["No sync has finished in the last two days."]);
    end(None, Duration::ZERO);
    let run = checked(&workspace).await;
    assert!(!run.text().contains("Warning: Check block"), "{run}");

    scene.emulator.delete_connector(&connector.id);
    let run = checked(&workspace).await;
    assert_says(&run, &["Warning: Connector not found"]);
}
