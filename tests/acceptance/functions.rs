//! Functions in a configuration.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::scene::{DATA_CENTER, SELF_HOSTED, Scene, config};

/// Returns a Data Center connector with these changes, and an output of its manifests with these options.
fn with_manifests(scene: &Scene, changes: &Value, options: &str, sensitive: bool) -> Value {
    let attributes = scene.changed(DATA_CENTER, changes);
    let mut config = config(&[(DATA_CENTER, &attributes)]);
    let call = format!(
        "${{provider::confluence::kubernetes_manifests({DATA_CENTER}.environment, {options})}}"
    );
    config["output"] = json!({"manifests": {"value": call, "sensitive": sensitive}});
    config
}

/// Returns the client ID of the newest credential, and the manifests.
async fn manifests(scene: &Scene) -> (String, String) {
    let run = scene.workspace.run(&["output", "-raw", "manifests"]).await;
    let state = scene.workspace.state(DATA_CENTER).await;
    let client_id = state["client_id"].as_str().expect("a client ID");
    (client_id.to_owned(), run.succeeded().stdout)
}

/// Returns whether the Secret contains this client ID.
fn has_client_id(manifests: &str, id: &str) -> bool {
    let line = format!("\"BATON_CLIENT_ID\": \"{}\"\n", STANDARD.encode(id));
    manifests.contains(&line)
}

fn checksum(manifests: &str) -> &str {
    let mut lines = manifests.lines().map(str::trim);
    let checksum = lines.find_map(|line| line.strip_prefix("\"checksum/secret\": "));
    checksum.unwrap_or_else(|| panic!("no checksum in {manifests}"))
}

#[tokio::test]
async fn manifests_are_sensitive_and_roll_the_pods_when_the_credential_is_rotated() {
    let scene = or_skip!(Scene::new());
    let none = json!({});
    scene
        .workspace
        .write(&with_manifests(&scene, &none, "{}", false));
    let run = scene.workspace.plan().await.1.failed();
    assert!(run.text().contains("sensitive"), "{run}");

    scene
        .workspace
        .write(&with_manifests(&scene, &none, "{}", true));
    let run = scene.workspace.apply(&[]).await.succeeded();
    assert!(!run.text().contains("BATON_"), "{run}");
    scene.workspace.assert_quiet("after the apply").await;
    let (id, before) = manifests(&scene).await;
    assert!(has_client_id(&before, &id), "{before}");

    let rotated = json!({"credential_version": 2});
    scene
        .workspace
        .write(&with_manifests(&scene, &rotated, "{}", true));
    scene.workspace.apply(&[]).await.succeeded();
    let (new_id, after) = manifests(&scene).await;
    assert_ne!(id, new_id);
    assert!(has_client_id(&after, &new_id), "{after}");
    assert_ne!(checksum(&before), checksum(&after));
}

/// Before the connector exists, the options are known, but not the environment.
#[tokio::test]
async fn invalid_options_fail_before_anything_is_created() {
    let scene = or_skip!(Scene::new());
    let options = "{ replica = 2, name = \"Wiki\" }";
    let with_options = |options| with_manifests(&scene, &json!({}), options, true);
    scene.workspace.write(&with_options(options));
    for run in [
        scene.workspace.validate().await,
        scene.workspace.apply(&[]).await,
    ] {
        let run = run.failed();
        for part in [
            "did you mean replicas?",
            "such as wiki-connector",
            "\"options\"",
        ] {
            assert!(run.text().contains(part), "{part}: {run}");
        }
        assert!(!run.text().contains("pat-1"), "{run}");
    }
    assert_eq!(scene.writes().len(), 0);

    // An unknown option does not hide errors in other options.
    let unknown = format!("{{ name = {DATA_CENTER}.id, replica = 2 }}");
    scene.workspace.write(&with_options(&unknown));
    let run = scene.workspace.plan().await.1.failed();
    assert!(run.text().contains("did you mean replicas?"), "{run}");
}

/// With null options, every plan of `OpenTofu` would show an unknown result.
#[tokio::test]
async fn null_options_are_an_error() {
    let scene = or_skip!(Scene::new());
    for options in ["null", "var.options"] {
        let mut config = with_manifests(&scene, &json!({}), options, true);
        config["variable"] = json!({"options": {"type": "map(string)", "default": null}});
        scene.workspace.write(&config);
        let run = scene.workspace.plan().await.1.failed();
        for part in ["\"options\"", "must not be null"] {
            assert!(run.text().contains(part), "{options}: {part}: {run}");
        }
    }
}

/// After a revocation, there is no environment until the next apply.
#[tokio::test]
async fn manifests_of_no_environment_hold_up_neither_a_refresh_nor_a_destruction() {
    let scene = or_skip!(Scene::new());
    let config = with_manifests(&scene, &json!({}), "{}", true);
    scene.workspace.write(&config);
    scene.workspace.apply(&[]).await.succeeded();
    let (id, _) = manifests(&scene).await;
    let revoke = async || {
        let state = scene.workspace.state(DATA_CENTER).await;
        let credential = state["credential_id"].as_str().expect("an ID");
        scene.emulator.revoke_credential(credential);
        let run = scene.workspace.apply(&["-refresh-only"]).await;
        run.succeeded();
    };
    revoke().await;
    scene.workspace.apply(&[]).await.succeeded();
    let (new_id, manifests) = manifests(&scene).await;
    assert_ne!(id, new_id);
    assert!(has_client_id(&manifests, &new_id), "{manifests}");
    revoke().await;
    scene.workspace.destroy().await.succeeded();
}

#[tokio::test]
async fn manifests_of_a_self_hosted_cloud_connector_run_its_image() {
    let scene = or_skip!(Scene::new());
    let attributes = scene.changed(SELF_HOSTED, &json!({"nouns": ["space", "page"]}));
    let mut config = config(&[(SELF_HOSTED, &attributes)]);
    let call =
        format!("${{provider::confluence::kubernetes_manifests({SELF_HOSTED}.environment, {{}})}}");
    config["output"] = json!({"manifests": {"value": call, "sensitive": true}});
    scene.workspace.write(&config);
    scene.workspace.apply(&[]).await.succeeded();
    scene.workspace.assert_quiet("after the apply").await;
    let run = scene.workspace.run(&["output", "-raw", "manifests"]).await;
    let manifests = run.succeeded().stdout;
    let (url, nouns) = ("https://acme.atlassian.net", "page,space");
    for part in [
        "public.ecr.aws/conductorone/baton-confluence:latest".to_owned(),
        format!("\"BATON_DOMAIN_URL\": \"{}\"", STANDARD.encode(url)),
        format!("\"BATON_NOUN\": \"{}\"", STANDARD.encode(nouns)),
    ] {
        assert!(manifests.contains(&part), "{part}: {manifests}");
    }
}
