//! The live run itself, against the emulator over HTTPS as if that were a tenant.

use std::process::Stdio;
use std::time::Duration;

use conductorone_emulator::{Fault, FaultAction, Options};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

use crate::proxy::{Protocol, Proxy};
use crate::running::signal;
use crate::scene::Scene;
use crate::wait::{until, within};

/// The name of the tenant, which only the proxy resolves.
const HOST: &str = "acme.tenant.test";
/// The time limit of a run.
const LIMIT: Duration = Duration::from_mins(4);

/// A tenant, and a folder for the report.
struct Emulated {
    scene: Scene,
    proxy: Proxy,
    dir: tempfile::TempDir,
}

/// The result of a run.
struct Outcome {
    succeeded: bool,
    stderr: String,
    report: String,
}

impl Emulated {
    async fn new() -> Option<Self> {
        let options = Options {
            host_names: vec![HOST.to_owned()],
            ..Options::default()
        };
        let scene = Scene::with_options(options).await?;
        let port = scene.emulator.url().rsplit(':').next()?.parse().ok()?;
        Some(Self {
            proxy: Proxy::to(port, Protocol::Http, None).await,
            scene,
            dir: tempfile::tempdir().expect("a folder"),
        })
    }

    /// Starts the run as `make live` does, with these additional variables.
    fn start(&self, variables: &[(&str, &str)]) -> Child {
        let emulator = &self.scene.emulator;
        let file = |name: &str| self.dir.path().join(name);
        std::fs::write(file("ca.pem"), emulator.ca_pem().expect("TLS")).expect("a file");
        let port = emulator.url().rsplit(':').next().expect("a port");
        let program = std::env::current_exe().expect("this program");
        Command::new(program)
            .args(["--ignored", "--exact", "live::a_real_tenant", "--nocapture"])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("APP_ID", emulator.app_id())
            .env("LIVE_REPORT", file("report.md"))
            .env("CONDUCTORONE_SERVER_URL", format!("https://{HOST}:{port}"))
            .env("CONDUCTORONE_CLIENT_ID", emulator.client_id())
            .env("CONDUCTORONE_CLIENT_SECRET", emulator.client_secret())
            .env("HTTPS_PROXY", format!("http://{}", self.proxy.address))
            .env("SSL_CERT_FILE", file("ca.pem"))
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the run starts")
    }

    async fn end(&self, child: Child) -> Outcome {
        let output = within("the end of the run", LIMIT, child.wait_with_output()).await;
        let output = output.expect("the run ends");
        let report = std::fs::read_to_string(self.dir.path().join("report.md"));
        Outcome {
            succeeded: output.status.success(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            report: report.unwrap_or_default(),
        }
    }

    async fn agreed(&self) -> Outcome {
        self.end(self.start(&[("YES", "1")])).await
    }

    /// Checks that a report contains no secret and no personal data.
    fn check(&self, report: &str) {
        let emulator = &self.scene.emulator;
        let mut private = vec![
            emulator.client_id().to_owned(),
            emulator.client_secret().to_owned(),
            "not-a-real".to_owned(),
            "@".to_owned(),
        ];
        for connector in emulator.connectors() {
            let credentials = emulator.credentials(&connector.id).into_iter();
            private.extend(credentials.map(|credential| credential.client_secret));
        }
        for user in emulator.users() {
            private.extend([user.id, user.display_name]);
        }
        for text in private {
            assert!(!report.contains(&text), "{text}: {report}");
        }
    }
}

#[tokio::test]
async fn a_live_run_leaves_nothing_and_finds_no_difference() {
    let emulated = or_skip!(Emulated::new());
    let outcome = emulated.agreed().await;
    let Outcome { stderr, report, .. } = &outcome;
    assert!(outcome.succeeded, "{stderr}");
    let emulator = &emulated.scene.emulator;
    let question = format!("in the app \"Confluence\" ({})", emulator.app_id());
    assert!(
        stderr.contains(&question) && stderr.contains(HOST),
        "{stderr}"
    );
    let created = emulator.connectors();
    assert_eq!(created.len(), 2);
    assert_eq!(emulated.scene.connectors().len(), 0, "{stderr}");
    for step in [
        "create",
        "plan after create",
        "examine",
        "update",
        "plan after update",
        "import",
        "rotate",
        "plan after rotate",
        "destroy",
    ] {
        assert!(
            report.contains(&format!("| {step} | ok |")),
            "{step}: {report}"
        );
    }
    let none = "## Differences from the API's description\n\nNone.\n";
    assert!(report.contains(none), "{report}");
    for operation in [
        "post /auth/v1/token",
        "post /api/v1/apps/{app_id}/connectors/create",
        "post /api/v1/apps/connectors/credentials",
        "post /api/v1/users/introspect",
        "delete /api/v1/apps/{app_id}/connectors/{id}",
    ] {
        assert!(
            report.contains(&format!("| `{operation}` | 200: ")),
            "{operation}: {report}"
        );
    }
    assert!(
        report.contains("issued by: conductorone-emulator"),
        "{report}"
    );
    emulated.check(report);
}

#[tokio::test]
async fn without_a_yes_nothing_changes() {
    let emulated = or_skip!(Emulated::new());
    let mut child = emulated.start(&[]);
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"no\n").await.expect("the run reads");
    drop(stdin);
    let outcome = emulated.end(child).await;
    assert!(!outcome.succeeded);
    assert!(
        outcome.stderr.contains("nothing was changed"),
        "{}",
        outcome.stderr
    );
    assert_eq!(emulated.scene.writes().len(), 0);
}

#[tokio::test]
async fn differences_are_reported_without_values() {
    let emulated = or_skip!(Emulated::new());
    let row = json!({"createdAt": "of@acme.example"});
    let body = json!({"list": [row], "nextPageToken": "", "surprise": "of@acme.example"});
    let action = FaultAction::Body {
        status: 200,
        content_type: "application/json".to_owned(),
        body: body.to_string(),
    };
    emulated
        .scene
        .fail(Fault::every("GET", "*/owners/entitlements", action.clone()));
    emulated
        .scene
        .fail(Fault::every("GET", "*/owners/users", action));
    let outcome = emulated.agreed().await;
    assert_eq!(emulated.scene.connectors().len(), 0, "{}", outcome.stderr);
    let report = &outcome.report;
    let operation =
        "`get /api/v2/apps/{app_id}/connectors/{connector_id}/owners/users`: the response:";
    let lines = report.lines().filter(|line| line.contains(operation));
    let lines: Vec<_> = lines.collect();
    for words in ["/list/0/createdAt", "'surprise' was unexpected"] {
        assert!(
            lines.iter().any(|line| line.contains(words)),
            "{words}: {report}"
        );
    }
    emulated.check(report);
}

#[tokio::test]
async fn a_failed_step_is_cleaned_up() {
    let emulated = or_skip!(Emulated::new());
    emulated
        .scene
        .emulator
        .refuse("POST", "/connectors/credentials", 403);
    let outcome = emulated.agreed().await;
    assert!(!outcome.succeeded, "{}", outcome.stderr);
    assert_eq!(emulated.scene.connectors().len(), 0, "{}", outcome.stderr);
    let report = &outcome.report;
    for line in ["| create | apply ended with 1 |", "| clean up | ok |"] {
        assert!(report.contains(line), "{line}: {report}");
    }
    assert!(report.contains("are left\n\nNone.\n"), "{report}");
    emulated.check(report);
}

#[tokio::test]
async fn ctrl_c_ends_the_steps_and_the_connectors_are_deleted() {
    let emulated = or_skip!(Emulated::new());
    let delay = FaultAction::DelayBefore { ms: 2000 };
    emulated
        .scene
        .fail(Fault::every("POST", "/connectors/credentials", delay));
    let child = emulated.start(&[("YES", "1")]);
    let asked = || {
        let journal = emulated.scene.emulator.journal();
        let mut paths = journal.iter().map(|entry| &entry.path);
        paths
            .any(|path| path.ends_with("/connectors/credentials"))
            .then_some(())
    };
    until("the request for a credential", LIMIT, asked).await;
    signal(child.id().expect("a running program"), "INT").await;
    let outcome = emulated.end(child).await;
    assert!(!outcome.succeeded, "{}", outcome.stderr);
    assert_eq!(emulated.scene.connectors().len(), 0, "{}", outcome.stderr);
    assert!(
        outcome.report.contains("| clean up | ok |"),
        "{}",
        outcome.report
    );
    assert!(!outcome.report.contains("rotate"), "{}", outcome.report);
}
