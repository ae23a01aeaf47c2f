//! The measured runs.

use std::path::Path;

use conductorone_emulator::{Emulator, Options};
use prost::Message;
use serde_json::{Value, json};

use crate::callgrind::{Callgrind, Counts};
use crate::measure::{
    BINARY_BYTES, Found, PLAN, PLAN_ALLOCATIONS, SCHEMA, SCHEMA_BYTES, START, TLS,
};
use crate::plugin::{Launch, Plugin};
use crate::provider::{Provider, State};

const CONNECTOR: &str = "confluence_integration";
const CONNECTORS: usize = 100;
const RUNS: usize = 5;

/// All measures, in the order of the table.
pub(crate) async fn all(program: &Path) -> Vec<Found> {
    let connect = async |plugin: &Plugin| drop(plugin.connect().await);
    let start = count(program, Launch::plaintext, connect).await;
    let tls = count(program, Launch::like_terraform, connect).await;
    let schema = count(program, Launch::plaintext, async |plugin| {
        Provider::over(plugin.connect().await).await;
    });
    let schema = schema.await;
    let stored = Stored::create(program).await;
    let plan = count(program, Launch::plaintext, async |plugin| {
        stored.plan(plugin).await;
    });
    let plan = plan.await;
    let binary = std::fs::metadata(program).expect("the program").len();
    vec![
        START.found(start.instructions),
        TLS.found(tls.instructions.saturating_sub(start.instructions)),
        SCHEMA.found(schema.instructions.saturating_sub(start.instructions)),
        PLAN.found(plan.instructions.saturating_sub(schema.instructions)),
        PLAN_ALLOCATIONS.found(plan.allocations.saturating_sub(schema.allocations)),
        SCHEMA_BYTES.found(stored.schema_bytes),
        BINARY_BYTES.found(binary),
    ]
}

/// Counts a process from its start to its shutdown, with `work` in between. Returns the smallest counts of several runs,
/// because timers and waiting threads only add to them.
async fn count(program: &Path, launch: impl Fn() -> Launch, work: impl AsyncFn(&Plugin)) -> Counts {
    let mut smallest = Counts::MAX;
    for _ in 0..RUNS {
        let callgrind = Callgrind::of(program);
        let mut plugin = launch().start_as(callgrind.command().into()).await;
        work(&plugin).await;
        assert_eq!(plugin.shut_down().await, Some(0), "the plugin failed");
        smallest = smallest.min(callgrind.counts());
    }
    smallest
}

/// Connectors in an emulated ConductorOne, and their states.
struct Stored {
    emulator: Emulator,
    states: Vec<State>,
    /// The size of the schema as a message.
    schema_bytes: u64,
}

impl Stored {
    /// Creates the connectors in a process that is not counted.
    async fn create(program: &Path) -> Self {
        let emulator = Emulator::start(Options::default()).await;
        let emulator = emulator.expect("the emulator starts");
        let mut plugin = Launch::plaintext()
            .start_as(tokio::process::Command::new(program))
            .await;
        let provider = Provider::over(plugin.connect().await).await;
        configure(&provider, &emulator).await;
        let mut states = Vec::new();
        for number in 0..CONNECTORS {
            let config = config(&emulator, number);
            let plan = provider.plan(CONNECTOR, &Value::Null, &config, &[]).await;
            assert_eq!(plan.findings, [], "the plan failed");
            let created = provider
                .apply(CONNECTOR, &Value::Null, &config, &plan)
                .await;
            assert_eq!(created.findings, [], "the apply failed");
            states.push(created);
        }
        assert_eq!(plugin.shut_down().await, Some(0), "the plugin failed");
        let schema_bytes = provider.schema.encoded_len();
        Self {
            emulator,
            states,
            schema_bytes: schema_bytes.try_into().expect("a size"),
        }
    }

    /// Plans the connectors as Terraform does, one after the other.
    async fn plan(&self, plugin: &Plugin) {
        let provider = Provider::over(plugin.connect().await).await;
        configure(&provider, &self.emulator).await;
        for state in &self.states {
            let json = state.value.to_string();
            provider.upgrade(CONNECTOR, 0, &json).await;
        }
        for (number, state) in self.states.iter().enumerate() {
            let config = config(&self.emulator, number);
            let read = provider.read(CONNECTOR, state).await;
            let plan = provider
                .plan(CONNECTOR, &read.value, &config, &read.private)
                .await;
            assert_eq!(plan.findings, [], "the plan failed");
            assert_eq!(plan.state, state.value, "the plan is not empty");
        }
    }
}

fn config(emulator: &Emulator, number: usize) -> Value {
    json!({
        "app_id": emulator.app_id(),
        "display_name": format!("Wiki {number}"),
        "site_domain": format!("acme{number}"),
        "username": "svc-c1@acme.com",
        "api_key": "an-api-token",
    })
}

async fn configure(provider: &Provider, emulator: &Emulator) {
    let config = json!({
        "server_url": emulator.url(),
        "client_id": emulator.client_id(),
        "client_secret": emulator.client_secret(),
    });
    assert_eq!(provider.configure(&config).await, []);
}
