//! What resources talk to ConductorOne with.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::conductorone::{Client, Settings};
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::provider::Configured;

use super::config::ProviderConfig;
use super::diagnostics;

/// ConductorOne as one configured provider sees it.
#[derive(Debug)]
pub(crate) struct ConductorOne {
    client: Client,
    /// The role slug to write owners with, where the user knows better than the API shows.
    pub(super) owner_role_slug: Option<String>,
    /// Connectors that this process has created or adopted.
    own_connectors: Mutex<BTreeSet<String>>,
}

impl ConductorOne {
    /// Makes the client that a configuration and the environment describe. No request is made here.
    pub(super) fn configure(
        config: &ProviderConfig,
        terraform_version: &str,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Configured<Self>, Diagnostics> {
        let user_agent = user_agent(terraform_version, env("TF_APPEND_USER_AGENT"));
        let Some(connection) = config.resolve(env)? else {
            return Ok(Configured::Unknown);
        };
        let client = Client::new(Settings {
            base_url: connection.base_url,
            credentials: connection.credentials,
            user_agent,
            max_retries: connection.max_retries,
            request_timeout: connection.request_timeout,
            max_concurrent_requests: connection.max_concurrent_requests,
        })
        .map_err(|error| diagnostics::api(&error))?;
        Ok(Configured::Ready(Self {
            client,
            owner_role_slug: config
                .owner_role_slug
                .known()
                .filter(|slug| !slug.is_empty())
                .cloned(),
            own_connectors: Mutex::default(),
        }))
    }

    /// The API, for an operation that may take at most `limit` and ends when `cancellation` says so.
    pub(super) fn api(&self, cancellation: CancellationToken, limit: Duration) -> Client {
        self.client.within(cancellation, Instant::now() + limit)
    }

    /// Notes that a connector belongs to a resource of this process. False where it did already.
    pub(super) fn claim(&self, connector_id: &str) -> bool {
        let mut own = self
            .own_connectors
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        own.insert(connector_id.to_owned())
    }

    /// Whether a connector belongs to a resource of this process.
    pub(super) fn has_claimed(&self, connector_id: &str) -> bool {
        let own = self
            .own_connectors
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        own.contains(connector_id)
    }
}

fn user_agent(terraform_version: &str, appended: Option<String>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let own = format!(
        "Terraform/{terraform_version} (+https://www.terraform.io) terraform-provider-confluence/{version}"
    );
    match appended.filter(|appended| !appended.trim().is_empty()) {
        Some(appended) => format!("{own} {}", appended.trim()),
        None => own,
    }
}
