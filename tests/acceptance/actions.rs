//! Actions of Terraform 1.14 and later. OpenTofu does not have them.

use conductorone_emulator::{StoredConnector, V2};

use crate::examples::{copy, entries, example};
use crate::scene::Scene;
use crate::terraform::skip;

/// A connector whose creation triggers a sync, and an action that only the command line runs.
const CONFIG: &str = r#"
resource "confluence_integration" "it" {
  app_id      = "APP"
  site_domain = "acme"
  username    = "svc@acme.example"
  api_key     = "key-1"
}

resource "terraform_data" "it" {
  input = confluence_integration.it.username

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.confluence_force_sync.it]
    }
  }
}

action "confluence_force_sync" "it" {
  config {
    app_id       = confluence_integration.it.app_id
    connector_id = confluence_integration.it.id
    wait         = true
  }
}

action "confluence_pause_sync" "it" {
  config {
    app_id       = confluence_integration.it.app_id
    connector_id = confluence_integration.it.id
  }
}
"#;

/// Returns a scene whose syncs end at once, if the command line tool has actions.
async fn scene() -> Option<Scene> {
    let scene = Scene::new().await?;
    if scene.workspace.terraform_version().await >= Some((1, 14)) {
        scene.emulator.switch(|it| it.sync_duration_ms = 0);
        return Some(scene);
    }
    skip("actions need Terraform 1.14 or later");
    None
}

impl Scene {
    /// Returns how often this operation of a connector was requested.
    fn count(&self, operation: &str) -> usize {
        let journal = self.emulator.journal();
        let path = format!("/{operation}");
        journal.iter().filter(|it| it.path.contains(&path)).count()
    }
}

#[tokio::test]
async fn an_apply_triggers_a_sync_and_waits_for_it() {
    let scene = or_skip!(scene());
    let config = CONFIG.replace("APP", &scene.emulator.app_id());
    std::fs::write(scene.workspace.path("main.tf"), &config).expect("a file");
    let run = scene.workspace.apply(&[]).await.succeeded();
    for shown in [
        "ConductorOne accepted the request for a sync.",
        "The sync succeeded.",
    ] {
        assert!(run.text().contains(shown), "{shown}: {run}");
    }
    assert_eq!(scene.count("force_sync"), 1);
    scene.workspace.assert_quiet("after the action").await;
    let failing = |it: &mut conductorone_emulator::Switches| {
        it.sync_error = Some("no such site".to_owned());
    };
    scene.emulator.switch(failing);
    let config = config.replace("svc@acme", "other@acme");
    std::fs::write(scene.workspace.path("main.tf"), config).expect("a file");
    let run = scene.workspace.apply(&[]).await.failed();
    assert!(run.text().contains("no such site"), "{run}");
    let invoke = ["-invoke=action.confluence_pause_sync.it"];
    scene.workspace.apply(&invoke).await.succeeded();
    assert!(scene.connector().sync_disabled_at.is_some());
}

#[tokio::test]
async fn every_example_of_an_action_is_applied() {
    let tenant = or_skip!(scene());
    for folder in entries(&example("actions")) {
        let action = folder.file_name().expect("a name").to_string_lossy();
        let mut workspace = tenant.second_workspace();
        let app_id = tenant.emulator.app_id();
        let connector = tenant.emulator.add_connector(&app_id, V2);
        let connector = connector.expect("a connector");
        let mut stopped = String::new();
        tenant
            .emulator
            .edit_connector(&connector, |it: &mut StoredConnector| {
                it.reconfigure([("username".to_owned(), "svc@acme.example".to_owned())]);
                stopped = it.stop_sync();
                it.sync_disabled_at = None;
            });
        copy(&folder, &workspace);
        let file = workspace.path("action.tf");
        let text = std::fs::read_to_string(&file).expect("a file");
        let text = text.replace("2xKpPzZz9y8x7w6v5u4t3s2r1q0", &app_id);
        let text = text.replace("2xKpQ0aZb1Yc2Xd3We4Vf5Ug6Th", &connector);
        std::fs::write(&file, text).expect("a file");
        workspace.env("TF_VAR_confluence_api_token", "key-1");
        workspace.env("TF_VAR_confirmed_sync", &stopped);
        workspace.apply(&[]).await.succeeded();
        let index = if action == "confluence_confirm_sync" {
            "[0]"
        } else {
            ""
        };
        let invoke = format!("-invoke=action.{action}.wiki{index}");
        tenant.emulator.clear_journal();
        workspace.apply(&[&invoke]).await.succeeded();
        let name = action.trim_start_matches("confluence_");
        let operation = match name {
            "force_sync" => "force_sync",
            "confirm_sync" => "confirm_sync_valid/",
            other => other.trim_end_matches("_sync"),
        };
        assert_eq!(tenant.count(operation), 1, "{action}");
    }
}
