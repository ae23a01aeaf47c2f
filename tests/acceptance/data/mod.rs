//! Data sources: results, errors and number of requests.

mod connectors;
mod lookups;
mod synced;

use serde_json::{Value, json};

use crate::terraform::{Outcome, Run, Workspace};

/// Returns a configuration of these data sources, as pairs of an address and its attributes. Outputs of the same names
/// contain the results.
fn sources(sources: &[(&str, Value)]) -> Value {
    let mut config = json!({"data": {}, "output": {}});
    for (address, attributes) in sources {
        let (kind, name) = address.split_once('.').expect("an address");
        config["data"][kind][name] = attributes.clone();
        config["output"][name] = json!({ "value": format!("${{data.{address}}}") });
    }
    config
}

/// Reads these data sources and returns their results by name.
async fn read(workspace: &Workspace, wanted: &[(&str, Value)]) -> Value {
    workspace.write(&sources(wanted));
    workspace.apply(&[]).await.succeeded();
    let shown = workspace.run(&["output", "-json"]).await.succeeded();
    let mut outputs: Value = serde_json::from_str(&shown.stdout).expect("JSON");
    for (_, output) in outputs.as_object_mut().expect("outputs") {
        *output = output["value"].take();
    }
    outputs
}

/// Plans these data sources, which must fail.
async fn refused(workspace: &Workspace, wanted: &[(&str, Value)]) -> Run {
    workspace.write(&sources(wanted));
    let (outcome, run) = workspace.plan().await;
    assert_eq!(outcome, Outcome::Error, "{run}");
    run
}

fn assert_says(run: &Run, parts: &[&str]) {
    for part in parts {
        assert!(run.text().contains(part), "{part:?} is missing: {run}");
    }
}
