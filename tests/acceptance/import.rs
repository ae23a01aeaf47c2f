//! Import of existing connectors without changing them.

use serde_json::{Value, json};

use crate::scene::{CLOUD, CONNECTORS, DATA_CENTER, SELF_HOSTED, Scene, config, with};
use crate::terraform::{Outcome, Run, Workspace};

/// Creates a connector in one directory and imports it into another.
async fn imported(scene: &Scene, address: &str, attributes: &Value) -> Workspace {
    scene.create_complete(address).await;
    let other = scene.second_workspace();
    other.write(&config(&[(address, attributes)]));
    other.import(address, &scene.import_id()).await.succeeded();
    scene.emulator.clear_journal();
    other
}

#[tokio::test]
async fn an_imported_cloud_connector_without_a_key_has_nothing_to_do() {
    let scene = or_skip!(Scene::new());
    let attributes = scene.changed(CLOUD, &json!({"api_key": null}));
    let other = imported(&scene, CLOUD, &attributes).await;
    other.assert_quiet("after the import").await;
    let created = scene.workspace.state(CLOUD).await;
    let imported = other.state(CLOUD).await;
    for attribute in [
        "id",
        "app_id",
        "catalog_id",
        "owner_ids",
        "username",
        "created_at",
    ] {
        assert_eq!(imported[attribute], created[attribute], "{attribute}");
    }
    assert_eq!(scene.writes().len(), 0);
}

#[tokio::test]
async fn a_key_given_to_an_imported_connector_is_written_in_place() {
    let scene = or_skip!(Scene::new());
    let attributes = scene.changed(CLOUD, &json!({"api_key": "key-2"}));
    let other = imported(&scene, CLOUD, &attributes).await;
    other.apply_update(CLOUD, "with a key").await;
    assert_eq!(json!(scene.connector().config)["api-key"], "key-2");
}

#[tokio::test]
async fn a_setting_of_an_imported_connector_cannot_change_without_a_key() {
    let scene = or_skip!(Scene::new());
    let changes = json!({"api_key": null, "username": "other@acme.example"});
    let other = imported(&scene, CLOUD, &scene.changed(CLOUD, &changes)).await;
    let (outcome, run) = other.plan().await;
    assert_eq!(outcome, Outcome::Error, "{run}");
    assert!(run.text().contains("api_key"), "{run}");
}

#[tokio::test]
async fn an_imported_self_hosted_connector_is_completed_in_place() {
    for (address, variable, secret) in [
        (DATA_CENTER, "BATON_ACCESS_TOKEN", "pat-1"),
        (SELF_HOSTED, "BATON_API_KEY", "key-1"),
    ] {
        let scene = or_skip!(Scene::new());
        let other = imported(&scene, address, &scene.attributes(address)).await;
        other.apply_update(address, "with secrets").await;
        let state = other.state(address).await;
        assert_eq!(state["id"], json!(scene.connector().id));
        let environment = &state["environment"];
        assert_eq!(environment[variable], secret, "{state}");
        assert!(environment["BATON_CLIENT_SECRET"].is_string(), "{state}");
    }
}

#[tokio::test]
async fn what_cannot_be_imported_is_an_error_that_shows_the_form() {
    let scene = or_skip!(Scene::new());
    for address in CONNECTORS {
        scene.write(&[(address, &scene.attributes(address))]);
        let nowhere = format!("{}/{}", scene.emulator.app_id(), scene.emulator.unused_id());
        scene.workspace.import(address, &nowhere).await.failed();
        for id in ["nonsense", "a/", "/b", "a/b/c"] {
            let run = scene.workspace.import(address, id).await.failed();
            assert!(run.text().contains("Use app_id/connector_id"), "{run}");
        }
    }
}

/// Returns whether the command line tool looks for `hashicorp/confluence` if an `import` block without a resource does
/// not name its provider (hashicorp/terraform#39144).
pub(crate) async fn needs_provider(workspace: &Workspace) -> bool {
    let version = workspace.version().await;
    let version = version.split('-').next().unwrap_or_default();
    ["1.16.0", "1.16.1", "1.16.2"]
        .iter()
        .any(|affected| version == format!("Terraform v{affected}"))
}

/// Imports a connector into an empty directory with an `import` block and the configuration that Terraform generates.
/// Also returns the plan that generated it.
async fn generate(scene: &Scene, address: &str) -> (Workspace, Run) {
    let other = scene.second_workspace();
    let import = json!({"to": address, "id": scene.import_id()});
    let generating = if needs_provider(&other).await {
        with(&import, &json!({"provider": "confluence"}))
    } else {
        import.clone()
    };
    other.write(&json!({"import": [generating]}));
    let arguments = [
        "plan",
        "-no-color",
        "-input=false",
        "-generate-config-out=generated.tf",
    ];
    let run = other.run(&arguments).await;
    // As in the guide, the `import` block must not name the provider after the resource block exists.
    other.write(&json!({"import": [import]}));
    (other, run)
}

/// Does the same, and requires that the plan succeeds.
async fn generated(scene: &Scene, address: &str) -> Workspace {
    let (other, run) = generate(scene, address).await;
    run.succeeded();
    other
}

#[tokio::test]
async fn a_generated_configuration_is_valid_and_leaves_nothing_to_do() {
    let scene = or_skip!(Scene::new());
    let choices =
        json!({"skip_personal_spaces": true, "nouns": ["space", "page"], "description": "Ours"});
    scene.create_with(CLOUD, &choices).await;
    let other = generated(&scene, CLOUD).await;
    other.validate().await.succeeded();
    let run = other.apply(&[]).await.succeeded();
    assert!(
        run.text()
            .contains("1 imported, 0 added, 0 changed, 0 destroyed"),
        "{run}"
    );
    other.assert_quiet("after the import").await;
    // A write-only key, which cannot be read, is not a change.
    let path = other.path("generated.tf");
    let text = std::fs::read_to_string(&path).expect("a file");
    let keyed: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("api_key_wo "))
        .flat_map(|line| {
            let is_site = line.trim_start().starts_with("site_domain");
            let key = if is_site {
                "  api_key_wo = \"key-1\"\n"
            } else {
                ""
            };
            [line, "\n", key]
        })
        .collect();
    std::fs::write(&path, keyed).expect("a file");
    other.assert_quiet("once the key is added").await;
    assert_eq!(scene.connectors().len(), 1);
}

/// ConductorOne does not know what a self-hosted connector reads from its environment.
#[tokio::test]
async fn a_generated_configuration_that_lacks_the_address_says_why() {
    let filled = json!({
        "hostname": "https://confluence.corp.acme.example", "site_domain": "acme", "username": "svc@acme.example",
    });
    for (address, missing) in [
        (DATA_CENTER, &["hostname"][..]),
        (SELF_HOSTED, &["site_domain", "username"]),
    ] {
        let scene = or_skip!(Scene::new());
        scene.create_complete(address).await;
        let (other, run) = generate(&scene, address).await;
        let run = run.failed();
        let reason = "ConductorOne does not store it, because a self-hosted connector reads it from its environment";
        assert!(run.text().contains(reason), "{run}");
        // The configuration contains the attributes to fill in.
        let path = other.path("generated.tf");
        let mut text = std::fs::read_to_string(&path).expect("a file");
        for name in missing {
            let title = format!("Missing {name}");
            assert!(run.text().contains(&title), "{title}: {run}");
            let line = text
                .lines()
                .find(|line| line.trim_start().starts_with(name));
            let line = line.unwrap_or_else(|| panic!("no {name}: {text}"));
            let replaced = line.replace("null", &filled[name].to_string());
            text = text.replace(line, &replaced);
        }
        std::fs::write(&path, text).expect("a file");
        other.apply(&[]).await.succeeded();
        other.assert_quiet("after the import").await;
    }
}

#[tokio::test]
async fn a_delegated_connector_is_generated_without_settings() {
    let scene = or_skip!(Scene::new());
    let none = json!({"site_domain": null, "username": null, "api_key": null});
    scene.create_with(CLOUD, &none).await;
    let other = generated(&scene, CLOUD).await;
    other.apply(&[]).await.succeeded();
    other.assert_quiet("after the import").await;
}
