//! Exactly one app is created, whatever happens to the request or to the process that sent it.

use std::time::Duration;

use conductorone_emulator::{Fault, FaultAction};
use serde_json::json;

use super::{APP, app, apps, full};
use crate::scene::{Scene, config, with};
use crate::wait::until;

/// The time limit for Terraform to plan and send the request.
const SOON: Duration = Duration::from_mins(1);
/// Carries out the request, but delays the response longer than any test runs.
const NEVER: FaultAction = FaultAction::DelayAfter { ms: 600_000 };
/// The path of the request that creates an app, but not of the search for apps.
const CREATE: &str = "*v1/apps";

#[tokio::test]
async fn a_lost_answer_leaves_one_app() {
    let scene = or_skip!(Scene::new());
    // An app with the same name, which the provider must not adopt.
    let namesake = scene.emulator.add_app("Wiki");
    scene.fail(Fault::nth("POST", CREATE, 1, FaultAction::DropAfter));
    scene.create(&[(APP, &full(&scene))]).await;
    assert_eq!(apps(&scene).len(), 2);
    let id = scene.workspace.state(APP).await["id"].clone();
    assert_ne!(id, namesake);
    let mine = apps(&scene).into_iter().find(|app| app.id == id);
    assert_eq!(
        mine.expect("the app").annotations["managed_by"],
        "terraform"
    );
}

#[tokio::test]
async fn a_lost_request_leaves_no_app_and_says_so() {
    let scene = or_skip!(Scene::new());
    scene.write(&[(APP, &full(&scene))]);
    scene.emulator.refuse("POST", CREATE, 503);
    let run = scene.workspace.apply(&[]).await.failed();
    assert!(
        run.text()
            .contains("shows no app that the request could have created. Apply again."),
        "{run}"
    );
    assert_eq!(apps(&scene).len(), 0);
    scene.emulator.clear_faults();
    scene.create(&[(APP, &full(&scene))]).await;
    assert_eq!(apps(&scene).len(), 1);
}

#[tokio::test]
async fn ambiguous_apps_are_listed_for_the_user() {
    let scene = or_skip!(Scene::new());
    // Both apps exist before the provider stops waiting for either response.
    scene.fail(Fault::every("POST", CREATE, NEVER));
    let twins = with(&json!({"display_name": "Wiki"}), &json!({"count": 2}));
    let mut config = config(&[(APP, &twins)]);
    config["provider"] = json!({"confluence": {"request_timeout": "2s"}});
    scene.workspace.write(&config);
    let run = scene.workspace.apply(&[]).await.failed();
    assert_eq!(apps(&scene).len(), 2);
    for app in apps(&scene) {
        let command = format!("terraform import confluence_app.NAME '{}'", app.id);
        assert_eq!(run.text().matches(&command).count(), 2, "{run}");
    }
    // The next run recognizes them by their mark.
    scene.emulator.clear_faults();
    scene.workspace.apply(&[]).await.succeeded();
    scene.workspace.assert_quiet("with both").await;
    assert_eq!(apps(&scene).len(), 2);
}

#[tokio::test]
async fn a_failed_last_step_is_a_warning_and_the_next_apply_does_it() {
    let scene = or_skip!(Scene::new());
    scene.emulator.refuse("POST", "/api/v1/apps/", 403);
    scene.write(&[(APP, &full(&scene))]);
    let run = scene.workspace.apply(&[]).await.succeeded();
    assert!(run.text().contains("a later step failed"), "{run}");
    let id = app(&scene).id;
    scene.emulator.clear_faults();
    scene.workspace.apply_update(APP, "the repair").await;
    assert_eq!(app(&scene).id, id);
    let all = json!({"managed_by": "terraform", "team": "docs"});
    assert_eq!(json!(app(&scene).annotations), all);
}

/// Kills the plugin when the app exists and the first request with this fault is in progress, and applies again.
async fn assert_survives(fault: Fault, is_it: fn(&str) -> bool) {
    let scene = or_skip!(Scene::new());
    scene.write(&[(APP, &full(&scene))]);
    scene.fail(fault);
    let running = scene.workspace.start_apply();
    let asked = || {
        let mut journal = scene.emulator.journal().into_iter();
        let asked = journal.any(|it| it.method == "POST" && is_it(&it.path));
        (asked && !apps(&scene).is_empty()).then_some(())
    };
    until("the request", SOON, asked).await;
    running.kill_plugins().await;
    running.end().await.failed();
    scene.emulator.clear_faults();
    let id = app(&scene).id;
    // The abandoned app has other owners than the new configuration.
    let bob = scene.emulator.user_id("bob");
    scene.write(&[(APP, &with(&full(&scene), &json!({"owner_ids": [bob]})))]);
    let again = scene.workspace.apply(&[]).await.succeeded();
    assert!(again.text().contains("App adopted"), "{again}");
    assert_eq!(app(&scene).id, id);
    assert_eq!(scene.workspace.state(APP).await["id"], json!(id));
    scene.workspace.assert_quiet("after the second apply").await;
    assert_eq!(app(&scene).annotations["managed_by"], "terraform");
    assert_eq!(app(&scene).owner_ids(), [bob]);
}

#[tokio::test]
async fn a_plugin_that_is_killed_before_the_answer_leaves_one_app() {
    let create = Fault::nth("POST", CREATE, 1, NEVER);
    assert_survives(create, |path| path == "/api/v1/apps").await;
}

#[tokio::test]
async fn a_plugin_that_is_killed_before_the_last_step_leaves_one_app() {
    let not_yet = FaultAction::DelayBefore { ms: 600_000 };
    let last = Fault::nth("POST", "/api/v1/apps/", 1, not_yet);
    assert_survives(last, |path| path.starts_with("/api/v1/apps/")).await;
}
