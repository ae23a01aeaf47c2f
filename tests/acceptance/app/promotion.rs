//! Promotion of apps that an identity provider discovered.

use conductorone_emulator::{Fault, FaultAction};
use serde_json::{Value, json};

use super::{APP, app, apps};
use crate::scene::{Scene, config, with};
use crate::terraform::Outcome;

/// The path of the promotion.
const PROMOTE: &str = "*/promote";

/// Returns the first app that the directory discovered.
fn discovered(scene: &Scene) -> Value {
    json!({"unmanaged_app": {
        "app_id": scene.emulator.directory_app_id(), "resource_type_id": "application",
        "resource_id": scene.emulator.discovered_resource_id(),
    }})
}

#[tokio::test]
async fn a_discovered_app_is_promoted_and_keeps_its_name() {
    let scene = or_skip!(Scene::new());
    scene.create(&[(APP, &discovered(&scene))]).await;
    let state = scene.workspace.state(APP).await;
    assert_eq!(state["id"], json!(app(&scene).id));
    assert_eq!(state["display_name"], "Confluence Cloud");
    assert_eq!(app(&scene).annotations["managed_by"], "terraform");
    let inherited = json!([scene.emulator.user_id("terraform")]);
    assert_eq!(state["owner_ids"], inherited);
}

#[tokio::test]
async fn a_promoted_app_gets_what_is_configured() {
    let scene = or_skip!(Scene::new());
    let wanted = json!({
        "display_name": "Wiki", "description": "All of it", "annotations": {"team": "docs"},
        "owner_ids": [scene.emulator.user_id("alice")],
    });
    scene
        .create(&[(APP, &with(&discovered(&scene), &wanted))])
        .await;
    let app = app(&scene);
    assert_eq!(
        (app.display_name.as_str(), app.description.as_str()),
        ("Wiki", "All of it")
    );
    assert_eq!(app.annotations["team"], "docs");
    assert_eq!(app.owner_ids(), [scene.emulator.user_id("alice")]);
}

#[tokio::test]
async fn an_app_is_promoted_once_and_imported_after_that() {
    let scene = or_skip!(Scene::new());
    scene.create(&[(APP, &discovered(&scene))]).await;
    let id = app(&scene).id;
    let other = scene.second_workspace();
    other.write(&config(&[(APP, &discovered(&scene))]));
    let run = other.apply(&[]).await.failed();
    let command = format!("terraform import confluence_app.NAME '{id}'");
    assert!(run.text().contains("App is already managed"), "{run}");
    assert!(run.text().contains(&command), "{run}");
    assert_eq!(other.resource(APP).await, None);

    other.import(APP, &id).await.succeeded();
    assert_eq!(other.save_plan().await.actions(APP), ["update"]);
    scene.emulator.clear_journal();
    other.apply_plan().await.succeeded();
    other.assert_quiet("after the import").await;
    assert_eq!(scene.writes().len(), 0, "only the state learns of it");
    assert_eq!(app(&scene).id, id);
}

#[tokio::test]
async fn an_app_that_was_not_promoted_is_not_accepted() {
    let scene = or_skip!(Scene::new());
    scene
        .create(&[(APP, &json!({"display_name": "Wiki"}))])
        .await;
    scene.write(&[(APP, &discovered(&scene))]);
    let run = scene.workspace.apply(&[]).await.failed();
    assert!(run.text().contains("Not the discovered app"), "{run}");
    assert_eq!(app(&scene).display_name, "Wiki");
}

#[tokio::test]
async fn a_lost_answer_leaves_one_app() {
    let scene = or_skip!(Scene::new());
    scene.fail(Fault::nth("POST", PROMOTE, 1, FaultAction::DropAfter));
    scene.create(&[(APP, &discovered(&scene))]).await;
    assert_eq!(
        scene.workspace.state(APP).await["id"],
        json!(app(&scene).id)
    );
}

#[tokio::test]
async fn a_lost_request_promotes_nothing_and_says_so() {
    let scene = or_skip!(Scene::new());
    scene.fail(Fault::nth("POST", PROMOTE, 1, FaultAction::DropBefore));
    scene.write(&[(APP, &discovered(&scene))]);
    let run = scene.workspace.apply(&[]).await.failed();
    assert!(
        run.text().contains("did not promote it. Apply again."),
        "{run}"
    );
    assert_eq!(apps(&scene).len(), 0);
    scene.create(&[(APP, &discovered(&scene))]).await;
}

#[tokio::test]
async fn missing_discovered_apps_and_tenants_without_the_api_are_explained() {
    let scene = or_skip!(Scene::new());
    let mut unknown = discovered(&scene);
    unknown["unmanaged_app"]["resource_id"] = json!(scene.emulator.unused_id());
    scene.write(&[(APP, &unknown)]);
    let run = scene.workspace.apply(&[]).await.failed();
    assert!(run.text().contains("Discovered app not found"), "{run}");
    scene.emulator.refuse("GET", "managed_state_bindings", 501);
    scene.write(&[(APP, &discovered(&scene))]);
    let run = scene.workspace.apply(&[]).await.failed();
    assert!(run.text().contains("does not have the API"), "{run}");
}

#[tokio::test]
async fn two_promotions_wait_for_each_other() {
    let scene = or_skip!(Scene::new());
    scene.switch(|it| it.latency_ms = 100);
    // Two resources promote the same app. The second one waits, and then finds the app managed.
    let second = "confluence_app.second";
    let attributes = discovered(&scene);
    scene.write(&[(APP, &attributes), (second, &attributes)]);
    scene.workspace.apply(&[]).await.failed();
    let journal = scene.emulator.journal().into_iter();
    let bindings = journal.filter(|it| it.path.contains("managed_state_bindings"));
    let methods: Vec<_> = bindings.map(|it| it.method).collect();
    assert_eq!(methods, ["GET", "POST", "GET"]);
    assert_eq!(apps(&scene).len(), 1);
}

#[tokio::test]
async fn a_promotion_that_waits_too_long_for_another_one_says_so() {
    let scene = or_skip!(Scene::new());
    // The first promotion takes longer than the timeout of the second one.
    let slow = Fault::first("POST", PROMOTE, 1, FaultAction::DelayBefore { ms: 5000 });
    scene.fail(slow);
    let second = "confluence_app.second";
    let short = json!({"timeouts": {"create": "2s"}});
    let attributes = with(&discovered(&scene), &short);
    scene.write(&[(APP, &attributes), (second, &attributes)]);
    let run = scene.workspace.apply(&[]).await.failed();
    for text in [
        "Operation took too long",
        "The provider waited for the promotion of another app to end,",
        "within 2s, the limit in timeouts.create",
    ] {
        assert!(run.text().contains(text), "{text}: {run}");
    }
}

#[tokio::test]
async fn another_discovered_app_replaces_the_app() {
    let scene = or_skip!(Scene::new());
    scene.create(&[(APP, &discovered(&scene))]).await;
    let mut other = discovered(&scene);
    other["unmanaged_app"]["resource_id"] = json!(scene.emulator.unused_id());
    scene.write(&[(APP, &other)]);
    let plan = scene.workspace.save_plan().await;
    assert_eq!(plan.actions(APP), ["delete", "create"]);
    let (outcome, run) = scene.workspace.plan().await;
    assert_eq!(outcome, Outcome::Changes, "{run}");
}
