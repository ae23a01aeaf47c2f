//! Data sources: what they find, what they say when they find nothing, and what it costs.

use std::time::Duration;

use conductorone_emulator::{Fault, FaultAction, ListOrder, StoredConnector};
use serde_json::{Value, json};

use crate::examples;
use crate::scene::{CLOUD, Scene, with};
use crate::terraform::{Outcome, Run, Workspace};

const V1: &str = "25tMVXNwlQbGDQ2dVFjXf9nSpMC";
const V2: &str = "2jbvUoyvbdzgkgdZfGR7VFhS0SU";
const BATON: &str = "2HErg7BRmNdHgX8sTCWVq4E1fyh";

/// A configuration of these data sources, pairs of an address and its attributes, whose results are outputs of the same
/// names.
fn sources(sources: &[(&str, Value)]) -> Value {
    let mut config = json!({"data": {}, "output": {}});
    for (address, attributes) in sources {
        let (kind, name) = address.split_once('.').expect("an address");
        config["data"][kind][name] = attributes.clone();
        config["output"][name] = json!({ "value": format!("${{data.{address}}}") });
    }
    config
}

/// Reads these data sources and gives what they found, by name.
async fn read(workspace: &Workspace, wanted: &[(&str, Value)]) -> Value {
    workspace.write(&sources(wanted));
    workspace.apply(&[]).await.succeeded();
    let shown = workspace.run(&["output", "-json"]).await.succeeded();
    let mut outputs: Value = serde_json::from_str(&shown.stdout).expect("JSON");
    for (_, output) in outputs.as_object_mut().expect("outputs") {
        *output = output["value"].take();
    }
    outputs
}

/// Plans these data sources, which must fail.
async fn refused(workspace: &Workspace, wanted: &[(&str, Value)]) -> Run {
    workspace.write(&sources(wanted));
    let (outcome, run) = workspace.plan().await;
    assert_eq!(outcome, Outcome::Error, "{run}");
    run
}

/// What finds a connector.
fn ids(connector: &StoredConnector) -> Value {
    json!({"app_id": connector.app_id, "id": connector.id})
}

fn assert_says(run: &Run, parts: &[&str]) {
    for part in parts {
        assert!(run.text().contains(part), "{part:?} is missing: {run}");
    }
}

#[tokio::test]
async fn an_app_is_found_by_its_id_and_by_its_name() {
    let Some(scene) = Scene::new().await else {
        return;
    };
    let id = scene.emulator.add_app("Company wiki");
    scene.emulator.edit_app(&id, |app| {
        "All of it".clone_into(&mut app.description);
        app.annotations = json!({"team": "it", "c1/kind": "wiki"})
            .as_object()
            .cloned()
            .expect("a map");
    });
    // Names that a search finds as well.
    scene.emulator.add_app("company WIKI");
    scene.emulator.add_app("Company wiki (old)");
    let found = read(
        &scene.workspace,
        &[
            ("confluence_app.by_id", json!({"id": id})),
            (
                "confluence_app.by_name",
                json!({"display_name": "Company wiki"}),
            ),
        ],
    )
    .await;
    let app = &found["by_name"];
    assert_eq!(app["id"], id);
    assert_eq!(app["display_name"], "Company wiki");
    assert_eq!(app["description"], "All of it");
    assert_eq!(app["annotations"], json!({"team": "it", "c1/kind": "wiki"}));
    assert!(
        app["created_at"]
            .as_str()
            .is_some_and(|time| time.ends_with('Z')),
        "{app}"
    );
    assert_eq!(found["by_id"], *app);
    scene.workspace.assert_quiet("nothing changed").await;
}

#[tokio::test]
async fn no_app_and_several_apps_are_errors_that_help() {
    let Some(scene) = Scene::new().await else {
        return;
    };
    let mut ids: Vec<_> = (0..12).map(|_| scene.emulator.add_app("Wiki")).collect();
    ids.sort();
    let nobody = scene.emulator.unused_id();
    let deleted = scene.emulator.add_app("Gone");
    scene.emulator.delete_app(&deleted);
    let run = refused(
        &scene.workspace,
        &[
            ("confluence_app.nobody", json!({"id": nobody})),
            ("confluence_app.deleted", json!({"id": deleted})),
            ("confluence_app.gone", json!({"display_name": "Gone"})),
            ("confluence_app.case", json!({"display_name": "confluence"})),
            ("confluence_app.several", json!({"display_name": "Wiki"})),
        ],
    )
    .await;
    assert_eq!(
        run.text().matches("Error: App not found").count(),
        4,
        "{run}"
    );
    assert_says(
        &run,
        &[
            &format!("no app whose id is \"{nobody}\""),
            &format!("no app whose id is \"{deleted}\""),
            "no app whose display_name is \"Gone\"",
            "no app whose display_name is \"confluence\". The whole name counts, and so does the case",
            "Error: Several apps found",
            "12 apps whose display_name is \"Wiki\". Remove display_name and set id",
            &format!("- {} (\"Wiki\")", ids[0]),
            &format!("- {} (\"Wiki\")", ids[9]),
            "- and 2 more",
        ],
    );
    assert!(!run.text().contains(&ids[10]), "{run}");
}

#[tokio::test]
async fn a_user_is_found_by_id_and_by_email_in_any_case() {
    let Some(scene) = Scene::new().await else {
        return;
    };
    let (alice, dave) = (
        scene.emulator.user_id("alice"),
        scene.emulator.user_id("dave"),
    );
    let found = read(
        &scene.workspace,
        &[
            ("confluence_user.by_id", json!({"id": alice})),
            (
                "confluence_user.by_email",
                json!({"email": "Alice@ACME.example"}),
            ),
            (
                "confluence_user.dave",
                json!({"email": "dave@acme.example"}),
            ),
        ],
    )
    .await;
    let user = &found["by_id"];
    assert_eq!(
        (&user["id"], &user["display_name"]),
        (&json!(alice), &json!("Alice Adams"))
    );
    assert_eq!(
        (&user["email"], &user["status"]),
        (&json!("alice@acme.example"), &json!("ENABLED"))
    );
    let users = scene.emulator.users();
    let stored = users.iter().find(|user| user.id == alice).expect("alice");
    assert_eq!(user["role_ids"], json!(stored.role_ids));
    let spelled = with(user, &json!({"email": "Alice@ACME.example"}));
    assert_eq!(
        found["by_email"], spelled,
        "the spelling of the configuration"
    );
    assert_eq!(
        (&found["dave"]["id"], &found["dave"]["status"]),
        (&json!(dave), &json!("DISABLED"))
    );
    scene.workspace.assert_quiet("nothing changed").await;
}

#[tokio::test]
async fn no_user_and_several_users_are_errors_that_help() {
    let Some(scene) = Scene::new().await else {
        return;
    };
    let twins = ["Erin One", "Erin Two"]
        .map(|name| scene.emulator.add_user(name, "erin@acme.example", &[]));
    let deleted = scene.emulator.user_id("carol");
    scene
        .emulator
        .edit_user(&deleted, |user| user.deleted_at = Some(user.created_at));
    let run = refused(
        &scene.workspace,
        &[
            (
                "confluence_user.nobody",
                json!({"email": "nobody@acme.example"}),
            ),
            ("confluence_user.deleted", json!({"id": deleted})),
            (
                "confluence_user.carol",
                json!({"email": "carol@acme.example"}),
            ),
            (
                "confluence_user.several",
                json!({"email": "erin@acme.example"}),
            ),
        ],
    )
    .await;
    assert_eq!(
        run.text().matches("Error: User not found").count(),
        3,
        "{run}"
    );
    assert_says(
        &run,
        &[
            "no user whose email is \"nobody@acme.example\". Compare it with the user's page.",
            &format!("no user whose id is \"{deleted}\""),
            "no user whose email is \"carol@acme.example\"",
            "Error: Several users found",
            &format!("- {} (\"Erin One\")", twins[0]),
            &format!("- {} (\"Erin Two\")", twins[1]),
        ],
    );
}

#[tokio::test]
async fn exactly_one_key_is_needed_and_one_that_is_not_known_yet_will_do() {
    let Some(scene) = Scene::new().await else {
        return;
    };
    let later = json!("${terraform_data.later.output}");
    for (kind, other, value) in [
        ("confluence_app", "display_name", "Confluence"),
        ("confluence_user", "email", "alice@acme.example"),
    ] {
        for (attributes, complaint) in [
            (json!({}), Some(format!("Missing id or {other}"))),
            (
                json!({"id": "1", other: value}),
                Some(format!("Both id and {other}")),
            ),
            (json!({"id": ""}), Some("Invalid id".to_owned())),
            (json!({other: " "}), Some(format!("Invalid {other}"))),
            (json!({other: value}), None),
            (json!({"id": later, other: later}), None),
        ] {
            let mut config = json!({"data": {kind: {"it": attributes}}});
            config["resource"]["terraform_data"]["later"] = json!({"input": "x"});
            scene.workspace.write(&config);
            let run = scene.workspace.validate().await;
            match complaint {
                None => drop(run.succeeded()),
                Some(complaint) => assert_says(&run.failed(), &[&format!("Error: {complaint}")]),
            }
        }
    }
    assert_eq!(
        scene.emulator.journal().len(),
        0,
        "validate needs no network"
    );
}

#[tokio::test]
async fn the_same_lookup_is_made_once_in_a_plan() {
    let Some(scene) = Scene::new().await else {
        return;
    };
    let (app, user) = (scene.emulator.app_id(), scene.emulator.user_id("alice"));
    let mut wanted = json!({
        "confluence_app": {"by_id": {"id": app}, "by_name": {"display_name": "Confluence"}},
        "confluence_user": {"by_id": {"id": user}, "by_email": {"email": "alice@acme.example"}},
        "confluence_integrations": {"all": {}},
    });
    for (_, sources) in wanted.as_object_mut().expect("data sources") {
        for (_, source) in sources.as_object_mut().expect("blocks") {
            source["count"] = json!(20);
        }
    }
    scene.workspace.write(&json!({"data": wanted}));
    let (outcome, run) = scene.workspace.plan().await;
    assert_eq!(outcome, Outcome::NoChanges, "{run}");
    let journal = scene.emulator.journal();
    for (method, path) in [
        ("GET", format!("/api/v1/apps/{app}")),
        ("POST", "/api/v1/search/apps".to_owned()),
        ("GET", format!("/api/v1/users/{user}")),
        ("POST", "/api/v1/search/users".to_owned()),
        ("GET", "/api/v1/apps".to_owned()),
    ] {
        let asked = journal
            .iter()
            .filter(|it| it.method == method && it.path == path);
        assert_eq!(asked.count(), 1, "{method} {path}");
    }
}

#[tokio::test]
async fn what_stands_on_a_later_page_is_found() {
    let Some(scene) = Scene::new().await else {
        return;
    };
    let apps: Vec<_> = (0..120)
        .map(|n| scene.emulator.add_app(&format!("Wiki {n}")))
        .collect();
    let (crowded, last) = (
        scene.emulator.add_app("Wiki"),
        scene.emulator.add_app("Other"),
    );
    for _ in 0..120 {
        scene
            .emulator
            .add_connector(&crowded, V2)
            .expect("a connector");
    }
    let connectors =
        [&apps[0], &last].map(|app| scene.emulator.add_connector(app, V2).expect("a connector"));
    let found = read(
        &scene.workspace,
        &[
            ("confluence_app.wiki", json!({"display_name": "Wiki"})),
            (
                "confluence_integrations.crowded",
                json!({"app_id": crowded}),
            ),
            ("confluence_integrations.all", json!({})),
        ],
    )
    .await;
    assert_eq!(found["wiki"]["id"], crowded);
    let listed = |name: &str| {
        found[name]["integrations"]
            .as_array()
            .expect("a list")
            .clone()
    };
    assert_eq!(listed("crowded").len(), 120);
    let all = listed("all");
    assert_eq!(all.len(), 122);
    for id in connectors {
        assert!(all.iter().any(|it| it["id"] == id), "{id}");
    }
}

#[tokio::test]
async fn a_connector_shows_its_settings_and_its_owners_but_no_secret() {
    let Some(scene) = Scene::new().await else {
        return;
    };
    scene
        .emulator
        .switch(|switches| switches.sync_duration_ms = 0);
    let settings = json!({
        "display_name": "Wiki", "description": "All of it", "skip_personal_spaces": true,
        "nouns": ["space", "page"], "verbs": ["read"],
    });
    scene
        .create(&[(CLOUD, &with(&scene.attributes(CLOUD), &settings))])
        .await;
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
        "nouns": ["page", "space"], "verbs": ["read"], "use_rbac": null, "timeouts": null,
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
    let Some(scene) = Scene::new().await else {
        return;
    };
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
    let Some(scene) = Scene::new().await else {
        return;
    };
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
            &format!("The app \"{app}\" has no connector \"{deleted}\". Check both IDs"),
            &format!("The app \"{app}\" has no connector \"{elsewhere}\". Check both IDs"),
            "Error: App not found",
            &format!("ConductorOne has no app \"{nowhere}\" whose connectors could be listed."),
        ],
    );
}

#[tokio::test]
async fn connectors_are_listed_in_one_order_for_one_app_or_for_all() {
    let Some(scene) = Scene::new().await else {
        return;
    };
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
    scene
        .emulator
        .switch(|switches| switches.list_order = ListOrder::Rotated);
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

#[tokio::test]
async fn an_app_that_is_deleted_while_connectors_are_listed_has_none() {
    let Some(scene) = Scene::new().await else {
        return;
    };
    let (app, other) = (scene.emulator.app_id(), scene.emulator.other_app_id());
    let ids = [&app, &other].map(|app| scene.emulator.add_connector(app, V2).expect("a connector"));
    let path = format!("/api/v1/apps/{other}/connectors");
    scene
        .emulator
        .add_fault(Fault::every("GET", &path, FaultAction::status(404)));
    let found = read(
        &scene.workspace,
        &[("confluence_integrations.all", json!({}))],
    )
    .await;
    let listed = found["all"]["integrations"].as_array().expect("a list");
    let listed: Vec<_> = listed.iter().map(|it| &it["id"]).collect();
    assert_eq!(listed, [&json!(ids[0])]);
}

/// What `plan` says about the check of `examples/checks`. Terraform itself plans to look again in apply.
async fn checked(workspace: &Workspace) -> Run {
    let (outcome, run) = workspace.plan().await;
    assert_ne!(outcome, Outcome::Error, "{run}");
    assert_says(&run, &["Plan: 0 to add, 0 to change, 0 to destroy."]);
    run
}

#[tokio::test]
async fn a_check_warns_while_a_connector_fails_and_is_silent_while_it_works() {
    let Some(scene) = Scene::new().await else {
        return;
    };
    scene
        .emulator
        .switch(|switches| switches.sync_duration_ms = 0);
    scene.create(&[(CLOUD, &scene.attributes(CLOUD))]).await;
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
    assert_says(&run, &["No sync has ended in the last two days."]);
    end(None, Duration::ZERO);
    let run = checked(&workspace).await;
    assert!(!run.text().contains("Warning: Check block"), "{run}");

    scene.emulator.delete_connector(&connector.id);
    let run = checked(&workspace).await;
    assert_says(&run, &["Warning: Connector not found"]);
}
