//! One cell: an operation meets a fault, and then the next run meets none.

use std::collections::{BTreeMap, BTreeSet};

use conductorone_emulator::{Emulator, Fault as Injected, JournalEntry, Options, StoredConnector};

use serde_json::{Value, json};
use tokio::net::TcpSocket;

use super::core::{Action, Core};
use super::expectations::{Left, MAX_RETRIES, Next, Outcome, Reported};
use super::faults::{Acts, Fault};
use super::late;
use super::leaks::{API_KEY, leaks};
use super::operations::{Act, Operation};
use crate::actions::{CONFIRM, invoke};
use crate::emulator::CheckedEmulator;
use crate::ephemeral;
use crate::plan::CLOUD;
use crate::plugin::{Launch, Plugin};
use crate::provider::{Finding, Provider, errors};
use crate::tls::Identity;

/// `request_timeout` if no response is late.
const PATIENT: &str = "30s";
/// `request_timeout` if a response is late.
const IMPATIENT: &str = "1s";

/// Runs a cell. Returns the outcome, and the lines of output that contain a secret.
pub(crate) async fn run(operation: &Operation, fault: &Fault) -> (Outcome, Vec<String>) {
    let cell = Cell::begin(operation, fault).await;
    let (mut core, mut text) = cell.prepare().await;
    let run = Run::start(&cell.emulator).await;
    let found = cell.operate(&run, &mut core).await;
    text.extend(run.end().await);
    let journal = cell.emulator.journal();
    let (requests, tokens) = traffic(&journal);
    cell.act_late(&journal).await;
    let (left, in_state) = (cell.left(), !core.object().is_null());

    let run = Run::start(&cell.emulator).await;
    run.configure(cell.emulator.url(), PATIENT).await;
    let (next, diagnostics) = cell.repair(&run, &mut core).await;
    text.extend(run.end().await);
    assert!(
        text.iter().any(|line| line.contains("\"trace\"")),
        "nothing was logged at trace level"
    );
    text.extend(found.iter().chain(&diagnostics).map(|it| format!("{it:?}")));
    let outcome = Outcome {
        requests,
        tokens,
        left,
        in_state,
        reported: worst(&found),
        attempts: found.iter().filter_map(attempts).max(),
        next,
        connectors_then: cell.left().connectors,
        credentials_known: cell.unknown_credentials(&core) <= 1,
    };
    (outcome, leaks(&cell.emulator, &text))
}

struct Cell<'a> {
    operation: &'a Operation,
    fault: &'a Fault,
    emulator: CheckedEmulator,
}

impl<'a> Cell<'a> {
    async fn begin(operation: &'a Operation, fault: &'a Fault) -> Self {
        let options = Options {
            tls: over_tls(operation, fault),
            ..Options::default()
        };
        let emulator = CheckedEmulator::start(options).await;
        Self {
            operation,
            fault,
            emulator,
        }
    }

    /// Prepares the state before the operation, without faults. Returns the state and the log.
    async fn prepare(&self) -> (Core, Vec<String>) {
        let mut core = Core::new(self.operation.resource);
        if self.operation.act == Act::Create {
            return (core, Vec::new());
        }
        let run = Run::start(&self.emulator).await;
        run.configure(self.emulator.url(), PATIENT).await;
        let config = self.operation.config(&self.emulator);
        let plan = core.plan(&run.provider, &config).await;
        let mut found = core.apply(&run.provider, &config, plan).await;
        if self.operation.act == Act::Reissue {
            let id = core.object()["credential_id"].as_str();
            self.emulator.revoke_credential(id.expect("a credential"));
        }
        found.extend(core.refresh(&run.provider).await);
        assert_eq!(found, [], "the preparation");
        (core, run.end().await)
    }

    /// Runs the operation, which meets the fault.
    async fn operate(&self, run: &Run, core: &mut Core) -> Vec<Finding> {
        let late = self.fault.injection.is_timeout();
        let timeout = if late { IMPATIENT } else { PATIENT };
        let socket = TcpSocket::new_v4().expect("a socket");
        // The socket is bound to keep the port free, but it does not listen.
        let loopback = "127.0.0.1:0".parse().expect("an address");
        socket.bind(loopback).expect("a free port");
        let dead = format!("http://{}", socket.local_addr().expect("an address"));
        let url = if self.inject(core) {
            self.emulator.url()
        } else {
            &dead
        };
        run.configure(url, timeout).await;
        self.emulator.clear_journal();
        match self.operation.act {
            Act::Read => return core.refresh(&run.provider).await,
            Act::Open => return ephemeral::open(&run.provider, &json!({})).await.findings,
            Act::Invoke(action) => return self.invoke(run, core, action).await,
            Act::Create | Act::Change(_) | Act::Reissue | Act::Delete => {}
        }
        let config = self.operation.wanted(&self.emulator);
        let plan = core.plan(&run.provider, &config).await;
        let mut found = plan.1.findings.clone();
        found.extend(core.apply(&run.provider, &config, plan).await);
        found
    }

    /// Runs an action on the connector. A sync for `CONFIRM` was stopped before.
    async fn invoke(&self, run: &Run, core: &Core, action: &str) -> Vec<Finding> {
        let id = core.object()["id"].as_str().expect("a connector");
        let mut config = json!({"app_id": self.emulator.app_id(), "connector_id": id});
        if action == CONFIRM {
            let mut sync = String::new();
            let stop = |it: &mut StoredConnector| sync = it.stop_sync();
            self.emulator.edit_connector(id, stop);
            config["sync_lifecycle_id"] = json!(sync);
        }
        invoke(&run.provider, action, &config).await.1
    }

    /// Adds the fault to the emulator. Returns false if the connection is refused, so the emulator is not involved.
    fn inject(&self, core: &Core) -> bool {
        let step = self.operation.faulted;
        let message = if step.holds_api_key() {
            format!("{API_KEY:?} was refused")
        } else {
            "injected fault".to_owned()
        };
        let Some(action) = self.fault.injection.action(&message) else {
            return false;
        };
        let (method, path) = step.pattern(core.object()["id"].as_str().unwrap_or_default());
        let fault = if self.fault.lasting {
            Injected::every(method, &path, action)
        } else {
            Injected::nth(method, &path, 1, action)
        };
        self.emulator.add_fault(fault);
        true
    }

    /// Carries out a late request after the operation has ended.
    async fn act_late(&self, journal: &[JournalEntry]) {
        self.emulator.clear_faults();
        let is_late = |entry: &&JournalEntry| template(entry) == self.operation.faulted.request;
        let request = journal.iter().find(is_late);
        if let Some(request) = request.filter(|_| self.fault.acts == Acts::Late) {
            late::carry_out(&self.emulator, request).await;
        }
    }

    /// Runs Terraform once more without a fault: refresh, plan and apply. The plan after that must be empty.
    /// Returns what the run did, and all diagnostics.
    async fn repair(&self, run: &Run, core: &mut Core) -> (Next, Vec<Finding>) {
        let config = self.operation.wanted(&self.emulator);
        let existing = ids(&self.connectors());
        let mut diagnostics = core.refresh(&run.provider).await;
        let planned = core.plan(&run.provider, &config).await;
        let action = planned.0;
        diagnostics.extend(planned.1.findings.clone());
        diagnostics.extend(core.apply(&run.provider, &config, planned).await);
        let id = core.object()["id"].as_str().unwrap_or_default();
        let next = match action {
            Action::Nothing => Next::Nothing,
            Action::Create if existing.contains(id) => Next::Adopts,
            Action::Create if diagnostics.iter().any(recreated) => Next::Recreates,
            Action::Create => Next::Creates,
            Action::Update if diagnostics.iter().any(settings_changed) => Next::WritesAgain,
            Action::Update => Next::Changes,
            Action::Replace => Next::Replaces,
            Action::Delete => Next::Deletes,
        };
        let allowed = match next {
            Next::Adopts | Next::Recreates | Next::WritesAgain => Reported::Warning,
            // A warning names the similar connector that exists.
            Next::Creates if !existing.is_empty() => Reported::Warning,
            _ => Reported::Nothing,
        };
        let why = if worst(&diagnostics) == allowed {
            self.unsettled(run, core, &config, &mut diagnostics).await
        } else {
            Some(format!("it reported {diagnostics:?}"))
        };
        (
            why.map_or(next.clone(), |why| Next::Fails(format!("{next:?}: {why}"))),
            diagnostics,
        )
    }

    /// Returns why the state differs from ConductorOne or the plan is not empty, if so.
    async fn unsettled(
        &self,
        run: &Run,
        core: &mut Core,
        config: &Value,
        diagnostics: &mut Vec<Finding>,
    ) -> Option<String> {
        let before = core.bytes(&run.provider);
        // Terraform configures the provider for every plan.
        run.configure(self.emulator.url(), PATIENT).await;
        let mut found = core.refresh(&run.provider).await;
        let (action, plan) = core.plan(&run.provider, config).await;
        found.extend(plan.findings);
        diagnostics.extend(found.clone());
        if !found.is_empty() {
            return Some(format!("then it reported {found:?}"));
        }
        if action != Action::Nothing {
            return Some(format!("then the plan is {action:?}: {}", plan.state));
        }
        if core.bytes(&run.provider) != before {
            return Some("then the refresh changes the state".to_owned());
        }
        self.untrue(core)
    }

    /// Returns which object of the state does not exist, if any.
    fn untrue(&self, core: &Core) -> Option<String> {
        let object = core.object();
        let id = |name: &str| object[name].as_str().unwrap_or_default().to_owned();
        let has_credential = self.operation.is_self_hosted();
        if object.is_null() {
            None
        } else if !ids(&self.connectors()).contains(&id("id")) {
            Some("the state holds a connector that does not exist".to_owned())
        } else if has_credential && !self.valid_credentials().contains(&id("credential_id")) {
            Some("the state holds no valid credential".to_owned())
        } else {
            None
        }
    }

    fn connectors(&self) -> Vec<StoredConnector> {
        let mut connectors = self.emulator.connectors();
        connectors.retain(|connector| !connector.is_deleted());
        connectors
    }

    fn valid_credentials(&self) -> BTreeSet<String> {
        let connectors = self.emulator.connectors();
        let credentials = connectors
            .iter()
            .flat_map(|connector| self.emulator.credentials(&connector.id));
        let valid = credentials.filter(|credential| !credential.revoked);
        valid.map(|credential| credential.id).collect()
    }

    fn left(&self) -> Left {
        Left {
            connectors: self.connectors().len(),
            credentials: self.valid_credentials().len(),
        }
    }

    fn unknown_credentials(&self, core: &Core) -> usize {
        let mut valid = self.valid_credentials();
        valid.remove(core.object()["credential_id"].as_str().unwrap_or_default());
        valid.len()
    }
}

/// Returns whether the cell uses TLS. TLS implies HTTP/2, which breaks in other ways than HTTP/1.1, so cells use both.
/// If several requests run at the same time on a shared connection, the number that a reset affects is random.
fn over_tls(operation: &Operation, fault: &Fault) -> bool {
    operation.resource == CLOUD
        && operation.beside.is_empty()
        && fault.injection.breaks_the_connection()
        && fault.acts != Acts::Late
}

/// A running plugin.
struct Run {
    plugin: Plugin,
    provider: Provider,
    client: Value,
}

impl Run {
    async fn start(emulator: &Emulator) -> Self {
        let launch = Launch::like_terraform();
        // Always sets a certificate authority, because loading the system's authorities takes longer than the cell.
        let authority = emulator.ca_pem().map(str::to_owned);
        let authority = authority.unwrap_or_else(|| Identity::like_terraforms().pem);
        let path = launch.dir().join("ca.pem");
        std::fs::write(&path, authority).expect("a file");
        let launch = launch
            .env("TF_LOG", "TRACE")
            .env("SSL_CERT_FILE", &path.display().to_string());
        let plugin = launch.start().await;
        let provider = Provider::over(plugin.connect().await).await;
        let client = json!({
            "client_id": emulator.client_id(),
            "client_secret": emulator.client_secret(),
            "max_retries": MAX_RETRIES,
            // The cells do not test plan checks.
            "plan_checks": false,
        });
        Self {
            plugin,
            provider,
            client,
        }
    }

    /// Configures the provider.
    async fn configure(&self, url: &str, timeout: &str) {
        let mut config = self.client.clone();
        config["server_url"] = json!(url);
        config["request_timeout"] = json!(timeout);
        assert_eq!(self.provider.configure(&config).await, []);
    }

    /// Shuts down the plugin as Terraform does after it has saved the state, and returns the log.
    async fn end(mut self) -> Vec<String> {
        assert_eq!(self.plugin.shut_down().await, Some(0));
        self.plugin.stderr.lines()
    }
}

/// Counts each request, and the requests for access tokens.
fn traffic(journal: &[JournalEntry]) -> (BTreeMap<String, usize>, usize) {
    let (mut requests, mut tokens) = (BTreeMap::new(), 0);
    for entry in journal {
        if entry.path == "/auth/v1/token" {
            tokens += 1;
        } else {
            *requests.entry(template(entry)).or_default() += 1;
        }
    }
    (requests, tokens)
}

/// Returns the request with placeholders for its IDs.
fn template(entry: &JournalEntry) -> String {
    let path = entry.path.trim_start_matches("/api");
    let mut above = "";
    let segment = |segment| {
        let name = match (above, segment) {
            ("apps", "connectors") | ("connectors", "create" | "credentials") => segment,
            ("apps", _) => "{app}",
            ("connectors", _) => "{connector}",
            ("credentials", _) => "{credential}",
            ("confirm_sync_valid", _) => "{sync}",
            _ => segment,
        };
        above = segment;
        name
    };
    let segments: Vec<_> = path.split('/').map(segment).collect();
    format!("{} {}", entry.method, segments.join("/"))
}

fn ids(connectors: &[StoredConnector]) -> BTreeSet<String> {
    connectors.iter().map(|it| it.id.clone()).collect()
}

fn worst(found: &[Finding]) -> Reported {
    // Every plan gives this warning if the state has no credential, with or without a fault.
    let mut other = found
        .iter()
        .filter(|finding| finding.summary != "Credential will be issued");
    match (other.next().is_none(), errors(found).is_empty()) {
        (true, _) => Reported::Nothing,
        (false, true) => Reported::Warning,
        (false, false) => Reported::Error,
    }
}

/// Returns the number of attempts that a message names.
fn attempts(finding: &Finding) -> Option<usize> {
    let (_, rest) = finding.detail.split_once("(after ")?;
    rest.split_once(" attempts")?.0.parse().ok()
}

fn recreated(finding: &Finding) -> bool {
    finding.summary == "Unfinished connector was deleted"
}

fn settings_changed(finding: &Finding) -> bool {
    finding.summary == "Settings changed outside Terraform"
}
