//! The emulator's interface for tests.

use std::error::Error;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

use crate::catalog::CatalogEntry;
use crate::config::Config;
use crate::confluence::{Confluence, ConfluenceOptions};
use crate::emulation::Emulation;
use crate::faults::{Fault, FaultAction};
use crate::journal::JournalEntry;
use crate::observer::Observer;
use crate::random;
use crate::routes;
use crate::secret::ClientSecret;
use crate::server::{Server, Service};
use crate::switches::Switches;
use crate::tenant::{
    Authentication, Client, NewConnector, Scope, StoredApp, StoredConnector, StoredCredential,
    StoredUser, Tenant, users,
};
use crate::tls::Authority;

/// The time to get the port again.
const LONGEST_REBIND: Duration = Duration::from_secs(10);
/// The time between two attempts to get the port.
const REBIND_INTERVAL: Duration = Duration::from_millis(50);

/// The options of a new emulator.
#[derive(Clone, Debug)]
pub struct Options {
    /// Serve HTTPS with a new certificate authority, instead of HTTP.
    pub tls: bool,
    /// The port, or none for any free port.
    pub port: Option<u16>,
    /// The switches at the start.
    pub switches: Switches,
    /// The tokens of an identity provider that the federation trust accepts.
    pub oidc_tokens: Vec<String>,
    /// Additional host names in the certificate.
    pub host_names: Vec<String>,
    /// Offer only HTTP/1.1 over TLS.
    pub http1_only: bool,
    /// The observer of every exchange.
    pub observer: Option<Observer>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tls: false,
            port: None,
            switches: Switches::default(),
            oidc_tokens: vec!["eyJhbGciOiJub25lIn0.e30.".to_owned()],
            host_names: Vec::new(),
            http1_only: false,
            observer: None,
        }
    }
}

/// A running emulator. It stops when it is dropped.
#[derive(Debug)]
pub struct Emulator {
    emulation: Arc<Emulation>,
    url: String,
    authority: Option<Authority>,
    client_id: String,
    client_secret: String,
    access_token: String,
    federation_client_id: String,
    oidc_token: String,
    port: u16,
    service: Service,
    /// None while it is down.
    server: Mutex<Option<Server>>,
}

impl Emulator {
    /// Starts an emulator on the loopback interface.
    pub async fn start(options: Options) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let listener = TcpListener::bind(("127.0.0.1", options.port.unwrap_or(0))).await?;
        let port = listener.local_addr()?.port();
        let (authority, acceptor) = if options.tls {
            let authority = Authority::generate()?;
            let acceptor = authority.acceptor(&options.host_names, options.http1_only)?;
            (Some(authority), Some(acceptor))
        } else {
            (None, None)
        };
        let (scheme, host) = if options.tls {
            ("https", "localhost")
        } else {
            ("http", "127.0.0.1")
        };

        let client = Client {
            id: format!("acme-ci-1@{host}/spc"),
            secret: ClientSecret::generate()?,
        };
        let federation_client_id = format!("acme-ci-2@{host}/wfe");
        let oidc_token = options.oidc_tokens.first().cloned().unwrap_or_default();
        let authentication = Authentication::new(
            client.clone(),
            federation_client_id.clone(),
            options.oidc_tokens,
        );
        let access_token = authentication.access_token.clone();
        let emulation = Arc::new(Emulation::new(Tenant::seeded(
            host,
            authentication,
            options.switches,
        )));

        let service = Service {
            tls: acceptor,
            emulation: Arc::clone(&emulation),
            router: routes::router(Arc::clone(&emulation)),
            observer: options.observer,
        };
        let server = service.clone().start(listener);
        Ok(Self {
            emulation,
            url: format!("{scheme}://{host}:{port}"),
            authority,
            client_id: client.id,
            client_secret: client.secret.text,
            access_token,
            federation_client_id,
            oidc_token,
            port,
            service,
            server: Mutex::new(Some(server)),
        })
    }

    /// Closes the listener and every connection, like a process that is killed. The data stays, and requests without an
    /// answer are carried out or not.
    pub async fn shut_down(&self) {
        let server = self.server().take();
        if let Some(server) = server {
            server.stop().await;
        }
    }

    /// Serves again at the same URL after [`Self::shut_down`]. Fails if another program keeps using the port.
    pub async fn restart(&self) -> io::Result<()> {
        let deadline = Instant::now() + LONGEST_REBIND;
        let listener = loop {
            match TcpListener::bind(("127.0.0.1", self.port)).await {
                Ok(listener) => break listener,
                // Meanwhile, the system may have given the port to a connection of another program.
                Err(_) if Instant::now() < deadline => sleep(REBIND_INTERVAL).await,
                Err(error) => return Err(error),
            }
        };
        *self.server() = Some(self.service.clone().start(listener));
        Ok(())
    }

    fn server(&self) -> MutexGuard<'_, Option<Server>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The base URL: `https://localhost:{port}` or `http://127.0.0.1:{port}`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the certificate authority to trust, if the emulator serves HTTPS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.authority.as_ref().map(|it| it.pem.as_str())
    }

    /// Starts a Confluence, over HTTPS with the same certificate authority if the emulator serves HTTPS.
    pub async fn start_confluence(
        &self,
        options: ConfluenceOptions,
    ) -> Result<Confluence, Box<dyn Error + Send + Sync>> {
        Confluence::start(options, self.authority.as_ref()).await
    }

    /// The client id of the service principal.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The client secret of the service principal.
    pub fn client_secret(&self) -> &str {
        &self.client_secret
    }

    /// A bearer token that is always valid.
    pub fn access_token(&self) -> &str {
        &self.access_token
    }

    /// The client id of the workload federation trust.
    pub fn federation_client_id(&self) -> &str {
        &self.federation_client_id
    }

    /// The first token that the trust accepts.
    pub fn oidc_token(&self) -> &str {
        &self.oidc_token
    }

    /// The app "Confluence".
    pub fn app_id(&self) -> String {
        self.seeded_app(0)
    }

    /// The app "Jira".
    pub fn other_app_id(&self) -> String {
        self.seeded_app(1)
    }

    /// The directory that discovered apps.
    pub fn directory_app_id(&self) -> String {
        self.seeded_app(2)
    }

    /// Returns the ID of the first discovered resource, an app named "Confluence Cloud" of the type `application`.
    pub fn discovered_resource_id(&self) -> String {
        let tenant = self.emulation.tenant();
        let first = tenant.bindings.first().map(|it| it.resource_id.clone());
        first.unwrap_or_default()
    }

    fn seeded_app(&self, index: usize) -> String {
        let tenant = self.emulation.tenant();
        let app = tenant.apps.get(index).map(|app| app.id.clone());
        app.unwrap_or_default()
    }

    /// Returns the ID of "alice", "bob", "carol", "dave" or the "terraform" service principal. Empty for other names.
    pub fn user_id(&self, name: &str) -> String {
        let tenant = self.emulation.tenant();
        let user = tenant.user_named(name).map(|user| user.id.clone());
        user.unwrap_or_default()
    }

    /// All users.
    pub fn users(&self) -> Vec<StoredUser> {
        self.emulation.tenant().users.clone()
    }

    /// Adds an enabled user with these roles (by display name) and returns the new id.
    pub fn add_user(&self, display_name: &str, email: &str, roles: &[&str]) -> String {
        let mut tenant = self.emulation.tenant();
        let role_ids = roles.iter().filter_map(|it| tenant.role_id(it)).collect();
        let user = StoredUser::new(display_name, email, role_ids);
        let id = user.id.clone();
        tenant.users.push(user);
        id
    }

    /// Changes a user outside Terraform.
    pub fn edit_user(&self, id: &str, edit: impl FnOnce(&mut StoredUser)) {
        let mut tenant = self.emulation.tenant();
        if let Some(user) = tenant.users.iter_mut().find(|user| user.id == id) {
            edit(user);
        }
    }

    /// Adds an app owned by the service principal and returns its id.
    pub fn add_app(&self, display_name: &str) -> String {
        self.emulation
            .tenant()
            .create_app(StoredApp::new(display_name), &[])
    }

    /// Changes switches.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut self.emulation.tenant().switches);
    }

    /// Adds a fault. Its count of requests starts at zero.
    pub fn add_fault(&self, fault: Fault) {
        self.emulation.traffic().faults.add(fault);
    }

    /// Refuses every matching request with this HTTP status, see [`Fault::every`] and [`FaultAction::status`].
    pub fn refuse(&self, method: &str, path: &str, code: u16) {
        self.add_fault(Fault::every(method, path, FaultAction::status(code)));
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.emulation.traffic().faults.clear();
    }

    /// The requests so far, in the order of their arrival.
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.emulation.traffic().journal.entries().to_vec()
    }

    /// Clears the journal.
    pub fn clear_journal(&self) {
        self.emulation.traffic().journal.clear();
    }

    /// The number of connections opened so far.
    pub fn connections_opened(&self) -> usize {
        self.emulation.traffic().connections.opened
    }

    /// The greatest number of connections that were open at the same time.
    pub fn most_connections_at_once(&self) -> usize {
        self.emulation.traffic().connections.most_at_once
    }

    /// Invalidates every issued token, except [`Self::access_token`].
    pub fn expire_tokens(&self) {
        self.emulation.tenant().authentication.expire_all();
    }

    /// Returns all connectors, including deleted ones and secrets.
    pub fn connectors(&self) -> Vec<StoredConnector> {
        self.emulation.tenant().connectors.clone()
    }

    /// Adds a connector without settings to an app, and returns its ID. The service principal owns it. Returns none if
    /// the tenant refuses the connector.
    pub fn add_connector(&self, app_id: &str, catalog_id: &str) -> Option<String> {
        let new = NewConnector {
            entry: CatalogEntry::find(catalog_id)?,
            display_name: String::new(),
            description: String::new(),
            user_ids: Vec::new(),
            config: Config::new(),
        };
        self.emulation.tenant().create_connector(app_id, new).ok()
    }

    /// Deletes a connector as a user does in the web interface.
    pub fn delete_connector(&self, id: &str) {
        self.emulation.tenant().delete_connector(id);
    }

    /// Changes a connector outside Terraform.
    pub fn edit_connector(&self, id: &str, edit: impl FnOnce(&mut StoredConnector)) {
        let mut tenant = self.emulation.tenant();
        if let Some(connector) = tenant.connectors.iter_mut().find(|it| it.id == id) {
            edit(connector);
        }
    }

    /// Starts a sync as the process of a self-hosted connector does. `error` is its result, if it fails. Returns whether
    /// the connector exists.
    pub fn sync_connector(&self, id: &str, error: Option<&str>) -> bool {
        let error = error.map(str::to_owned);
        self.emulation.tenant().sync_connector(id, error).is_ok()
    }

    /// Replaces the users who own a connector. Reads show them immediately.
    pub fn set_owners(&self, connector_id: &str, user_ids: &[String]) {
        let slug = self.emulation.tenant().switches.owner_role_slug.clone();
        self.edit_connector(connector_id, |connector| {
            let owners = users(user_ids);
            connector.owners.replace(Scope::Users, &slug, &owners, 0);
        });
    }

    /// Returns all credentials of a connector, including revoked ones.
    pub fn credentials(&self, connector_id: &str) -> Vec<StoredCredential> {
        let mut credentials = self.emulation.tenant().credentials.clone();
        credentials.retain(|it| it.connector_id == connector_id);
        credentials
    }

    /// Revokes a credential as a user does in the web interface.
    pub fn revoke_credential(&self, id: &str) {
        let mut tenant = self.emulation.tenant();
        let mut credentials = tenant.credentials.iter_mut();
        if let Some(credential) = credentials.find(|it| it.id == id) {
            credential.revoke();
        }
    }

    /// Returns all apps, including deleted ones.
    pub fn apps(&self) -> Vec<StoredApp> {
        self.emulation.tenant().apps.clone()
    }

    /// Deletes an app and its connectors as a user does in the web interface.
    pub fn delete_app(&self, id: &str) {
        self.emulation.tenant().delete_app(id);
    }

    /// Changes an app as a user does in the web interface, which removes the annotations of tools.
    pub fn edit_app(&self, id: &str, edit: impl FnOnce(&mut StoredApp)) {
        let mut tenant = self.emulation.tenant();
        if let Some(app) = tenant.apps.iter_mut().find(|app| app.id == id) {
            edit(app);
            app.forget_tools();
        }
    }

    /// Sets the creation time of an app.
    pub fn date_app(&self, id: &str, created_at: crate::Time) {
        let mut tenant = self.emulation.tenant();
        if let Some(app) = tenant.apps.iter_mut().find(|app| app.id == id) {
            app.created_at = created_at;
        }
    }

    /// Replaces the users who own an app. Reads show them immediately.
    pub fn set_app_owners(&self, app_id: &str, user_ids: &[String]) {
        let mut tenant = self.emulation.tenant();
        let slug = tenant.switches.owner_role_slug.clone();
        if let Ok(app) = tenant.app_mut(app_id) {
            app.owners.replace(Scope::Users, &slug, &users(user_ids), 0);
        }
    }

    /// Returns a new ID that no object has.
    pub fn unused_id(&self) -> String {
        random::id()
    }
}
