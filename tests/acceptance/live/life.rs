//! The steps of a live run.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::scene::{CLOUD, DATA_CENTER, config, with};
use crate::terraform::{Run, Workspace, cli};

use super::recorder::Recorder;
use super::report::StepResult;
use super::settings::{Settings, say};

/// The time limit of a command. The provider's own limits are 10 minutes.
const LIMIT: Duration = Duration::from_mins(30);

/// The file with the recorder's certificate authority.
const AUTHORITY: &str = "recorder.pem";

/// The connectors in a tenant, and what has happened to them.
#[derive(Debug)]
pub(super) struct Life<'a> {
    settings: &'a Settings,
    recorder: &'a Recorder,
    workspace: Workspace,
    interrupt: CancellationToken,
    pub(super) steps: Vec<StepResult>,
}

/// What went wrong, without a text of Terraform, which may contain private data.
type Problem = String;

impl<'a> Life<'a> {
    /// Makes a directory whose provider sends its requests through the recorder.
    pub(super) fn new(settings: &'a Settings, recorder: &'a Recorder) -> Self {
        Self {
            settings,
            recorder,
            workspace: workspace(settings, recorder),
            interrupt: CancellationToken::new(),
            steps: Vec::new(),
        }
    }

    /// Returns the version of the command line tool.
    pub(super) async fn version(&self) -> String {
        self.workspace.version().await
    }

    /// Returns the name of the app, which Terraform reads without changing anything.
    pub(super) async fn app_name(&self) -> Option<String> {
        self.workspace.write(&json!({
            "data": {"confluence_app": {"it": {"id": self.settings.app_id}}},
            "output": {"name": {"value": "${data.confluence_app.it.display_name}"}},
        }));
        let run = self.workspace.apply(&[]).await;
        if run.code != Some(0) {
            say(&run.to_string());
            return None;
        }
        let output = self.workspace.run(&["output", "-json", "name"]).await;
        serde_json::from_str(&output.stdout).ok()
    }

    /// Takes both connectors through their life, and deletes them whatever happens. From now on, Ctrl-C ends the steps but not
    /// the deletion.
    pub(super) async fn run(&mut self) {
        let interrupt = self.interrupt.clone();
        let listener = tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                say("\nInterrupted. The connectors are being deleted; please wait.");
                interrupt.cancel();
            }
        });
        let lived = self.live().await;
        let remaining = if lived.is_ok() { "destroy" } else { "clean up" };
        self.interrupt = CancellationToken::new();
        if self.step(remaining, Step::Destroy).await.is_err() {
            // A failure may be temporary.
            let _ = self.step("clean up again", Step::Destroy).await;
        }
        listener.abort();
    }

    async fn live(&mut self) -> Result<(), Problem> {
        let first = self.attributes(&json!({}), &json!({}));
        self.write(&first);
        self.step("create", Step::Apply).await?;
        self.step("plan after create", Step::QuietPlan).await?;
        self.step("examine", Step::Examine).await?;
        let changes = json!({"display_name": "Terraform live test", "description": "Deleted soon"});
        let cloud = with(&changes, &json!({"skip_personal_spaces": true}));
        let updated = self.attributes(&cloud, &with(&changes, &json!({"provisioning": true})));
        self.write(&updated);
        self.step("update", Step::Apply).await?;
        self.step("plan after update", Step::QuietPlan).await?;
        self.step("import", Step::Import).await?;
        let rotation = json!({"credential_version": 2, "revoke_previous_credential": true});
        let [cloud, data_center] = updated;
        self.write(&[cloud, with(&data_center, &rotation)]);
        self.step("rotate", Step::Apply).await?;
        self.step("plan after rotate", Step::QuietPlan).await
    }

    /// Returns the attributes of both connectors with these changes. The site and the login do not exist.
    fn attributes(&self, cloud: &Value, data_center: &Value) -> [Value; 2] {
        let app_id = &self.settings.app_id;
        let own_cloud = json!({
            "app_id": app_id, "site_domain": "terraform-live-test-no-such-site",
            "username": "nobody@example.com", "api_key": "not-a-real-api-key",
        });
        let own_data_center = json!({
            "app_id": app_id, "hostname": "https://confluence.example.com", "access_token": "not-a-real-token",
        });
        [with(&own_cloud, cloud), with(&own_data_center, data_center)]
    }

    fn write(&self, [cloud, data_center]: &[Value; 2]) {
        self.workspace
            .write(&config(&[(CLOUD, cloud), (DATA_CENTER, data_center)]));
    }

    /// Makes a step and records its result. A step after an interruption is not made.
    async fn step(&mut self, name: &'static str, step: Step) -> Result<(), Problem> {
        say(&format!("- {name}"));
        let started = Instant::now();
        let outcome = if self.interrupt.is_cancelled() {
            Err("interrupted".to_owned())
        } else {
            self.make(step).await
        };
        let problem = outcome.as_ref().err().cloned();
        if let Some(problem) = &problem {
            say(&format!("  failed: {problem}"));
        }
        self.steps.push(StepResult {
            name,
            problem,
            seconds: started.elapsed().as_secs(),
        });
        outcome
    }

    async fn make(&self, step: Step) -> Result<(), Problem> {
        match step {
            Step::Apply => {
                self.terraform(&self.workspace, &["apply", "-auto-approve"])
                    .await
            }
            Step::Destroy => {
                self.terraform(&self.workspace, &["destroy", "-auto-approve"])
                    .await
            }
            Step::QuietPlan => {
                let arguments = ["plan", "-detailed-exitcode"];
                self.terraform(&self.workspace, &arguments).await
            }
            Step::Examine => {
                self.examine().await;
                Ok(())
            }
            Step::Import => self.import().await,
        }
    }

    /// Examines the setup through the recorder, because `-doctor` reads what Terraform does not. Its result does not matter: a
    /// connector whose site does not exist is expected to fail.
    async fn examine(&self) {
        let recorded = [
            ("HTTPS_PROXY", self.recorder.url.clone()),
            (
                "SSL_CERT_FILE",
                self.workspace.path(AUTHORITY).display().to_string(),
            ),
        ];
        super::doctor(&["-app", &self.settings.app_id], &recorded).await;
    }

    /// Imports both connectors into another directory. A Cloud connector then has nothing to do without its key. Another one
    /// gets a new credential with the next apply, so that its plan is not empty.
    async fn import(&self) -> Result<(), Problem> {
        let other = workspace(self.settings, self.recorder);
        let mut attributes = Vec::new();
        for address in [CLOUD, DATA_CENTER] {
            let created = self.workspace.resource(address).await;
            let created = created.ok_or_else(|| format!("{address} is not in the state"))?;
            attributes.push(created["values"].clone());
        }
        let kept = |values: &Value, names: &[&str]| -> Value {
            let kept = names
                .iter()
                .map(|name| ((*name).to_owned(), values[*name].clone()));
            kept.collect()
        };
        let cloud = kept(
            &attributes[0],
            &[
                "app_id",
                "site_domain",
                "username",
                "display_name",
                "description",
                "skip_personal_spaces",
            ],
        );
        let data_center = kept(
            &attributes[1],
            &["app_id", "hostname", "display_name", "description"],
        );
        other.write(&config(&[(CLOUD, &cloud), (DATA_CENTER, &data_center)]));
        for (address, values) in [CLOUD, DATA_CENTER].into_iter().zip(&attributes) {
            let text = |name: &str| values[name].as_str().unwrap_or_default();
            let id = format!("{}/{}", text("app_id"), text("id"));
            self.terraform(&other, &["import", address, &id]).await?;
        }
        let target = format!("-target={CLOUD}");
        self.terraform(&other, &["plan", "-detailed-exitcode", &target])
            .await
    }

    /// Runs a command, which Ctrl-C interrupts.
    async fn terraform(&self, workspace: &Workspace, arguments: &[&str]) -> Result<(), Problem> {
        let (command, rest) = arguments.split_first().expect("a command");
        let arguments = [&[*command, "-no-color", "-input=false"], rest].concat();
        let run = workspace.run_until(&arguments, self.interrupt.cancelled());
        let run: Run = run.await;
        match run.code {
            Some(0) => return Ok(()),
            Some(2) => say(&run.stdout),
            _ => say(&run.to_string()),
        }
        Err(match run.code {
            Some(2) => "the plan is not empty".to_owned(),
            Some(code) => format!("{command} ended with {code}"),
            None => format!("{command} was killed"),
        })
    }
}

/// What a step does.
#[derive(Clone, Copy, Debug)]
enum Step {
    Apply,
    QuietPlan,
    Examine,
    Import,
    Destroy,
}

fn workspace(settings: &Settings, recorder: &Recorder) -> Workspace {
    let cli = cli().expect("terraform or tofu");
    let mut workspace = Workspace::new(cli).apart(LIMIT);
    let authority = workspace.path(AUTHORITY);
    std::fs::write(&authority, &recorder.authority).expect("a file");
    workspace.env("SSL_CERT_FILE", &authority.display().to_string());
    workspace.env("HTTPS_PROXY", &recorder.url);
    for (name, value) in &settings.provider {
        workspace.env(name, value);
    }
    workspace
}
