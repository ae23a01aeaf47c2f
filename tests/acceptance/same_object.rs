//! One object at two addresses: an import is an error, and an existing duplicate in the state is a warning.

use serde_json::{Value, json};

use crate::scene::{APP, BOTH, CLOUD, Scene, config, with};
use crate::terraform::{Outcome, Run};

const CONNECTOR: &str = "Two resources manage the same connector";
const APP_TITLE: &str = "Two resources manage the same app";

/// The address of a second resource of the same type.
fn second(address: &str) -> String {
    address.replace(".it", ".twin")
}

/// Returns a configuration of the object at two addresses, with `import` blocks for these.
fn twice(address: &str, attributes: &Value, imports: &[&str], id: &str) -> Value {
    let mut config = config(&[(address, attributes), (&second(address), attributes)]);
    let blocks = imports.iter().map(|to| json!({"to": to, "id": id}));
    config["import"] = blocks.collect();
    config
}

fn assert_names(run: &Run, severity: &str, title: &str, id: &str) {
    for text in [&format!("{severity}: {title}"), id] {
        assert!(run.text().contains(text), "{text}: {run}");
    }
}

/// Creates an object of each type, and returns its address, attributes, ID and import ID.
async fn objects(scene: &Scene) -> Vec<(&'static str, Value, String, String)> {
    let app = json!({"display_name": "Wiki"});
    scene.create(&[(APP, &app)]).await;
    let mut objects = Vec::new();
    let mut resources = vec![(APP, app)];
    resources.extend(BOTH.map(|address| (address, scene.attributes(address))));
    let all: Vec<_> = resources
        .iter()
        .map(|(address, it)| (*address, it))
        .collect();
    scene.create(&all).await;
    for (address, attributes) in resources {
        let id = scene.workspace.state(address).await["id"].clone();
        let id = id.as_str().expect("an ID").to_owned();
        let import_id = match address {
            APP => id.clone(),
            _ => format!("{}/{id}", scene.emulator.app_id()),
        };
        objects.push((address, attributes, id, import_id));
    }
    objects
}

#[tokio::test]
async fn one_object_is_not_imported_into_two_addresses() {
    let scene = or_skip!(Scene::new());
    for (address, attributes, id, import_id) in objects(&scene).await {
        let title = if address == APP { APP_TITLE } else { CONNECTOR };
        let twin = second(address);
        // Both imports into an empty state, and one import while the state contains the other.
        let other = scene.second_workspace();
        for (workspace, imports) in [
            (&other, vec![address, &twin]),
            (&scene.workspace, vec![&twin]),
        ] {
            workspace.write(&twice(address, &attributes, &imports, &import_id));
            let (outcome, run) = workspace.plan().await;
            assert_eq!(outcome, Outcome::Error, "{address}: {run}");
            assert_names(&run, "Error", title, &id);
        }
        // Both imports with the import command, which reads only the given address.
        other.write(&twice(address, &attributes, &[], &import_id));
        for address in [address, &twin] {
            other.import(address, &import_id).await.succeeded();
        }
        let (_, run) = other.plan().await;
        assert_names(&run, "Warning", title, &id);
        let removed = other.run(&["state", "rm", &twin]).await;
        removed.succeeded();
        other.write(&config(&[(address, &attributes)]));
        let (_, run) = other.plan().await;
        assert!(!run.text().contains(title), "{run}");
    }
}

#[tokio::test]
async fn an_object_that_goes_from_one_address_to_another_has_one_resource() {
    let scene = or_skip!(Scene::new());
    for (address, attributes, _, import_id) in objects(&scene).await {
        let twin = second(address);
        // Removed from the state and imported again in one run.
        let mut config = config(&[(&twin, &attributes)]);
        config["import"] = json!([{"to": twin, "id": import_id}]);
        config["removed"] = json!([{"from": address, "lifecycle": {"destroy": false}}]);
        let text = config.to_string();
        let other = scene.second_workspace();
        let state = scene.workspace.path("terraform.tfstate");
        std::fs::copy(state, other.path("terraform.tfstate")).expect("a copy");
        // The state also contains the other types of objects.
        let target = format!("-target={twin}");
        let removed = format!("-target={address}");
        std::fs::write(other.path("main.tf.json"), text).expect("a file");
        let run = other
            .run(&["plan", "-no-color", "-input=false", &target, &removed])
            .await;
        let run = run.succeeded();
        assert!(!run.text().contains("Two resources"), "{run}");
        // With a separate block.
        config
            .as_object_mut()
            .expect("a configuration")
            .retain(|key, _| key == "resource");
        config["moved"] = json!([{"from": address, "to": twin}]);
        other.write(&config);
        let run = other
            .run(&["plan", "-no-color", "-input=false", &target, &removed])
            .await;
        let run = run.succeeded();
        assert!(!run.text().contains("Two resources"), "{run}");
    }
}

#[tokio::test]
async fn one_resource_is_never_taken_for_two() {
    let scene = or_skip!(Scene::new());
    let first = json!({"lifecycle": {"create_before_destroy": true}});
    let attributes = scene.changed(CLOUD, &first);
    scene.create(&[(CLOUD, &attributes)]).await;
    let replace = format!("-replace={CLOUD}");
    let elsewhere = json!({"app_id": scene.emulator.other_app_id()});
    scene.write(&[(CLOUD, &with(&attributes, &elsewhere))]);
    let run = scene.workspace.apply(&[]).await.succeeded();
    assert!(!run.text().contains("Two resources"), "{run}");
    for arguments in [
        vec!["apply", "-auto-approve", "-input=false", "-no-color"],
        vec![
            "apply",
            "-auto-approve",
            "-input=false",
            "-no-color",
            &replace,
        ],
        vec!["plan", "-input=false", "-no-color", "-destroy"],
        vec!["plan", "-input=false", "-no-color", "-refresh-only"],
        vec!["refresh", "-no-color"],
        vec!["destroy", "-auto-approve", "-input=false", "-no-color"],
    ] {
        let run = scene.workspace.run(&arguments).await.succeeded();
        assert!(
            !run.text().contains("Two resources"),
            "{arguments:?}: {run}"
        );
    }
}
