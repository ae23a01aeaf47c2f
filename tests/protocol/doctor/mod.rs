//! `-doctor`: its table for setups that work and that do not, and what it must never print.

mod connection;
mod output;
mod tenant;

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use conductorone_emulator::{Options, StoredConnector, Switches, SyncRun, Time, V2};
use serde_json::Value;
use tokio::process::Command;

use crate::emulator::CheckedEmulator;
use crate::wait::within;

const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-confluence");
/// The time limit of one run. Every step has its own, shorter limit.
const LIMIT: Duration = Duration::from_mins(2);
/// A client secret that no tenant knows.
const OTHER_SECRET: &str = "secret-token:conductorone.com:v1:eyJrdHkiOiJPS1AiLCJjcnYiOiJFZDI1NTE5IiwieCI6IjJ6Y01LcWFYbHVtaXloT0Rpd0JNRUt2VUFSQ1BuZlZRdVJraVdPeHNMLUEiLCJkIjoiaGpJb291TnhRdElRcWdmZU1TdWFPUkN5am1HOGJHZXQyai1ocEs3ZXpaTSJ9";

/// A machine with an environment.
struct Machine {
    env: BTreeMap<&'static str, String>,
    dir: tempfile::TempDir,
}

/// The result of a run.
#[derive(Debug)]
struct Visit {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Machine {
    fn without_settings() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let env = BTreeMap::new();
        Self { env, dir }
    }

    /// Returns a machine that is set up for this tenant.
    fn of_tenant(emulator: &CheckedEmulator) -> Self {
        let mut machine = Self::without_settings()
            .with("CONDUCTORONE_SERVER_URL", emulator.url())
            .with("CONDUCTORONE_CLIENT_ID", emulator.client_id())
            .with("CONDUCTORONE_CLIENT_SECRET", emulator.client_secret());
        if let Some(pem) = emulator.ca_pem() {
            let file = machine.dir.path().join("ca.pem");
            std::fs::write(&file, pem).expect("a file");
            machine = machine.with("SSL_CERT_FILE", &file.display().to_string());
        }
        machine
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.env.insert(name, value.to_owned());
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.env.remove(name);
        self
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.arg("-doctor").args(arguments);
        command.env_clear().envs(&self.env).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.kill_on_drop(true);
        command
    }

    async fn run(&self, arguments: &[&str]) -> Visit {
        let output = self.command(arguments).output();
        let output = within("the end of the examination", LIMIT, output).await;
        let output = output.expect("the program starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Visit {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Examines the setup and returns the exit code and the rows.
    async fn examined(&self, arguments: &[&str]) -> Report {
        let visit = self.run(&[arguments, &["-json"]].concat()).await;
        assert_eq!(visit.stderr, "");
        let report: Value = serde_json::from_str(&visit.stdout).expect("JSON");
        assert_eq!(report["format_version"], 1);
        assert_eq!(report["provider_version"], env!("CARGO_PKG_VERSION"));
        let rows = report["checks"].as_array().expect("rows").clone();
        let report = Report {
            code: visit.code,
            rows,
        };
        for row in &report.rows {
            report.check(row);
        }
        report
    }
}

/// A report and the exit code.
#[derive(Debug)]
struct Report {
    code: Option<i32>,
    rows: Vec<Value>,
}

impl Report {
    /// Checks what holds for each row.
    fn check(&self, row: &Value) {
        let text = |name: &str| row[name].as_str().expect("a text");
        let fields = row.as_object().expect("an object");
        let fields: Vec<_> = fields.keys().map(String::as_str).collect();
        assert_eq!(fields, ["detail", "name", "remedy", "state", "subject"]);
        assert_ne!(text("detail"), "", "{row}");
        let wants_remedy = matches!(text("state"), "failed" | "warning");
        assert_eq!(text("remedy").is_empty(), !wants_remedy, "{row}");
        let failed = self.rows.iter().any(|row| row["state"] == "failed");
        assert_eq!(self.code, Some(i32::from(failed)), "{self:#?}");
    }

    /// Returns the only row of this check, or the one about this subject: `catalog Baton`.
    fn row(&self, name: &str) -> &Value {
        let is_it = |row: &&Value| {
            let text = |name: &str| row[name].as_str().unwrap_or_default();
            format!("{} {}", text("name"), text("subject")).trim() == name
        };
        let mut rows = self.rows.iter().filter(is_it);
        let row = rows.next().unwrap_or_else(|| panic!("{name}: {self:#?}"));
        assert_eq!(rows.next(), None, "{name}");
        row
    }

    fn state(&self, name: &str) -> &str {
        self.row(name)["state"].as_str().expect("a state")
    }

    /// Checks the state of a check, and that its texts contain these words.
    fn says(&self, name: &str, state: &str, words: &[&str]) {
        let row = self.row(name);
        assert_eq!(row["state"], state, "{self:#?}");
        let text = format!("{} {}", row["detail"], row["remedy"]);
        for word in words {
            assert!(text.contains(word), "{word}: {row:#}");
        }
    }

    /// Returns the checks that are not in order.
    fn complaints(&self) -> Vec<&str> {
        let bad = self.rows.iter().filter(|row| row["state"] != "ok");
        bad.filter_map(|row| row["name"].as_str()).collect()
    }
}

async fn tenant(tls: bool) -> CheckedEmulator {
    let switches = Switches {
        full_form: true,
        ..Switches::default()
    };
    CheckedEmulator::start(Options {
        tls,
        switches,
        ..Options::default()
    })
    .await
}

fn add_connector(tenant: &CheckedEmulator, edit: impl FnOnce(&mut StoredConnector)) -> String {
    let id = tenant
        .add_connector(&tenant.app_id(), V2)
        .expect("a connector");
    tenant.set_owners(&id, &[tenant.user_id("alice")]);
    tenant.edit_connector(&id, edit);
    id
}

fn ended_sync(error: Option<&str>) -> SyncRun {
    let now = Time::now();
    SyncRun {
        started_at: now,
        completed_at: now,
        error: error.map(str::to_owned),
    }
}
