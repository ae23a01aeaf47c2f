//! One call of a resource, a data source or a list resource: its client, its deadline and the cached look-ups.

use std::sync::Arc;
use std::time::Duration;

use crate::conductorone::{Client, Error};
use crate::terraform::context::Context;
use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::timeouts::Purpose;

use super::claims::{ActiveCreation, Claims};
use super::creation_mark::{CreationMark, CreatorStatus};
use super::follow_ups::Ending;
use super::lookups::Lookups;
use super::provider_data::ProviderData;

/// The client and the provider data for one call.
#[derive(Debug)]
pub(crate) struct Session {
    provider: Arc<ProviderData>,
    api: Client,
    creation: Option<ActiveCreation>,
    time_limit: Option<Duration>,
    /// `None` in a call that only reads.
    _change: Option<Change>,
}

/// A call that changes objects. When it ends, listed connectors are outdated.
#[derive(Debug)]
struct Change(Arc<ProviderData>);

impl Change {
    fn start(provider: &Arc<ProviderData>) -> Self {
        provider.connector_lists.end();
        Self(Arc::clone(provider))
    }
}

impl Drop for Change {
    fn drop(&mut self) {
        self.0.lookups.forget_connectors();
    }
}

impl Session {
    /// Starts a session. Its requests end when the user interrupts Terraform or when the time of the call is over.
    pub(crate) fn new(context: &Context<ProviderData>) -> Self {
        let api = ProviderData::api(context);
        Self {
            provider: Arc::clone(context.client()),
            time_limit: api.time_left(),
            api,
            creation: None,
            _change: (context.purpose() != Purpose::Read).then(|| Change::start(context.client())),
        }
    }

    /// Starts a session of a test.
    #[cfg(test)]
    pub(crate) fn of(provider: Arc<ProviderData>) -> Self {
        Self {
            api: provider.client().clone(),
            provider,
            creation: None,
            time_limit: None,
            _change: None,
        }
    }

    /// Starts a session for a creation. The creation counts as active until the session is dropped.
    pub(crate) fn for_creation(context: &Context<ProviderData>) -> Self {
        let session = Self::new(context);
        let creation = Some(session.provider.claims.start_creation());
        Self {
            creation,
            ..session
        }
    }

    /// Starts a session for the last steps of this creation, which continue after it.
    pub(crate) fn for_follow_up(&self) -> Self {
        Self {
            provider: Arc::clone(&self.provider),
            api: self.api.clone(),
            creation: None,
            time_limit: self.time_limit,
            _change: Some(Change::start(&self.provider)),
        }
    }

    /// Lets the last active creation search for unfinished objects with this session's client. Searches with the same subject are
    /// made once. Only the log names a search that fails, because nothing depends on it.
    pub(crate) fn report_at_end<F>(&self, subject: &str, search: impl FnOnce(Self) -> F)
    where
        F: Future<Output = Result<Option<Diagnostic>, Error>> + Send + 'static,
    {
        let report = || {
            let found = search(self.for_follow_up());
            let log = |error| {
                tracing::debug!(%error, "could not search for unfinished objects");
                None
            };
            async move { found.await.unwrap_or_else(log) }
        };
        self.provider.follow_ups.report_at_end(subject, report);
    }

    /// Ends a creation. `None` if another one is active.
    pub(crate) async fn end_creation(self) -> Option<Ending> {
        let creation = self.creation?;
        self.provider.follow_ups.end_creation(creation).await
    }

    /// Waits until the last steps of the creation of an object have ended, or until the time of this call is over.
    pub(crate) async fn follow_ups_ended(&self, id: &str) {
        self.in_time(self.provider.follow_ups.ended(id)).await;
    }

    /// Waits until the last steps of all creations have ended, or until the time of this call is over.
    pub(crate) async fn all_follow_ups_ended(&self) {
        self.in_time(self.provider.follow_ups.all_ended()).await;
    }

    /// Waits, but not longer than the time of this call. The next request then reports that it is over.
    async fn in_time(&self, wait: impl Future<Output = ()>) {
        let left = self.api.time_left().unwrap_or(Duration::MAX);
        let _ = tokio::time::timeout(left, wait).await;
    }

    /// Starts a session for an object in the state, and claims the object, so that no creation adopts it.
    pub(crate) fn for_existing(context: &Context<ProviderData>, id: &str) -> Self {
        let session = Self::new(context);
        session.claims().claim(id);
        session
    }

    /// Returns the client for this call.
    pub(crate) fn api(&self) -> &Client {
        &self.api
    }

    /// Returns what the configured provider shares between calls.
    pub(crate) fn provider(&self) -> &ProviderData {
        &self.provider
    }

    /// Returns the cached look-ups.
    pub(crate) fn lookups(&self) -> &Lookups {
        &self.provider.lookups
    }

    /// Returns the claims of all resources.
    pub(crate) fn claims(&self) -> &Claims {
        &self.provider.claims
    }

    /// Returns the mark for objects that this run creates.
    pub(crate) fn mark(&self) -> CreationMark {
        CreationMark::new(&self.provider.run)
    }

    /// Returns those of these IDs that no resource of this run manages, if known.
    pub(crate) async fn unclaimed(&self, ids: Vec<String>) -> Vec<String> {
        self.claims().unclaimed(&self.provider.run, ids).await
    }

    /// Returns what is known about the run that creates an unfinished object.
    pub(crate) fn creator_status(
        &self,
        id: &str,
        mark: &CreationMark,
        created_at: Option<&str>,
    ) -> CreatorStatus {
        if self.provider.pending_descriptions.contains(id) {
            return CreatorStatus::ThisRun;
        }
        let check = self.provider.creator_check(self.time_limit);
        check.creator_status(mark, created_at)
    }
}
