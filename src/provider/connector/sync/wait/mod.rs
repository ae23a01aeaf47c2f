//! Waiting until a connector has synced, with the settings that were just stored or after a request.

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::conductorone::{Connector, ConnectorStatus, Error, SyncStatus, TimeLimit};
use crate::provider::api_errors::double_timeout;
use crate::provider::connector::messages;
use crate::provider::connector::status::failure_reason;
use crate::provider::polling::Backoff;
use crate::provider::session::Session;
use crate::terraform::action::Progress;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::resource::{Operation, Resource};
use crate::terraform::schema::duration_text;

/// If ConductorOne starts no sync in this time, the provider requests one.
const IDLE_LIMIT: Duration = Duration::from_mins(1);

/// Settings that ConductorOne has stored.
#[derive(Debug)]
pub(crate) struct StoredSettings<'a> {
    /// The IDs of the app and the connector.
    pub(crate) ids: (&'a str, &'a str),
    /// When ConductorOne stored them, in its own time.
    pub(crate) at: Option<&'a str>,
    /// The write-only attribute of the secret and the attribute of its version.
    pub(crate) write_only: Option<[&'a str; 2]>,
}

/// Waits until the connector has synced with these settings. A failed sync is an error with the connector's own message. There is
/// no wait for a paused connector.
pub(crate) async fn wait_until_synced<R: Resource>(
    session: &Session,
    operation: &mut Operation<R>,
    settings: StoredSettings<'_>,
) -> Result<(), Diagnostics> {
    let (_, id) = settings.ids;
    let mut connector = RemoteConnector {
        session,
        ids: settings.ids,
        backoff: Backoff::new(session.api()),
        awaited: "the connector to sync with its new settings",
        progress: None,
    };
    let since = settings.at.and_then(|text| text.parse().ok());
    match poll_until_ended(&mut connector, since).await {
        Ok(SyncResult::Synced) => {}
        Ok(SyncResult::Failed(reason)) => {
            return Err(diagnose_failure(id, &reason, settings.write_only).into());
        }
        Ok(SyncResult::Paused) => operation.warn(messages::paused(id)),
        Ok(SyncResult::Gone) => return Err(messages::connector_gone(id).into()),
        Err(Error::DeadlinePassed(overrun)) if overrun.last.is_none() => {
            return Err(diagnose_timeout(id, overrun.limit).into());
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Waits until a sync has ended that started after the last sync of `before`, and reports its progress. If ConductorOne
/// starts none within a minute, requests one.
pub(crate) async fn wait_for_next_sync(
    session: &Session,
    before: &Connector,
    progress: &Progress,
) -> Result<SyncResult, Error> {
    let mut connector = RemoteConnector {
        session,
        ids: (&before.app_id, &before.id),
        backoff: Backoff::new(session.api()),
        awaited: "the connector to sync",
        progress: Some(progress),
    };
    let last = before.status.as_ref().and_then(start_of);
    let since = last.and_then(|last| last.checked_add(Duration::from_nanos(1)).ok());
    poll_until_ended(&mut connector, since).await
}

/// A connector that is synced.
trait SyncedConnector {
    /// Reads the connector. `None` if it no longer exists.
    fn get(&self) -> impl Future<Output = Result<Option<Connector>, Error>> + Send;
    /// Requests a sync.
    fn force_sync(&self) -> impl Future<Output = Result<(), Error>> + Send;
    /// Pauses before the next poll. An error means that the operation is over. `is_running` says whether a sync is running.
    fn pause(&mut self, is_running: bool) -> impl Future<Output = Result<(), Error>> + Send;
}

/// A connector in ConductorOne.
struct RemoteConnector<'a> {
    session: &'a Session,
    ids: (&'a str, &'a str),
    backoff: Backoff<'a>,
    /// What the wait is for, for the log and for errors.
    awaited: &'static str,
    progress: Option<&'a Progress>,
}

impl SyncedConnector for RemoteConnector<'_> {
    async fn get(&self) -> Result<Option<Connector>, Error> {
        let (app_id, id) = self.ids;
        self.session.api().get_connector(app_id, id).await
    }

    async fn force_sync(&self) -> Result<(), Error> {
        let (app_id, id) = self.ids;
        self.session.api().force_sync(app_id, id).await
    }

    async fn pause(&mut self, is_running: bool) -> Result<(), Error> {
        if let Some(progress) = self.progress {
            let what = if is_running {
                "A sync is running"
            } else {
                "Waiting for a sync to start"
            };
            let waited = Duration::from_secs(self.backoff.waited().as_secs());
            let message = format!("{what} (waited {}).", duration_text(waited));
            progress.report(&message).await;
        }
        self.backoff.pause(self.awaited).await
    }
}

/// The result of a wait.
#[derive(Debug)]
pub(crate) enum SyncResult {
    /// The sync succeeded.
    Synced,
    /// The sync failed, for this reason.
    Failed(String),
    /// Syncs are paused.
    Paused,
    /// The connector no longer exists.
    Gone,
}

/// Polls until a sync has ended that started after `since`.
async fn poll_until_ended(
    connector: &mut impl SyncedConnector,
    since: Option<Timestamp>,
) -> Result<SyncResult, Error> {
    let mut idle_since = Instant::now();
    let mut forced = false;
    loop {
        let Some(found) = connector.get().await? else {
            return Ok(SyncResult::Gone);
        };
        let progress = progress(found, since);
        let is_running = matches!(progress, SyncProgress::Running);
        match progress {
            SyncProgress::Ended(end) => return Ok(end),
            SyncProgress::Running => idle_since = Instant::now(),
            SyncProgress::Idle if !forced && idle_since.elapsed() >= IDLE_LIMIT => {
                forced = true;
                force(connector).await?;
            }
            SyncProgress::Idle => {}
        }
        connector.pause(is_running).await?;
    }
}

/// Requests a sync, unless one has started in the meantime.
async fn force(connector: &impl SyncedConnector) -> Result<(), Error> {
    tracing::info!("no sync has started, requesting one");
    let Err(error) = connector.force_sync().await else {
        return Ok(());
    };
    let is_running = |found: &Connector| {
        let status = found.status.as_ref();
        status.is_some_and(|status| status.status == SyncStatus::Running)
    };
    let may_run = matches!(error.status(), Some(400 | 409));
    if may_run && connector.get().await?.as_ref().is_some_and(is_running) {
        return Ok(());
    }
    Err(error)
}

/// The progress of the sync.
#[derive(Debug)]
enum SyncProgress {
    Ended(SyncResult),
    /// A sync is running. It may be an earlier one.
    Running,
    /// No sync has started yet.
    Idle,
}

fn progress(connector: Connector, since: Option<Timestamp>) -> SyncProgress {
    let status = connector.status.unwrap_or_default();
    let is_paused = connector.sync_disabled_at.is_some() || status.status == SyncStatus::Disabled;
    let is_ours = ended_since(&status, since);
    match status.status {
        SyncStatus::Error if is_ours => {
            SyncProgress::Ended(SyncResult::Failed(failure_reason(&status)))
        }
        // ConductorOne may disable syncs after a failed one, and still shows its error.
        SyncStatus::Disabled if is_ours && !status.last_error.is_empty() => {
            SyncProgress::Ended(SyncResult::Failed(failure_reason(&status)))
        }
        SyncStatus::Done | SyncStatus::Disabled if is_ours => {
            SyncProgress::Ended(SyncResult::Synced)
        }
        _ if is_paused => SyncProgress::Ended(SyncResult::Paused),
        SyncStatus::Running => SyncProgress::Running,
        _ => SyncProgress::Idle,
    }
}

/// Returns whether the last sync started and ended at `since` or later. An earlier one did not use the stored settings.
fn ended_since(status: &ConnectorStatus, since: Option<Timestamp>) -> bool {
    let ended = end_of(status);
    ended.is_some() && ended >= since && start_of(status) >= since
}

/// Returns when the current or last sync started, or when it ended if ConductorOne does not say when it started.
fn start_of(status: &ConnectorStatus) -> Option<Timestamp> {
    time(status.started_at.as_ref()).or_else(|| end_of(status))
}

fn end_of(status: &ConnectorStatus) -> Option<Timestamp> {
    let completed_at = time(status.completed_at.as_ref());
    match status.status {
        SyncStatus::Error => completed_at.or_else(|| time(status.updated_at.as_ref())),
        _ => completed_at,
    }
}

fn time(text: Option<&String>) -> Option<Timestamp> {
    text?.parse().ok()
}

fn diagnose_timeout(id: &str, limit: Option<TimeLimit>) -> Diagnostic {
    let limit = limit.unwrap_or(TimeLimit {
        setting: "timeouts.update",
        time: Duration::ZERO,
    });
    messages::sync_took_too_long(
        id,
        &duration_text(limit.time),
        limit.setting,
        &double_timeout(limit),
    )
}

fn diagnose_failure(id: &str, reason: &str, write_only: Option<[&str; 2]>) -> Diagnostic {
    match write_only {
        None => messages::sync_failed(id, reason),
        Some([secret, version]) => messages::sync_failed_write_only(id, secret, version, reason),
    }
}
