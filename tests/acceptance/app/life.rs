//! The life of an app from creation to destruction.

use conductorone_emulator::DeletedAnswer;
use serde_json::json;

use super::{APP, app, apps, full};
use crate::scene::{BOTH, CLOUD, Scene, config, with};

#[tokio::test]
async fn an_app_is_created_changed_in_place_and_destroyed() {
    let scene = or_skip!(Scene::new());
    // Owners show late.
    scene.switch(|it| it.owner_delay_ms = 700);
    scene.switch(|it| it.app_delay_ms = 700);
    let mut attributes = full(&scene);
    scene.create(&[(APP, &attributes)]).await;
    let id = app(&scene).id;
    let [alice, bob] = ["alice", "bob"].map(|name| scene.emulator.user_id(name));
    let changes = [
        (json!({"display_name": "Notes"}), Some("displayName")),
        (json!({"description": "Some of it"}), Some("description")),
        (
            json!({"annotations": {"team": "wiki"}}),
            Some("annotations"),
        ),
        (json!({"annotations": null}), Some("annotations")),
        (json!({"owner_ids": [bob, alice]}), None),
        (json!({"owner_ids": [bob]}), None),
    ];
    for (change, mask) in changes {
        attributes = with(&attributes, &change);
        scene.write(&[(APP, &attributes)]);
        let plan = scene.workspace.save_plan().await;
        assert_eq!(plan.actions(APP), ["update"], "{change}");
        scene.emulator.clear_journal();
        scene.workspace.apply_plan().await.succeeded();
        let writes = scene.writes();
        assert_eq!(writes.len(), 1, "only what changed is sent: {writes:#?}");
        assert_eq!(writes[0].body["updateMask"].as_str(), mask, "{change}");
        let when = format!("after {change}");
        scene.workspace.assert_quiet(&when).await;
    }
    let stored = app(&scene);
    assert_eq!(stored.id, id);
    assert_eq!(stored.display_name, "Notes");
    assert_eq!(stored.description, "Some of it");
    assert_eq!(
        json!(stored.annotations),
        json!({"managed_by": "terraform"})
    );
    assert_eq!(stored.owner_ids(), [bob]);
    scene.workspace.destroy().await.succeeded();
    assert_eq!(apps(&scene).len(), 0);
}

#[tokio::test]
async fn omitted_attributes_keep_the_services_values() {
    let scene = or_skip!(Scene::new());
    let name = json!({"display_name": "Wiki"});
    scene.create(&[(APP, &name)]).await;
    let state = scene.workspace.state(APP).await;
    assert_eq!(
        state["owner_ids"],
        json!([scene.emulator.user_id("terraform")])
    );
    assert_eq!(state["annotations"], json!(null));
    let time = state["created_at"].as_str();
    assert!(time.is_some_and(|time| time.ends_with('Z')), "{state}");
    scene.write(&[(APP, &full(&scene))]);
    scene.workspace.apply(&[]).await.succeeded();
    scene.write(&[(APP, &name)]);
    let plan = scene.workspace.save_plan().await;
    let (before, after) = (
        &plan.json["resource_changes"][0]["change"]["before"],
        &plan.json["resource_changes"][0]["change"]["after"],
    );
    for attribute in ["description", "owner_ids"] {
        assert_eq!(before[attribute], after[attribute], "{attribute}");
    }
}

#[tokio::test]
async fn an_imported_app_has_nothing_to_do() {
    let scene = or_skip!(Scene::new());
    scene.create(&[(APP, &full(&scene))]).await;
    let other = scene.second_workspace();
    other.write(&config(&[(APP, &full(&scene))]));
    other.import(APP, &app(&scene).id).await.succeeded();
    other.assert_quiet("after the import").await;
    assert_eq!(other.state(APP).await, scene.workspace.state(APP).await);
}

#[tokio::test]
async fn what_cannot_be_imported_is_an_error_that_shows_the_form() {
    let scene = or_skip!(Scene::new());
    scene.write(&[(APP, &full(&scene))]);
    let nowhere = scene.emulator.unused_id();
    scene.workspace.import(APP, &nowhere).await.failed();
    for id in ["app/connector", "two words", "a?b"] {
        let run = scene.workspace.import(APP, id).await.failed();
        assert!(run.text().contains("Use the app's ID"), "{run}");
    }
}

async fn deleted_elsewhere(answer: DeletedAnswer) {
    let scene = or_skip!(Scene::new());
    scene.switch(|it| it.deleted_answer = answer);
    scene.create(&[(APP, &full(&scene))]).await;
    let first = app(&scene).id;
    scene.emulator.delete_app(&first);
    let destroy = ["plan", "-destroy", "-refresh=false", "-no-color"];
    scene.workspace.run(&destroy).await.succeeded();
    assert_eq!(scene.workspace.save_plan().await.actions(APP), ["create"]);
    scene.workspace.apply_plan().await.succeeded();
    scene
        .workspace
        .assert_quiet("after it was created again")
        .await;
    let second = app(&scene).id;
    assert_ne!(second, first);
    scene.emulator.delete_app(&second);
    let destroy = ["destroy", "-auto-approve", "-refresh=false", "-no-color"];
    scene.workspace.run(&destroy).await.succeeded();
    assert_eq!(scene.workspace.resource(APP).await, None);
}

#[tokio::test]
async fn an_app_that_answers_404_is_created_anew_and_can_be_destroyed() {
    deleted_elsewhere(DeletedAnswer::NotFound).await;
}

#[tokio::test]
async fn an_app_marked_as_deleted_is_created_anew_and_can_be_destroyed() {
    deleted_elsewhere(DeletedAnswer::DeletedAt).await;
}

#[tokio::test]
async fn every_attribute_that_somebody_else_changed_is_changed_back() {
    let scene = or_skip!(Scene::new());
    scene.create(&[(APP, &full(&scene))]).await;
    let (id, before) = (app(&scene).id, scene.workspace.state(APP).await);
    for attribute in ["display_name", "description", "annotations", "owner_ids"] {
        let bob = [scene.emulator.user_id("bob")];
        scene.emulator.edit_app(&id, |app| match attribute {
            "display_name" => app.display_name = "Other".to_owned(),
            "description" => app.description = "Other".to_owned(),
            "annotations" => app.annotations["team"] = json!("other"),
            _ => {}
        });
        if attribute == "owner_ids" {
            scene.emulator.set_app_owners(&id, &bob);
        }
        scene.workspace.apply_update(APP, attribute).await;
        assert_eq!(scene.workspace.state(APP).await, before, "{attribute}");
    }
    let stored = app(&scene);
    assert_eq!(
        (stored.display_name, stored.description),
        ("Wiki".into(), "All of it".into())
    );
    assert_eq!(stored.annotations["team"], "docs");
    assert_eq!(stored.owners.user_ids(), [scene.emulator.user_id("alice")]);
}

#[tokio::test]
async fn an_app_and_its_connector_come_and_go_in_one_run() {
    let scene = or_skip!(Scene::new());
    let in_app = json!({"app_id": "${confluence_app.it.id}"});
    let connector = scene.changed(CLOUD, &in_app);
    scene
        .create(&[(APP, &full(&scene)), (CLOUD, &connector)])
        .await;
    let id = app(&scene).id;
    assert_eq!(scene.connector().app_id, id);
    scene.emulator.clear_journal();
    scene.workspace.destroy().await.succeeded();
    let deletions = scene
        .writes()
        .into_iter()
        .filter(|it| it.method == "DELETE");
    let paths: Vec<_> = deletions.map(|it| it.path).collect();
    assert_eq!(paths.len(), 2, "{paths:?}");
    assert!(paths[0].contains("/connectors/"), "{paths:?}");
    assert_eq!(paths[1], format!("/api/v1/apps/{id}"));
    assert_eq!((apps(&scene).len(), scene.connectors().len()), (0, 0));
}

#[tokio::test]
async fn only_connectors_that_a_run_does_not_destroy_are_named() {
    let scene = or_skip!(Scene::new());
    let summary = "Deleting the app deletes its connectors";
    let in_app = json!({"app_id": "${confluence_app.it.id}"});
    let connectors = BOTH.map(|address| scene.changed(address, &in_app));
    let mut all = vec![(APP, full(&scene))];
    all.extend(BOTH.into_iter().zip(connectors));
    let all: Vec<_> = all
        .iter()
        .map(|(address, attributes)| (*address, attributes))
        .collect();
    scene.create(&all).await;
    let own: Vec<_> = scene.connectors().into_iter().map(|it| it.id).collect();
    let destroy = ["plan", "-destroy", "-no-color"];
    let run = scene.workspace.run(&destroy).await.succeeded();
    assert!(!run.text().contains(summary), "{run}");
    // Somebody else has a connector in the same app.
    let other = scene.second_workspace();
    let in_app = json!({"app_id": app(&scene).id, "display_name": "Somebody's"});
    other.write(&config(&[(CLOUD, &scene.changed(CLOUD, &in_app))]));
    other.apply(&[]).await.succeeded();
    let theirs = other.state(CLOUD).await["id"].clone();
    let theirs = theirs.as_str().expect("an ID");
    scene.without_plan_checks();
    let run = scene.workspace.run(&destroy).await.succeeded();
    assert!(!run.text().contains(summary), "{run}");
    scene.provider(&json!({}));
    let removal = ["plan", "-no-color"];
    for plan in [&destroy[..], &removal[..]] {
        let run = scene.workspace.run(plan).await.succeeded();
        let text = run.text();
        let (_, warning) = text.split_once(summary).expect("a warning");
        for part in ["Somebody's", theirs] {
            assert!(warning.contains(part), "{part}: {run}");
        }
        assert!(own.iter().all(|id| !warning.contains(id)), "{run}");
        // Removed from the configuration.
        scene.workspace.write(&json!({}));
    }
    // ConductorOne also deletes a connector that stays in the configuration.
    let kept = json!({"app_id": app(&scene).id});
    scene.write(&[(CLOUD, &scene.changed(CLOUD, &kept))]);
    let run = scene.workspace.run(&removal).await.succeeded();
    let text = run.text();
    let warning = text.split(summary).nth(1).unwrap_or_default();
    assert_eq!(
        own.iter().filter(|id| warning.contains(*id)).count(),
        1,
        "{run}"
    );
}
