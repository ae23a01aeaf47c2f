//! What the checks have found so far.

use std::ffi::OsString;
use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::conductorone::{
    BaseUrl, Client, ClientSettings, Connector, Credentials, Proxy, Role, User,
};
use crate::provider::config::Environment;
use crate::provider::version::VERSION;

/// The time limit of one request, and of one step of a connection.
const STEP_LIMIT: Duration = Duration::from_secs(10);
/// The time limit of one check.
const CHECK_LIMIT: Duration = Duration::from_secs(30);
/// A temporary failure must not look like a wrong setup.
const MAX_RETRIES: u32 = 1;

type Read = Box<dyn Fn(&str) -> Option<OsString>>;

/// What the checks have found so far. A check finds what it needs, because it runs only after the checks that it needs.
pub(super) struct Facts {
    pub(super) environment: Environment<Read>,
    pub(super) app_id: Option<String>,
    pub(super) host: Option<BaseUrl>,
    pub(super) credentials: Option<Credentials>,
    pub(super) proxy: Option<Proxy>,
    /// The offset of the server's clock from this machine's.
    pub(super) ahead: Option<SignedDuration>,
    pub(super) roles: Vec<Role>,
    pub(super) user: Option<User>,
    pub(super) apps: Vec<AppOutline>,
    pub(super) connectors: Vec<Connector>,
    client: Option<Client>,
}

/// What the checks need of an app.
pub(super) struct AppOutline {
    pub(super) id: String,
    pub(super) is_directory: bool,
}

impl Facts {
    pub(super) fn new(
        variable: impl Fn(&str) -> Option<OsString> + 'static,
        app_id: Option<String>,
    ) -> Self {
        Self {
            environment: Environment::new(Box::new(variable)),
            app_id,
            host: None,
            credentials: None,
            proxy: None,
            ahead: None,
            roles: Vec::new(),
            user: None,
            apps: Vec::new(),
            connectors: Vec::new(),
            client: None,
        }
    }

    /// Returns the settings of requests, if the host and the credentials are known. Without credentials, they can still be used
    /// for requests without a token.
    pub(super) fn settings(&self) -> Option<ClientSettings> {
        let nothing = || Credentials::AccessToken("unset".into());
        Some(ClientSettings {
            base_url: self.host.clone()?,
            credentials: self.credentials.clone().unwrap_or_else(nothing),
            user_agent: format!("terraform-provider-confluence/{VERSION} (doctor)"),
            max_retries: MAX_RETRIES,
            request_timeout: STEP_LIMIT,
            proxy: self.proxy.clone(),
            max_concurrent_requests: Some(1),
        })
    }

    /// Keeps the client for all later checks.
    pub(super) fn keep_client(&mut self, client: Client) {
        self.client = Some(client);
    }

    /// Returns the client for one check, which has a time limit.
    pub(super) fn client(&self) -> Option<Client> {
        let deadline = Instant::now() + CHECK_LIMIT;
        let client = self.client.as_ref()?;
        Some(client.within(CancellationToken::new(), deadline))
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Facts").finish_non_exhaustive()
    }
}
