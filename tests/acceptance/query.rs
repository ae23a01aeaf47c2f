//! `terraform query` of Terraform 1.14 and later. OpenTofu does not have it.

use serde_json::json;

use crate::examples::{entries, example};
use crate::scene::{CLOUD, Scene};
use crate::terraform::skip;

/// A query of all objects that can be imported without changes.
const QUERY: &str = r#"
list "confluence_integration" "all" {
  provider         = confluence
  include_resource = true
}

list "confluence_app" "wiki" {
  provider = confluence

  config {
    display_name = "Wiki"
  }
}
"#;

/// Returns a scene if the command line tool has the command.
async fn scene() -> Option<Scene> {
    let scene = Scene::new().await?;
    if scene.workspace.terraform_version().await >= Some((1, 14)) {
        return Some(scene);
    }
    skip("`terraform query` needs Terraform 1.14 or later");
    None
}

#[tokio::test]
async fn what_a_query_finds_is_imported_and_nothing_changes() {
    let scene = or_skip!(scene());
    let app = json!({"display_name": "Wiki", "owner_ids": [scene.emulator.user_id("alice")]});
    let connector = scene.attributes(CLOUD);
    scene
        .create(&[(CLOUD, &connector), ("confluence_app.it", &app)])
        .await;
    let other = scene.second_workspace();
    std::fs::write(other.path("find.tfquery.hcl"), QUERY).expect("a file");
    let run = other.run(&["query", "-no-color"]).await.succeeded();
    for found in [scene.connector().id.as_str(), "Wiki"] {
        assert!(run.text().contains(found), "{found}: {run}");
    }
    let generate = ["query", "-no-color", "-generate-config-out=generated.tf"];
    other.run(&generate).await.succeeded();
    scene.emulator.clear_journal();
    let run = other.apply(&[]).await.succeeded();
    assert!(
        run.text()
            .contains("2 imported, 0 added, 0 changed, 0 destroyed"),
        "{run}"
    );
    other.assert_quiet("after the import").await;
    assert_eq!(scene.writes().len(), 0, "{:#?}", scene.writes());
}

#[tokio::test]
async fn every_query_of_the_examples_is_valid() {
    let scene = or_skip!(scene());
    for folder in entries(&example("list-resources")) {
        let workspace = scene.second_workspace();
        for query in entries(&folder) {
            let name = query.file_name().expect("a name").to_string_lossy();
            std::fs::copy(&query, workspace.path(&name)).expect("a file");
        }
        let run = workspace.run(&["validate", "-no-color", "-query"]).await;
        assert_eq!(run.code, Some(0), "{}: {run}", folder.display());
    }
}
