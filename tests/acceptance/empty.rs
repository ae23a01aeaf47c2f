//! Empty collections: an error before anything is made, or a meaning that leaves nothing to do.

use serde_json::{Value, json};

use crate::scene::{BOTH, CLOUD, Scene, config, with};

const APP: &str = "confluence_app.it";

#[tokio::test]
async fn an_empty_set_that_could_not_be_kept_is_an_error() {
    let Some(scene) = Scene::new().await else {
        return;
    };
    let app = json!({"display_name": "Wiki"});
    let mut cases = vec![
        (APP, app, "owner_ids"),
        (CLOUD, scene.attributes(CLOUD), "nouns"),
        (CLOUD, scene.attributes(CLOUD), "verbs"),
    ];
    for address in BOTH {
        let unowned = with(&scene.attributes(address), &json!({"owner_ids": null}));
        cases.push((address, unowned.clone(), "owner_ids"));
        cases.push((address, unowned, "owner_emails"));
    }
    for (address, attributes, name) in cases {
        scene.write(&[(address, &with(&attributes, &json!({name: []})))]);
        let run = scene.workspace.validate().await.failed();
        for text in [
            format!("Error: Invalid {name}"),
            format!("leave {name} out"),
        ] {
            assert!(run.text().contains(&text), "{address}: {run}");
        }
        // What is not known yet may turn out well.
        let unknown = with(&attributes, &json!({name: ["${terraform_data.later.id}"]}));
        let mut config = config(&[(address, &unknown)]);
        config["resource"]["terraform_data"] = json!({"later": {}});
        scene.workspace.write(&config);
        scene.workspace.validate().await.succeeded();
    }
    assert_eq!(scene.emulator.journal().len(), 0);
}

#[tokio::test]
async fn an_empty_map_of_annotations_and_an_app_without_owners_leave_nothing_to_do() {
    let Some(scene) = Scene::new().await else {
        return;
    };
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
