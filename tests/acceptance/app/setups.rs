//! The examples for the three ways to get an app.

use std::path::Path;

use crate::scene::Scene;

use super::apps;

/// Returns a scene that has applied this example.
async fn example(
    name: &str,
    variables: fn(&Scene) -> Vec<(&'static str, String)>,
) -> Option<Scene> {
    let mut scene = Scene::new().await?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/setups");
    let main = std::fs::read_to_string(root.join(name).join("main.tf")).expect("an example");
    std::fs::remove_file(scene.workspace.path("versions.tf.json")).expect("a file");
    std::fs::write(scene.workspace.path("main.tf"), main).expect("a file");
    scene.workspace.env("TF_VAR_confluence_api_token", "key-1");
    scene
        .workspace
        .env("TF_VAR_owner_id", &scene.emulator.user_id("alice"));
    for (variable, value) in variables(&scene) {
        scene.workspace.env(&format!("TF_VAR_{variable}"), &value);
    }
    scene.workspace.validate().await.succeeded();
    scene.workspace.apply(&[]).await.succeeded();
    scene.workspace.assert_quiet(name).await;
    Some(scene)
}

#[tokio::test]
async fn an_existing_app_gets_a_connector() {
    let variables = |scene: &Scene| vec![("app_id", scene.emulator.app_id())];
    let scene = or_skip!(example("existing-app", variables));
    assert_eq!(scene.connector().app_id, scene.emulator.app_id());
    assert_eq!(apps(&scene).len(), 0);
    scene.workspace.destroy().await.succeeded();
}

#[tokio::test]
async fn a_new_app_gets_a_connector() {
    let scene = or_skip!(example("new-app", |_| Vec::new()));
    assert_eq!(scene.connector().app_id, super::app(&scene).id);
    scene.workspace.destroy().await.succeeded();
    assert_eq!((apps(&scene).len(), scene.connectors().len()), (0, 0));
}

#[tokio::test]
async fn a_discovered_app_gets_a_connector() {
    let variables = |scene: &Scene| {
        vec![
            (
                "identity_provider_app_id",
                scene.emulator.directory_app_id(),
            ),
            ("resource_id", scene.emulator.discovered_resource_id()),
        ]
    };
    let scene = or_skip!(example("unmanaged-app", variables));
    assert_eq!(scene.connector().app_id, super::app(&scene).id);
    assert_eq!(super::app(&scene).display_name, "Confluence Cloud");
    scene.workspace.destroy().await.succeeded();
}
