//! Empty collections that are valid leave the plan empty.

use serde_json::{Value, json};

use crate::scene::{APP, Scene, with};

#[tokio::test]
async fn an_empty_map_of_annotations_and_an_app_without_owners_leave_nothing_to_do() {
    let scene = or_skip!(Scene::new());
    let app = json!({"display_name": "Wiki", "annotations": {}});
    let team = json!({"annotations": {"team": "docs"}});
    for attributes in [&app, &with(&app, &team), &app] {
        scene.create(&[(APP, attributes)]).await;
    }
    let state = scene.workspace.state(APP).await;
    let id = state["id"].as_str().expect("an ID");
    scene.emulator.set_app_owners(id, &[]);
    scene.workspace.assert_quiet("without owners").await;
    assert_eq!(state["annotations"], Value::Object(serde_json::Map::new()));
}
