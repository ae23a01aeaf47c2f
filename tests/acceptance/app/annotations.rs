//! Annotations: the user's, the provider's, and those of other tools.

use serde_json::{Value, json};

use super::{APP, app};
use crate::scene::{Scene, config};
use crate::terraform::Outcome;

fn annotated(annotations: &Value) -> Value {
    json!({"display_name": "Wiki", "annotations": annotations})
}

fn stored(scene: &Scene) -> Value {
    json!(app(scene).annotations)
}

#[tokio::test]
async fn the_providers_annotations_are_written_but_hidden() {
    let mut scene = or_skip!(Scene::new());
    let new = scene.workspace.run(&["workspace", "new", "staging"]);
    new.await.succeeded();
    scene.workspace.env("TF_WORKSPACE", "staging");
    scene
        .create(&[(APP, &annotated(&json!({"team": "docs"})))])
        .await;
    let all = json!({"team": "docs", "managed_by": "terraform", "iac_workspace": "staging"});
    assert_eq!(stored(&scene), all);
    let shown = scene.workspace.state(APP).await["annotations"].clone();
    assert_eq!(shown, json!({"team": "docs"}));

    // A user edits the app in the web interface.
    let id = app(&scene).id;
    scene.emulator.edit_app(&id, |_| {});
    assert_eq!(stored(&scene), json!({"team": "docs"}));
    scene
        .workspace
        .assert_quiet("without the provider's own")
        .await;
    scene.write(&[(APP, &annotated(&json!({"team": "wiki"})))]);
    scene.workspace.apply(&[]).await.succeeded();
    let all = json!({"team": "wiki", "managed_by": "terraform", "iac_workspace": "staging"});
    assert_eq!(stored(&scene), all);
}

#[tokio::test]
async fn opentofu_is_named_in_the_annotation() {
    let mut scene = or_skip!(Scene::new());
    scene.workspace.env("TF_FORK", "opentofu");
    scene
        .create(&[(APP, &json!({"display_name": "Wiki"}))])
        .await;
    assert_eq!(stored(&scene), json!({"managed_by": "opentofu"}));
}

#[tokio::test]
async fn configured_annotations_override_the_providers() {
    let scene = or_skip!(Scene::new());
    let own = annotated(&json!({"managed_by": "platform-team"}));
    scene.create(&[(APP, &own)]).await;
    assert_eq!(stored(&scene), json!({"managed_by": "platform-team"}));
    scene.emulator.edit_app(&app(&scene).id, |_| {});
    let (outcome, run) = scene.workspace.plan().await;
    assert_eq!(outcome, Outcome::Changes, "it was removed: {run}");
    scene.workspace.apply(&[]).await.succeeded();
    scene.create(&[(APP, &annotated(&Value::Null))]).await;
    assert_eq!(stored(&scene), json!({"managed_by": "terraform"}));
}

#[tokio::test]
async fn annotations_of_other_tools_are_not_changed() {
    let scene = or_skip!(Scene::new());
    scene
        .create(&[(APP, &annotated(&json!({"a": "1", "b": "2"})))])
        .await;
    let id = app(&scene).id;
    scene.emulator.edit_app(&id, |app| {
        app.annotations.insert("other".to_owned(), json!("x"));
    });
    scene.workspace.assert_quiet("with another key").await;
    scene.create(&[(APP, &annotated(&json!({"a": "3"})))]).await;
    let all = json!({"a": "3", "other": "x", "managed_by": "terraform"});
    assert_eq!(stored(&scene), all);
}

#[tokio::test]
async fn a_value_may_come_from_another_resource() {
    let scene = or_skip!(Scene::new());
    let twin = "confluence_app.twin";
    let attributes = annotated(&json!({"twin": "${confluence_app.twin.id}"}));
    let other = json!({"display_name": "Twin"});
    scene.create(&[(APP, &attributes), (twin, &other)]).await;
    let id = scene.workspace.state(twin).await["id"].clone();
    assert_eq!(scene.workspace.state(APP).await["annotations"]["twin"], id);
}

#[tokio::test]
async fn the_workspace_annotation_counts_towards_the_limit() {
    let mut scene = or_skip!(Scene::new());
    let fifteen: Value = (0..15).map(|n| (format!("key{n}"), json!("x"))).collect();
    let config = config(&[(APP, &annotated(&fifteen))]);
    scene.workspace.write(&config);
    scene.workspace.apply(&[]).await.succeeded();
    scene
        .workspace
        .run(&["workspace", "new", "staging"])
        .await
        .succeeded();
    scene.workspace.env("TF_WORKSPACE", "staging");
    let (outcome, run) = scene.workspace.plan().await;
    assert_eq!(outcome, Outcome::Error, "{run}");
    assert!(run.text().contains("Too many annotations"), "{run}");
}
