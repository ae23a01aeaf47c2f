//! What a run prints: nothing of the provider's if there is nothing to do, and as few unknown values as possible.

use conductorone_emulator::NewConnectors;
use serde_json::{Value, json};

use crate::scene::{ALL, APP, CLOUD, CONNECTORS, Scene, config, with};
use crate::terraform::{Run, Workspace, cli};

/// Returns a workspace with the installed provider. Terraform warns about a provider that was not installed.
fn installed(scene: &Scene) -> Workspace {
    let cli = cli().expect("the scene has one");
    Workspace::installed(cli).of_tenant(&scene.emulator)
}

/// Returns every resource and data source, with a few optional attributes.
fn everything(scene: &Scene) -> Value {
    let owner = json!({"owner_ids": null, "owner_emails": ["alice@acme.example"]});
    let resources = ALL.map(|address| (address, scene.changed(address, &owner)));
    let mut config = config(&resources.each_ref().map(|(address, it)| (*address, it)));
    config["terraform"] =
        json!({"required_providers": {"confluence": {"source": "conductorone/confluence"}}});
    let connector =
        json!({"app_id": scene.emulator.app_id(), "id": "${confluence_integration.it.id}"});
    config["data"] = json!({
        "confluence_app": {"it": {"id": scene.emulator.app_id()}},
        "confluence_user": {"it": {"email": "alice@acme.example"}},
        "confluence_integration": {"it": connector},
        "confluence_integrations": {"it": {}},
        "confluence_synced_data": {"it": {"app_id": scene.emulator.app_id()}},
    });
    config
}

/// Returns the lines of a run except those about its progress.
fn lines(run: &Run) -> Vec<&str> {
    assert_eq!(run.stderr, "", "{run}");
    let progress = [": Refreshing state...", ": Reading...", ": Read complete"];
    let lines = run.stdout.lines().filter(|line| !line.trim().is_empty());
    lines
        .filter(|line| !progress.iter().any(|text| line.contains(text)))
        .collect()
}

#[tokio::test]
async fn a_run_without_changes_prints_nothing_of_the_providers() {
    let scene = or_skip!(Scene::new());
    let workspace = installed(&scene);
    workspace.write(&everything(&scene));
    workspace.run(&["init"]).await.succeeded();
    workspace.apply(&[]).await.succeeded();
    let run = workspace.validate().await.succeeded();
    assert_eq!(lines(&run), ["Success! The configuration is valid."]);
    let plan = ["plan", "-no-color", "-input=false"];
    let refresh_only = ["plan", "-no-color", "-input=false", "-refresh-only"];
    for plan in [&plan[..], &refresh_only] {
        let run = workspace.run(plan).await.succeeded();
        let lines = lines(&run);
        assert!(lines[0].starts_with("No changes. "), "{run}");
        // Terraform's explanation of that.
        assert_eq!(lines.len(), 3, "{run}");
    }
    let run = workspace.apply(&[]).await.succeeded();
    let last = "Apply complete! Resources: 0 added, 0 changed, 0 destroyed.";
    assert_eq!(lines(&run).last(), Some(&last), "{run}");
    assert_eq!(lines(&run).len(), 4, "{run}");
}

#[tokio::test]
async fn the_plan_of_a_creation_prints_no_value_as_unknown_that_it_could_know() {
    let scene = or_skip!(Scene::new());
    let workspace = installed(&scene);
    let mut config = everything(&scene);
    config.as_object_mut().expect("an object").remove("data");
    workspace.write(&config);
    workspace.run(&["init"]).await.succeeded();
    let (_, run) = workspace.plan().await;
    let unknown = run
        .stdout
        .lines()
        .filter(|line| line.contains("(known after apply)"));
    let names = unknown.filter_map(|line| line.trim().strip_prefix("+ ")?.split_once(' '));
    let mut names: Vec<_> = names.map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    let expected = [
        "client_id",
        "created_at",
        "credential_expires_at",
        "credential_id",
        "id",
    ];
    assert_eq!(names, expected, "{run}");
}

/// A tenant may give new connectors another name, a schedule and a pause.
#[tokio::test]
async fn a_new_connector_is_as_planned_whatever_the_tenant_presets() {
    let scene = or_skip!(Scene::new());
    scene.switch(|it| it.new_connectors = NewConnectors::Preset);
    let no_settings = json!({"site_domain": null, "username": null, "api_key": null});
    let complete = CONNECTORS.map(|address| (address, scene.attributes(address)));
    let delegated = (CLOUD, scene.changed(CLOUD, &no_settings));
    for (address, attributes) in complete.into_iter().chain([delegated]) {
        scene.write(&[(address, &attributes)]);
        let plan = scene.workspace.save_plan().await;
        let planned = plan.change(address)["after"].clone();
        scene.workspace.apply_plan().await.succeeded();
        scene.workspace.assert_quiet(address).await;
        let connector = scene.connector();
        assert_eq!(json!(connector.display_name), planned["display_name"]);
        assert_eq!(connector.description, "");
        assert_eq!(
            connector.sync_disabled_at.is_none(),
            planned["sync"]["enabled"] == true
        );
        let state = scene.workspace.state(address).await;
        assert_eq!(
            state["sync"],
            json!({"enabled": true, "cron": null, "timezone": null})
        );
        assert_eq!(state["display_name"], planned["display_name"]);
        scene.workspace.destroy().await.succeeded();
    }
}

#[tokio::test]
async fn a_new_app_is_as_planned() {
    let scene = or_skip!(Scene::new());
    let named = json!({"display_name": "Wiki"});
    let described = with(&named, &json!({"description": "All of it"}));
    for (attributes, description) in [(named, ""), (described, "All of it")] {
        scene.write(&[(APP, &attributes)]);
        let plan = scene.workspace.save_plan().await;
        assert_eq!(plan.change(APP)["after"]["description"], description);
        scene.workspace.apply_plan().await.succeeded();
        scene.workspace.assert_quiet(APP).await;
        let state = scene.workspace.state(APP).await;
        assert_eq!(state["description"], description);
        scene.workspace.destroy().await.succeeded();
    }
}
