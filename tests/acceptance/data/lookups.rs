//! Data sources of apps and users, by ID and by name or email address.

use conductorone_emulator::V2;
use serde_json::json;

use crate::scene::{Scene, with};
use crate::terraform::Outcome;

use super::{assert_says, read, refused};

#[tokio::test]
async fn an_app_is_found_by_its_id_and_by_its_name() {
    let scene = or_skip!(Scene::new());
    let id = scene.emulator.add_app("Company wiki");
    scene.emulator.edit_app(&id, |app| {
        "All of it".clone_into(&mut app.description);
        app.annotations = json!({"team": "it", "c1/kind": "wiki"})
            .as_object()
            .cloned()
            .expect("a map");
    });
    // Other names that the search also returns.
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
    let scene = or_skip!(Scene::new());
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
            "no app whose display_name is \"confluence\". Compare the whole name and its case",
            "Error: Several apps found",
            "12 apps whose display_name is \"Wiki\". Replace display_name with the id",
            &format!("- {} (\"Wiki\")", ids[0]),
            &format!("- {} (\"Wiki\")", ids[9]),
            "- and 2 more",
        ],
    );
    assert!(!run.text().contains(&ids[10]), "{run}");
}

#[tokio::test]
async fn a_user_is_found_by_id_and_by_email_in_any_case() {
    let scene = or_skip!(Scene::new());
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
    let scene = or_skip!(Scene::new());
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
            "no user whose email is \"nobody@acme.example\". Compare it with the user's page in ConductorOne",
            &format!("no user whose id is \"{deleted}\""),
            "no user whose email is \"carol@acme.example\"",
            "Error: Several users have this email address",
            &format!("- {} (\"Erin One\", ENABLED)", twins[0]),
            &format!("- {} (\"Erin Two\", ENABLED)", twins[1]),
        ],
    );
}

#[tokio::test]
async fn exactly_one_key_is_needed_and_one_that_is_not_known_yet_will_do() {
    let scene = or_skip!(Scene::new());
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
    let scene = or_skip!(Scene::new());
    let (app, user) = (scene.emulator.app_id(), scene.emulator.user_id("alice"));
    let mut wanted = json!({
        "confluence_app": {"by_id": {"id": app}, "by_name": {"display_name": "Confluence"}},
        "confluence_user": {"by_id": {"id": user}, "by_email": {"email": "alice@acme.example"}},
        "confluence_integrations": {"all": {}, "of_app": {"app_id": app}},
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
    // The list of all connectors includes those of this app.
    let list = format!("/api/v1/apps/{app}/connectors");
    let lists = journal.iter().filter(|it| it.path == list);
    assert_eq!(lists.count(), 2, "{list}");
}

#[tokio::test]
async fn a_list_shows_what_the_same_run_has_created() {
    let scene = or_skip!(Scene::new());
    let app = scene.emulator.app_id();
    let count =
        |name: &str| format!("${{length(data.confluence_integrations.{name}.integrations)}}");
    let counts = ["one", "two"].map(count);
    let list = |after: &str| json!({"app_id": app, "depends_on": [after]});
    scene.workspace.write(&json!({
        "resource": {
            "confluence_integration": {
                "one": {"app_id": app, "display_name": "One", "description": "Wiki"},
                "two": {"app_id": app, "display_name": "Two", "depends_on": ["data.confluence_integrations.one"]},
            },
        },
        "data": {
            "confluence_integrations": {
                "one": list("confluence_integration.one"),
                "two": list("confluence_integration.two"),
            },
        },
        "output": {
            "counts": {"value": counts},
            "descriptions": {"value": "${data.confluence_integrations.one.integrations[*].description}"},
        },
    }));
    scene.workspace.apply(&[]).await.succeeded();
    let run = scene.workspace.run(&["output", "-json"]).await.succeeded();
    let outputs: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(outputs["counts"]["value"], json!([1, 2]));
    // ConductorOne gets the description at the end of the run.
    assert_eq!(outputs["descriptions"]["value"], json!(["Wiki"]));
}

#[tokio::test]
async fn objects_on_later_pages_are_found() {
    let scene = or_skip!(Scene::new());
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
