//! A recorded life of a resource, as JSON: what Terraform stored, and the calls and requests that led to it.

use conductorone_emulator::JournalEntry;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::names::Names;
use super::scenarios::Scenario;
use super::schema::Facts;
use crate::checked::send;
use crate::plan::Scene;
use crate::provider::{Finding, Plan, State};
use crate::value::encode;

const UPGRADE: &str = "UpgradeResourceState";
const READ: &str = "ReadResource";
const PLAN: &str = "PlanResourceChange";
const APPLY: &str = "ApplyResourceChange";

/// A recording of one version of the provider.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recording {
    /// The resource type.
    pub(super) resource: String,
    /// The schema of the resource.
    pub(super) schema: Facts,
    /// The configuration that was last applied.
    pub(super) config: Value,
    /// The state of the resource afterwards.
    pub(super) state: Value,
    /// Its private state.
    pub(super) private: Value,
    /// The requests that created and changed the object.
    pub(super) requests: Vec<SentRequest>,
    /// Creation, change and destruction.
    pub(super) calls: Vec<Call>,
}

/// A request to ConductorOne.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SentRequest {
    method: String,
    path: String,
    body: Value,
}

/// A call of Terraform.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Call {
    pub(super) rpc: String,
    pub(super) request: Value,
    pub(super) answer: Value,
}

/// A resource in a tenant of its own.
pub(super) struct Run {
    pub(super) scene: Scene,
    resource: String,
    calls: Vec<Call>,
}

impl Run {
    /// Starts a tenant and a provider.
    pub(super) async fn start(resource: &str) -> Self {
        let scene = Scene::new().await;
        let ten_years = 10 * 365 * 24 * 3600;
        let lifetime = Some(ten_years);
        scene
            .emulator
            .switch(|switches| switches.credential_lifetime_s = lifetime);
        Self {
            scene,
            resource: resource.to_owned(),
            calls: Vec::new(),
        }
    }

    /// Stops the provider as Terraform does at the end of a run, and starts another one.
    async fn next(mut self) -> Self {
        assert_eq!(self.scene.plugin.shut_down().await, Some(0));
        Self {
            scene: self.scene.next_run().await,
            ..self
        }
    }

    /// Sends the requests of a recording to the tenant.
    pub(super) async fn send(&self, requests: &[SentRequest]) {
        for request in requests {
            let names = Names::of(&self.scene.emulator);
            let line = format!("{} {}", request.method, names.show_in("", &request.path));
            let body = match names.show(&request.body) {
                Value::Null => String::new(),
                body => body.to_string(),
            };
            let answer = send(&self.scene.emulator, &line, &body).await;
            let answer = answer.expect("an answer");
            assert!(answer.starts_with("HTTP/1.1 200"), "{line}: {answer}");
        }
    }

    /// Makes a call and records it. The request and the answer contain names.
    pub(super) async fn call(&mut self, rpc: &str, request: Value) -> Value {
        let given = Names::of(&self.scene.emulator).show(&request);
        let answer = match rpc {
            UPGRADE => self.answer_upgrade(&given).await,
            READ => self.answer_read(&given).await,
            PLAN => self.answer_plan(&given).await,
            APPLY => self.answer_apply(&given).await,
            _ => panic!("unknown call {rpc}"),
        };
        let answer = Names::of(&self.scene.emulator).hide(&answer);
        self.calls.push(Call {
            rpc: rpc.to_owned(),
            request,
            answer: answer.clone(),
        });
        answer
    }

    async fn answer_upgrade(&self, request: &Value) -> Value {
        let version = request["version"].as_i64().expect("a version");
        let state = request["state"].to_string();
        let upgraded = self.scene.provider.upgrade(&self.resource, version, &state);
        state_answer(&upgraded.await)
    }

    async fn answer_read(&self, request: &Value) -> Value {
        let state = State {
            value: request["state"].clone(),
            bytes: self.encoded(&request["state"]),
            private: bytes(&request["private"]),
            findings: Vec::new(),
        };
        state_answer(&self.scene.provider.read(&self.resource, &state).await)
    }

    async fn answer_plan(&self, request: &Value) -> Value {
        let private = bytes(&request["private"]);
        let (prior, config) = (&request["prior"], &request["config"]);
        let provider = &self.scene.provider;
        let plan = provider.plan(&self.resource, prior, config, &private).await;
        json!({
            "state": plan.state, "replace": plan.replace, "private": text(&plan.private),
            "findings": titles(&plan.findings),
        })
    }

    async fn answer_apply(&self, request: &Value) -> Value {
        let plan = Plan {
            state: request["planned"].clone(),
            bytes: self.encoded(&request["planned"]),
            replace: Vec::new(),
            private: bytes(&request["private"]),
            findings: Vec::new(),
        };
        let (prior, config) = (&request["prior"], &request["config"]);
        let provider = &self.scene.provider;
        state_answer(&provider.apply(&self.resource, prior, config, &plan).await)
    }

    fn encoded(&self, value: &Value) -> Vec<u8> {
        encode(value, &self.scene.provider.resource_type(&self.resource))
    }

    /// Plans and applies a configuration, and reads the object. `current` is the answer of the previous read.
    async fn apply(&mut self, current: &Value, config: &Value) -> Value {
        let (prior, private) = (&current["state"], &current["private"]);
        let plan = json!({"prior": prior, "config": config, "private": private});
        let plan = self.call(PLAN, plan).await;
        let apply = json!({
            "prior": prior, "config": config, "planned": plan["state"], "private": plan["private"],
        });
        let applied = self.call(APPLY, apply).await;
        if config.is_null() {
            return applied;
        }
        let read = json!({"state": applied["state"], "private": applied["private"]});
        self.call(READ, read).await
    }

    /// Upgrades a stored state, reads the object and plans the configuration, as a new version does first. Returns the
    /// answers of these calls.
    pub(super) async fn upgrade(
        &mut self,
        version: i64,
        stored: &Value,
        private: &Value,
        config: &Value,
    ) -> [Value; 3] {
        let upgrade = json!({"version": version, "state": stored});
        let upgraded = self.call(UPGRADE, upgrade).await;
        let read = json!({"state": upgraded["state"], "private": private});
        let read = self.call(READ, read).await;
        let plan = json!({"prior": read["state"], "config": config, "private": read["private"]});
        let planned = self.call(PLAN, plan).await;
        [upgraded, read, planned]
    }
}

impl Recording {
    /// Creates, changes and destroys a resource.
    pub(super) async fn of(scenario: &Scenario) -> Self {
        let mut run = Run::start(scenario.resource).await;
        let config = (scenario.config)();
        let nothing = json!({"state": null, "private": null});
        let created = run.apply(&nothing, &config).await;
        let mut changed_config = config.clone();
        for (name, value) in (scenario.change)().as_object().expect("attributes") {
            changed_config[name] = value.clone();
        }
        let changed = run.apply(&created, &changed_config).await;
        let (state, private) = (changed["state"].clone(), changed["private"].clone());
        run = Box::pin(run.next()).await;
        let requests = run.requests();
        let schema = Facts::of(&run.scene.provider, scenario.resource).await;
        let answers = run
            .upgrade(schema.version, &state, &private, &changed_config)
            .await;
        run.apply(&answers[1], &Value::Null).await;
        Self {
            resource: scenario.resource.to_owned(),
            schema,
            config: changed_config,
            state,
            private,
            requests,
            calls: run.calls,
        }
    }

    /// Returns whether a recording is the same, apart from the order of requests that the provider sends at the same time.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let parts = |it: &Self| {
            let mut requests: Vec<_> = it.requests.iter().map(|it| json!(it).to_string()).collect();
            requests.sort();
            let mut parts = json!(it);
            parts["requests"] = requests.into();
            parts
        };
        parts(self) == parts(other)
    }

    /// Repeats the recorded calls, and returns them with the answers of this version.
    pub(super) async fn repeat(&self) -> Vec<Call> {
        let mut run = Run::start(&self.resource).await;
        for call in &self.calls {
            if call.rpc == UPGRADE {
                run = Box::pin(run.next()).await;
            }
            run.call(&call.rpc, call.request.clone()).await;
        }
        run.calls
    }
}

impl Run {
    /// Returns the requests so far that changed something.
    fn requests(&self) -> Vec<SentRequest> {
        let names = Names::of(&self.scene.emulator);
        let sent = |entry: JournalEntry| SentRequest {
            method: entry.method,
            path: names.hide_in("", &entry.path),
            body: names.hide(&entry.body),
        };
        let journal = self.scene.emulator.journal().into_iter();
        journal.filter(is_write).map(sent).collect()
    }
}

/// Returns whether a request is a write. Some reads are POSTs.
fn is_write(entry: &JournalEntry) -> bool {
    let reads = [
        "/auth/v1/token",
        "/search/",
        "/introspect",
        "/connectorcatalog",
    ];
    entry.method != "GET" && !reads.iter().any(|part| entry.path.contains(part))
}

fn state_answer(state: &State) -> Value {
    json!({"state": state.value, "private": text(&state.private), "findings": titles(&state.findings)})
}

/// Returns the severities, attributes and titles of diagnostics. Their other texts are not a stable interface.
fn titles(findings: &[Finding]) -> Vec<String> {
    let title = |finding: &Finding| {
        let severity = if finding.is_error { "Error" } else { "Warning" };
        format!("{severity} {}: {}", finding.attribute, finding.summary)
    };
    findings.iter().map(title).collect()
}

/// Returns private data as JSON, or null if there is none.
fn text(private: &[u8]) -> Value {
    if private.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(private).expect("JSON")
}

fn bytes(private: &Value) -> Vec<u8> {
    if private.is_null() {
        return Vec::new();
    }
    private.to_string().into()
}
