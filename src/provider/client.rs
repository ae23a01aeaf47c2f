//! What resources talk to ConductorOne with.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::Instant;

use crate::conductorone::{self, Client, Purpose, Settings};
use crate::terraform::context::Context;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::provider::Configured;
use crate::terraform::value::Value;

use super::VERSION;
use super::app::{AppLedger, Stamps};
use super::config::ProviderConfig;
use super::connector::{CheckSwitch, Ledger, Unsaved};
use super::diagnostics;
use super::lookups::Lookups;
use super::mark::{Mark, Observer};
use super::place::Place;
use super::problems::configuration as problems;

/// ConductorOne as one configured provider sees it.
#[derive(Debug)]
pub(crate) struct ConductorOne {
    client: Client,
    /// The role slug to write owners with, where the user knows better than the API shows.
    pub(super) owner_role_slug: Option<String>,
    /// Whether plans may ask ConductorOne about what they refer to.
    pub(super) plan_checks: bool,
    /// Off once such questions have no answer.
    pub(super) checks: CheckSwitch,
    /// Which connectors and apps this process has in hand.
    pub(super) ledger: Arc<Ledger>,
    /// What keeps apps from being made twice.
    pub(super) apps: AppLedger,
    /// The annotations that every app gets beside the user's.
    pub(super) stamps: Stamps,
    /// What this process has asked for.
    pub(super) lookups: Lookups,
    /// Which connectors still have the mark of an unfinished one.
    pub(super) unsaved: Arc<Unsaved>,
    /// Where this run keeps its state.
    pub(super) place: Place,
    configured: Instant,
}

impl ConductorOne {
    /// Makes the client that a configuration and the environment describe. No request is made here. `configuration` counts
    /// the configurations of this process.
    pub(super) fn configure(
        config: &ProviderConfig,
        terraform_version: &str,
        env: impl Fn(&str) -> Option<String>,
        unsaved: Arc<Unsaved>,
        configuration: usize,
    ) -> Result<Configured<Self>, Diagnostics> {
        let user_agent = user_agent(terraform_version, env("TF_APPEND_USER_AGENT"))?;
        let Some(connection) = config.resolve(&env)? else {
            return Ok(Configured::Unknown);
        };
        let client = Client::new(Settings {
            base_url: connection.base_url,
            credentials: connection.credentials,
            user_agent,
            max_retries: connection.max_retries,
            request_timeout: connection.request_timeout,
            max_concurrent_requests: connection.max_concurrent_requests,
            proxy: connection.proxy,
        })
        .map_err(|error| diagnostics::api(&error))?;
        Ok(Configured::Ready(Self {
            client,
            owner_role_slug: config
                .owner_role_slug
                .known()
                .filter(|slug| !slug.is_empty())
                .cloned(),
            plan_checks: config.plan_checks != Value::Known(false),
            checks: CheckSwitch::default(),
            ledger: Arc::default(),
            apps: AppLedger::default(),
            stamps: Stamps::of(&env),
            lookups: Lookups::default(),
            unsaved,
            place: Place::of(&env, configuration),
            configured: Instant::now(),
        }))
    }

    /// The API for one operation: it ends when the user interrupts, or when the operation's time is over.
    pub(super) fn api(context: &Context<Self>) -> Client {
        let purpose = if context.changes() {
            Purpose::Change
        } else {
            Purpose::Look
        };
        let limit = context.limit();
        let limit = conductorone::Limit {
            setting: limit.attribute,
            time: limit.time,
        };
        let client = &context.client().client;
        client
            .within(context.cancellation().clone(), context.deadline())
            .meant_for(purpose)
            .limited_by(limit)
    }

    /// What the user should know although nothing failed. Each thing is told once.
    pub(super) fn notices(&self) -> Diagnostics {
        let notices = self.client.take_notices().into_iter();
        notices.map(diagnostics::notice).collect()
    }

    /// The mark of what this run creates.
    pub(super) fn mark(&self) -> Mark {
        Mark::of(&self.place)
    }

    /// Judges unfinished objects for a creation that may take this long. Only an answer tells the server's time, so ask
    /// for the objects first.
    pub(super) fn observer(&self, longest_creation: Option<Duration>) -> Observer<'_> {
        let now = self.client.server_time();
        let elapsed = SignedDuration::try_from(self.configured.elapsed()).unwrap_or_default();
        Observer {
            place: &self.place,
            now,
            began: now.checked_sub(elapsed).unwrap_or(now),
            longest_creation: longest_creation.and_then(|it| it.try_into().ok()),
        }
    }
}

fn user_agent(terraform_version: &str, appended: Option<String>) -> Result<String, Diagnostic> {
    let own = format!(
        "Terraform/{terraform_version} (+https://www.terraform.io) terraform-provider-confluence/{VERSION}"
    );
    match appended.filter(|appended| !appended.trim().is_empty()) {
        Some(appended) if appended.trim().contains(|c: char| c.is_control()) => {
            let reason = "it holds a line break or another control character";
            Err(problems::unusable_variable("TF_APPEND_USER_AGENT", reason))
        }
        Some(appended) => Ok(format!("{own} {}", appended.trim())),
        None => Ok(own),
    }
}
