//! The setup of every test: a service, a working directory, and a configuration.

use conductorone_emulator::{Fault, JournalEntry, Options, StoredConnector, Switches};
use serde_json::{Value, json};

use crate::emulator::CheckedEmulator;
use crate::terraform::{Workspace, cli};

/// The address of the Cloud connector in most tests.
pub(crate) const CLOUD: &str = "confluence_integration.it";
/// The address of the Data Center connector in most tests.
pub(crate) const DATA_CENTER: &str = "confluence_datacenter_integration.it";
/// The address of the self-hosted Cloud connector in most tests.
pub(crate) const SELF_HOSTED: &str = "confluence_self_hosted_integration.it";
/// The address of the app in most tests.
pub(crate) const APP: &str = "confluence_app.it";
/// A connector that ConductorOne hosts, and one that users run.
pub(crate) const BOTH: [&str; 2] = [CLOUD, DATA_CENTER];
/// All connectors.
pub(crate) const CONNECTORS: [&str; 3] = [CLOUD, DATA_CENTER, SELF_HOSTED];
/// All of these.
pub(crate) const ALL: [&str; 4] = [CLOUD, DATA_CENTER, SELF_HOSTED, APP];

/// An emulated ConductorOne over HTTPS, and a directory whose provider is configured for it.
#[derive(Debug)]
pub(crate) struct Scene {
    /// The service.
    pub(crate) emulator: CheckedEmulator,
    /// The directory.
    pub(crate) workspace: Workspace,
}

/// Returns what the future yields. Ends the test if no command line tool is installed.
macro_rules! or_skip {
    ($scene:expr) => {{
        let Some(scene) = $scene.await else {
            return;
        };
        scene
    }};
}

impl Scene {
    /// Returns a new tenant and an empty directory, or none if no command line tool is installed.
    pub(crate) async fn new() -> Option<Self> {
        Self::with_options(Options::default()).await
    }

    /// Returns the same for a tenant with these options, always over TLS.
    pub(crate) async fn with_options(options: Options) -> Option<Self> {
        let cli = cli()?;
        let options = Options {
            tls: true,
            ..options
        };
        let emulator = CheckedEmulator::start(options).await;
        let workspace = Workspace::new(cli);
        let mut scene = Self {
            emulator,
            workspace,
        };
        scene.workspace = scene.second_workspace();
        Some(scene)
    }

    /// Returns another empty directory for the same tenant.
    pub(crate) fn second_workspace(&self) -> Workspace {
        let cli = cli().expect("the first one had a command line");
        Workspace::new(cli).of_tenant(&self.emulator)
    }

    /// Returns the attributes of a complete resource at this address.
    pub(crate) fn attributes(&self, address: &str) -> Value {
        let owners = json!([self.emulator.user_id("alice")]);
        match address {
            CLOUD | SELF_HOSTED => json!({
                "app_id": self.emulator.app_id(), "owner_ids": owners, "site_domain": "acme",
                "username": "svc@acme.example", "api_key": "key-1",
            }),
            APP => json!({"display_name": "Wiki"}),
            _ => json!({
                "app_id": self.emulator.app_id(), "owner_ids": owners,
                "hostname": "https://confluence.corp.acme.example", "access_token": "pat-1",
            }),
        }
    }

    /// Returns the same attributes with these changes. Null removes an attribute.
    pub(crate) fn changed(&self, address: &str, changes: &Value) -> Value {
        with(&self.attributes(address), changes)
    }

    /// Writes a configuration of these resources: pairs of an address and its attributes.
    pub(crate) fn write(&self, resources: &[(&str, &Value)]) {
        self.workspace.write(&config(resources));
    }

    /// Writes a configuration of both connectors.
    pub(crate) fn write_both(&self, attributes: &[Value; 2]) {
        self.write(&[(CLOUD, &attributes[0]), (DATA_CENTER, &attributes[1])]);
    }

    /// Writes the provider's configuration.
    pub(crate) fn provider(&self, attributes: &Value) {
        let config = json!({"provider": {"confluence": attributes}});
        let path = self.workspace.path("provider.tf.json");
        std::fs::write(path, config.to_string()).expect("a file");
    }

    /// Disables plan checks.
    pub(crate) fn without_plan_checks(&self) {
        self.provider(&json!({"plan_checks": false}));
    }

    /// Creates these resources and checks that the plan is empty afterwards.
    pub(crate) async fn create(&self, resources: &[(&str, &Value)]) {
        self.write(resources);
        self.workspace.apply(&[]).await.succeeded();
        self.workspace.assert_quiet("after the first apply").await;
    }

    /// Creates or changes a complete resource.
    pub(crate) async fn create_complete(&self, address: &str) {
        self.create(&[(address, &self.attributes(address))]).await;
    }

    /// Creates or changes a complete resource with these changes.
    pub(crate) async fn create_with(&self, address: &str, changes: &Value) {
        let attributes = self.changed(address, changes);
        self.create(&[(address, &attributes)]).await;
    }

    /// Creates or changes both connectors.
    pub(crate) async fn create_both(&self, attributes: &[Value; 2]) {
        self.create(&[(CLOUD, &attributes[0]), (DATA_CENTER, &attributes[1])])
            .await;
    }

    /// Adds a fault to the service.
    pub(crate) fn fail(&self, fault: Fault) {
        self.emulator.add_fault(fault);
    }

    /// Changes the behavior of the service.
    pub(crate) fn switch(&self, change: impl FnOnce(&mut Switches)) {
        self.emulator.switch(change);
    }

    /// Changes the only connector outside Terraform.
    pub(crate) fn edit(&self, edit: impl FnOnce(&mut StoredConnector)) {
        self.emulator.edit_connector(&self.connector().id, edit);
    }

    /// Returns the existing connectors.
    pub(crate) fn connectors(&self) -> Vec<StoredConnector> {
        let connectors = self.emulator.connectors().into_iter();
        connectors
            .filter(|connector| !connector.is_deleted())
            .collect()
    }

    /// Returns the only existing connector.
    pub(crate) fn connector(&self) -> StoredConnector {
        let mut connectors = self.connectors();
        assert_eq!(connectors.len(), 1, "{connectors:#?}");
        connectors.remove(0)
    }

    /// Returns the ID by which the only connector is imported.
    pub(crate) fn import_id(&self) -> String {
        let connector = self.connector();
        format!("{}/{}", connector.app_id, connector.id)
    }

    /// Returns the IDs of all valid credentials.
    pub(crate) fn valid_credentials(&self) -> Vec<String> {
        let connectors = self.emulator.connectors();
        let credentials = connectors
            .iter()
            .flat_map(|connector| self.emulator.credentials(&connector.id));
        let valid = credentials.filter(|credential| !credential.revoked);
        valid.map(|credential| credential.id).collect()
    }

    /// Returns the requests that change something.
    pub(crate) fn writes(&self) -> Vec<JournalEntry> {
        self.emulator
            .journal()
            .into_iter()
            .filter(is_write)
            .collect()
    }

    /// Returns the number of requests for access tokens.
    pub(crate) fn token_requests(&self) -> usize {
        self.emulator
            .journal()
            .iter()
            .filter(|entry| is_token(entry))
            .count()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- the journal");
            for JournalEntry {
                method,
                path,
                query,
                status,
                ..
            } in self.emulator.journal()
            {
                eprintln!("{method} {path}?{query} -> {status:?}");
            }
        }
    }
}

/// A configuration of these resources, in Terraform's JSON syntax.
pub(crate) fn config(resources: &[(&str, &Value)]) -> Value {
    let mut config = json!({"resource": {}});
    for (address, attributes) in resources {
        let (kind, name) = address.split_once('.').expect("an address");
        config["resource"][kind][name] = (*attributes).clone();
    }
    config
}

/// Returns the attributes with these changes. Null removes an attribute.
pub(crate) fn with(attributes: &Value, changes: &Value) -> Value {
    let mut attributes = attributes.clone();
    for (name, value) in changes.as_object().expect("attributes") {
        attributes[name] = value.clone();
    }
    attributes
}

fn is_token(entry: &JournalEntry) -> bool {
    entry.path == "/auth/v1/token"
}

/// Returns whether a request is a read. Some reads are POSTs.
fn is_write(entry: &JournalEntry) -> bool {
    let reads = ["/search/", "/introspect", "/connectorcatalog"];
    let reads = reads.iter().any(|part| entry.path.contains(part));
    entry.method != "GET" && !reads && !is_token(entry)
}
