//! The data that the configured provider shares between all calls.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::Instant;

use crate::conductorone::{self, Client, ClientSettings, Purpose};
use crate::terraform::context::Context;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::provider::Configured;
use crate::terraform::timeouts;
use crate::terraform::value::Value;

use super::api_errors;
use super::automation::Automation;
use super::check_switch::CheckSwitch;
use super::claims::Claims;
use super::config::{ProviderConfig, messages};
use super::connector_lists::ConnectorLists;
use super::creation_mark::CreatorCheck;
use super::follow_ups::FollowUps;
use super::login_check::LoginChecks;
use super::lookups::Lookups;
use super::pending_descriptions::PendingDescriptions;
use super::terraform_run::TerraformRun;
use super::version::VERSION;

/// The provider data of one configuration.
#[derive(Debug)]
pub(crate) struct ProviderData {
    client: Client,
    /// The role slug with which owners are written, if configured.
    pub(super) owner_role_slug: Option<String>,
    /// Whether plans may send requests to check what they refer to.
    pub(super) plan_checks: bool,
    /// Turns off these checks.
    pub(super) check_switch: CheckSwitch,
    /// Turns off the look-ups of values that become part of a plan.
    pub(super) lookup_switch: CheckSwitch,
    /// Which objects belong to which resources.
    pub(super) claims: Arc<Claims>,
    /// Locked during a promotion, because ConductorOne does not support concurrent promotions.
    pub(super) promotion_lock: tokio::sync::Mutex<()>,
    /// The tool and the workspace.
    pub(super) automation: Automation,
    /// The checks of logins to Confluence.
    pub(super) login_checks: LoginChecks,
    /// The last steps of creations.
    pub(super) follow_ups: Arc<FollowUps>,
    /// The connectors for refreshes.
    pub(super) connector_lists: ConnectorLists,
    /// The cached look-ups.
    pub(super) lookups: Lookups,
    /// The descriptions of new connectors that are not written yet.
    pub(super) pending_descriptions: Arc<PendingDescriptions>,
    /// The run of Terraform.
    pub(super) run: TerraformRun,
    configured_at: Instant,
}

impl ProviderData {
    /// Applies the configuration and the environment. This sends no request. `configuration` counts the configurations of this
    /// process.
    pub(super) fn configure(
        config: &ProviderConfig,
        terraform_version: &str,
        env: impl Fn(&str) -> Option<String>,
        pending_descriptions: Arc<PendingDescriptions>,
        configuration: usize,
    ) -> Result<Configured<Self>, Diagnostics> {
        let user_agent = user_agent(terraform_version, env("TF_APPEND_USER_AGENT"))?;
        let Some(connection) = config.resolve(&env)? else {
            return Ok(Configured::Unknown);
        };
        let login_checks = LoginChecks::new(&user_agent, connection.proxies);
        let client = Client::new(ClientSettings {
            base_url: connection.base_url,
            credentials: connection.credentials,
            user_agent,
            max_retries: connection.max_retries,
            request_timeout: connection.request_timeout,
            max_concurrent_requests: connection.max_concurrent_requests,
            proxy: connection.proxy,
        })
        .map_err(|error| api_errors::diagnose(&error))?;
        Ok(Configured::Ready(Self {
            client,
            owner_role_slug: config
                .owner_role_slug
                .known()
                .filter(|slug| !slug.is_empty())
                .cloned(),
            plan_checks: config.plan_checks != Value::Known(false),
            check_switch: CheckSwitch::default(),
            lookup_switch: CheckSwitch::default(),
            claims: Arc::default(),
            promotion_lock: tokio::sync::Mutex::default(),
            automation: Automation::from_environment(&env),
            login_checks,
            follow_ups: Arc::default(),
            connector_lists: ConnectorLists::default(),
            lookups: Lookups::default(),
            pending_descriptions,
            run: TerraformRun::detect(&env, configuration),
            configured_at: Instant::now(),
        }))
    }

    /// Returns the data for the server of a test.
    #[cfg(test)]
    #[expect(clippy::panic, reason = "a test fails by panicking")]
    pub(super) fn for_server(
        url: &str,
        access_token: &str,
        pending_descriptions: Arc<PendingDescriptions>,
    ) -> Arc<Self> {
        let config = ProviderConfig {
            server_url: Value::Known(url.to_owned()),
            access_token: Value::Known(access_token.to_owned().into()),
            ..ProviderConfig::default()
        };
        match Self::configure(&config, "1.11.0", |_| None, pending_descriptions, 0) {
            Ok(Configured::Ready(data)) => Arc::new(data),
            other => panic!("the provider is not configured: {other:?}"),
        }
    }

    /// Returns the client without the limits of a call.
    #[cfg(test)]
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the client for one call. Its requests end when the user interrupts Terraform or when the time of the call is over.
    pub(super) fn api(context: &Context<Self>) -> Client {
        let purpose = match context.purpose() {
            timeouts::Purpose::Read => Purpose::Read,
            timeouts::Purpose::Change => Purpose::Change,
            timeouts::Purpose::Action => Purpose::Action,
        };
        let limit = context.limit();
        let limit = conductorone::TimeLimit {
            setting: limit.attribute,
            time: limit.time,
        };
        let client = &context.client().client;
        client
            .within(context.cancellation().clone(), context.deadline())
            .meant_for(purpose)
            .limited_by(limit)
    }

    /// Returns diagnostics that do not belong to a failure. Each one is returned once.
    pub(super) fn notices(&self) -> Diagnostics {
        let notices = self.client.take_notices().into_iter();
        notices.map(api_errors::diagnose_notice).collect()
    }

    /// Returns the check for the runs of unfinished objects. Only a response tells the time of the server, so request the
    /// objects first. `time_limit` is the time limit of the creation.
    pub(super) fn creator_check(&self, time_limit: Option<Duration>) -> CreatorCheck<'_> {
        let now = self.client.server_time();
        let elapsed = SignedDuration::try_from(self.configured_at.elapsed()).unwrap_or_default();
        CreatorCheck {
            run: &self.run,
            now,
            configured_at: now.checked_sub(elapsed).unwrap_or(now),
            longest_creation: time_limit.and_then(|limit| limit.try_into().ok()),
        }
    }
}

fn user_agent(terraform_version: &str, appended: Option<String>) -> Result<String, Diagnostic> {
    let own = format!(
        "Terraform/{terraform_version} (+https://www.terraform.io) terraform-provider-confluence/{VERSION}"
    );
    match appended.filter(|appended| !appended.trim().is_empty()) {
        Some(appended) if appended.trim().contains(|c: char| c.is_control()) => {
            let reason = "it contains a line break or another control character";
            Err(messages::unusable_variable("TF_APPEND_USER_AGENT", reason))
        }
        Some(appended) => Ok(format!("{own} {}", appended.trim())),
        None => Ok(own),
    }
}
