//! The ephemeral resource, with a second provider that uses its token.

use serde_json::json;

use crate::scene::Scene;

const CONFIG: &str = r#"
ephemeral "confluence_access_token" "it" {}

provider "confluence" {
  alias        = "other"
  access_token = ephemeral.confluence_access_token.it.token
}

data "confluence_app" "it" {
  provider = confluence.other
  id       = "APP"
}

resource "terraform_data" "it" {
  provisioner "local-exec" {
    command     = "printf %s \"$TOKEN\" > token.txt"
    environment = { TOKEN = ephemeral.confluence_access_token.it.token }
  }
}
"#;

#[tokio::test]
async fn another_provider_and_a_command_use_the_token_and_nothing_keeps_it() {
    let mut scene = or_skip!(Scene::new());
    let log = scene.workspace.path("trace.log").display().to_string();
    scene.workspace.env("TF_LOG", "TRACE");
    scene.workspace.env("TF_LOG_PATH", &log);
    let config = CONFIG.replace("APP", &scene.emulator.app_id());
    std::fs::write(scene.workspace.path("main.tf"), config).expect("a file");
    let plan = scene.workspace.save_plan().await;
    assert_eq!(plan.actions("terraform_data.it"), ["create"]);
    let run = scene.workspace.apply_plan().await.succeeded();
    let token = std::fs::read_to_string(scene.workspace.path("token.txt")).expect("a token");
    assert!(!token.is_empty());
    let state =
        std::fs::read_to_string(scene.workspace.path("terraform.tfstate")).expect("a state");
    let log = std::fs::read_to_string(scene.workspace.path("trace.log")).expect("a log");
    for (name, text) in [
        ("output", run.text()),
        ("plan", plan.json.to_string()),
        ("state", state),
        ("log", log),
    ] {
        assert!(!text.is_empty() && !text.contains(&token), "{name}");
    }
    let app = scene.workspace.state("data.confluence_app.it").await;
    assert_eq!(app["id"], json!(scene.emulator.app_id()));
    scene.workspace.assert_quiet("after the apply").await;
}
