//! The line at which Terraform shows an error, also for errors inside objects.

use crate::scene::Scene;

const CONFIGURATION: &str = r#"resource "confluence_integration" "it" {
  app_id = "app"
  sync = {
    cron = "soon"
  }
  timeouts = {
    create = "soon"
  }
}
resource "confluence_datacenter_integration" "it" {
  app_id   = "app"
  hostname = "https://confluence.corp.acme.example"
  sync = {
    timezone = "Europe/Berlin"
  }
}
resource "confluence_app" "it" {
  unmanaged_app = {
    app_id           = "a/b"
    resource_type_id = "application"
    resource_id      = "wiki"
  }
  annotations = {
    team = ""
  }
}
data "confluence_integrations" "all" {
  timeouts = {
    read = "soon"
  }
}
"#;

/// Returns the named attribute and the shown line.
const PLACES: [(&str, &str); 6] = [
    ("sync.cron", "3: sync = {"),
    ("timeouts.create", "6: timeouts = {"),
    ("sync.timezone", "13: sync = {"),
    ("unmanaged_app.app_id", "18: unmanaged_app = {"),
    ("annotations[\"team\"]", "24: team = \"\""),
    ("timeouts.read", "28: timeouts = {"),
];

#[tokio::test]
async fn an_error_inside_an_object_is_shown_at_its_line() {
    let scene = or_skip!(Scene::new());
    let file = scene.workspace.path("main.tf");
    std::fs::write(file, CONFIGURATION).expect("a file");
    let run = scene.workspace.validate().await.failed();
    let text = run.text();
    let errors: Vec<_> = text.split("Error: ").skip(1).collect();
    assert_eq!(errors.len(), PLACES.len(), "{run}");
    for (name, line) in PLACES {
        let error = errors.iter().find(|error| error.contains(line));
        let error = error.unwrap_or_else(|| panic!("no error at {line}: {run}"));
        assert!(error.contains(name), "{name}: {error}");
    }
}
