//! `make live`: the life of both connectors in an app of a real tenant that the user names.
//!
//! The provider's requests go through a proxy that compares every exchange with the API's description. The differences are
//! the result of the run: no other test of this repository uses a real tenant.

mod emulated;
mod life;
mod recorder;
mod report;
mod settings;

use std::process::Stdio;

use serde_json::Value;
use tokio::process::Command;

use life::Life;
use recorder::Recorder;
use report::Report;
use settings::{Settings, say};

const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-confluence");

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it changes a real tenant: `make live` runs it"]
async fn a_real_tenant() {
    let settings = Settings::read();
    let (examination, tenant) = examine(&settings).await;
    let recorder = Recorder::start(&tenant).await;
    let mut life = Life::new(&settings, &recorder);
    let app = life
        .app_name()
        .await
        .expect("an app that Terraform can read");
    assert!(settings.confirm(&tenant, &app), "nothing was changed");
    life.run().await;
    let recording = recorder.recording();
    let report = Report {
        cli: &life.version().await,
        examination: &examination,
        steps: &life.steps,
        recording: &recording,
    };
    std::fs::write(&settings.report, report.to_markdown()).expect("the report can be written");
    say(&format!(
        "\nThe report is in {}.",
        settings.report.display()
    ));
    for id in &recording.leftovers {
        say(&format!(
            "Delete this connector in ConductorOne, it is left: {id}"
        ));
    }
    let problems = life.steps.iter().filter_map(|step| step.problem.as_ref());
    let problems: Vec<_> = problems.collect();
    assert!(problems.is_empty(), "{problems:?}");
    assert!(recording.leftovers.is_empty(), "connectors are left");
}

/// Examines the setup with `-doctor`. Returns its table and the URL of the tenant. Ends the run if a check of the connection or
/// of the app failed.
async fn examine(settings: &Settings) -> (String, String) {
    let arguments = ["-app", &settings.app_id];
    let table = doctor(&arguments, &[]).await;
    say(&table);
    let report = doctor(&[&arguments[..], &["-json"]].concat(), &[]).await;
    let report: Value = serde_json::from_str(&report).expect("a report of -doctor");
    let checks = report["checks"].as_array().expect("checks");
    let row = |name: &str| checks.iter().find(|row| row["name"] == name);
    for name in ["tls", "token", "app"] {
        let state = row(name).map(|row| &row["state"]);
        let works = state.is_some_and(|state| state == "ok" || state == "warning");
        assert!(works, "{name} must work first");
    }
    let host = row("host").and_then(|row| row["detail"].as_str());
    let host = host.and_then(|detail| detail.split(',').next());
    let host = host.expect("a host").to_owned();
    assert!(host.starts_with("https://"), "{host} is not a tenant");
    (table, host)
}

/// Runs `-doctor` with these additional variables, and returns its output.
async fn doctor(arguments: &[&str], variables: &[(&str, String)]) -> String {
    let mut command = Command::new(BINARY);
    command.arg("-doctor").args(arguments).stdin(Stdio::null());
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let output = command.output().await.expect("the program starts");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
