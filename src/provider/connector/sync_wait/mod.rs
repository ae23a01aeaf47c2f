//! Waiting until a connector has synced with the settings that were just stored.

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::conductorone::{Connector, ConnectorStatus, Error, Limit, SyncStatus};
use crate::provider::diagnostics::example;
use crate::provider::poll::Pace;
use crate::provider::problems::connectors as problems;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::resource::{Operation, Resource};
use crate::terraform::schema::duration_text;

use super::session::Session;

/// How long ConductorOne has to start a sync by itself. After that one is asked for.
const PATIENCE: Duration = Duration::from_mins(1);

/// Settings that ConductorOne has stored.
#[derive(Debug)]
pub(crate) struct StoredSettings<'a> {
    /// The app and the connector.
    pub(crate) ids: (&'a str, &'a str),
    /// When they were stored, by ConductorOne's own clock.
    pub(crate) at: Option<&'a str>,
    /// The write-only attribute that gave the secret, and that of its version.
    pub(crate) write_only: Option<[&'a str; 2]>,
}

impl Session {
    /// Waits until the connector has synced with these settings. A failed sync is an error, with the connector's own
    /// words; a connector that is paused is not waited for.
    pub(crate) async fn until_synced<R: Resource>(
        &self,
        operation: &mut Operation<R>,
        settings: StoredSettings<'_>,
    ) -> Result<(), Diagnostics> {
        let (_, id) = settings.ids;
        let mut connector = Remote {
            session: self,
            ids: settings.ids,
            pace: Pace::new(&self.api),
        };
        let since = settings.at.and_then(|text| text.parse().ok());
        match watch(&mut connector, since).await {
            Ok(End::Synced) => {}
            Ok(End::Failed(status)) => {
                let reason = status.failure();
                return Err(failed(id, &reason, settings.write_only).into());
            }
            Ok(End::Paused) => operation.warn(problems::paused(id)),
            Ok(End::Gone) => return Err(problems::gone(id).into()),
            Err(Error::DeadlinePassed(overrun)) if overrun.last.is_none() => {
                return Err(took_too_long(id, overrun.limit).into());
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

/// A connector whose sync is waited for.
trait Watched {
    /// The connector as it is; `None` where it is gone.
    fn look(&self) -> impl Future<Output = Result<Option<Connector>, Error>> + Send;
    /// Asks for a sync.
    fn force_sync(&self) -> impl Future<Output = Result<(), Error>> + Send;
    /// Lets time pass before the next look. An error where there is none left.
    fn pause(&mut self) -> impl Future<Output = Result<(), Error>> + Send;
}

/// A connector in ConductorOne.
struct Remote<'a> {
    session: &'a Session,
    ids: (&'a str, &'a str),
    pace: Pace<'a>,
}

impl Watched for Remote<'_> {
    async fn look(&self) -> Result<Option<Connector>, Error> {
        let (app_id, id) = self.ids;
        self.session.api.get_connector(app_id, id).await
    }

    async fn force_sync(&self) -> Result<(), Error> {
        let (app_id, id) = self.ids;
        self.session.api.force_sync(app_id, id).await
    }

    async fn pause(&mut self) -> Result<(), Error> {
        self.pace
            .pause("the connector to sync with its new settings")
            .await
    }
}

/// How a wait ends.
#[derive(Debug)]
enum End {
    Synced,
    Failed(ConnectorStatus),
    Paused,
    Gone,
}

/// Looks at the connector until a sync has ended that began after `since`.
async fn watch(connector: &mut impl Watched, since: Option<Timestamp>) -> Result<End, Error> {
    let mut idle_since = Instant::now();
    let mut forced = false;
    loop {
        let Some(found) = connector.look().await? else {
            return Ok(End::Gone);
        };
        match sight(found, since) {
            Sight::End(end) => return Ok(end),
            Sight::Running => idle_since = Instant::now(),
            Sight::Idle if !forced && idle_since.elapsed() >= PATIENCE => {
                forced = true;
                force(connector).await?;
            }
            Sight::Idle => {}
        }
        connector.pause().await?;
    }
}

/// Asks for a sync. One that began in the meantime will do.
async fn force(connector: &impl Watched) -> Result<(), Error> {
    tracing::info!("no sync has started: asking for one");
    let Err(error) = connector.force_sync().await else {
        return Ok(());
    };
    let is_running = |found: &Connector| {
        let status = found.status.as_ref();
        status.is_some_and(|status| status.status == SyncStatus::Running)
    };
    let may_run = matches!(error.status(), Some(400 | 409));
    if may_run && connector.look().await?.as_ref().is_some_and(is_running) {
        return Ok(());
    }
    Err(error)
}

/// What a look at a connector says about the sync that is waited for.
#[derive(Debug)]
enum Sight {
    End(End),
    /// A sync runs, which may be an earlier one.
    Running,
    /// Nothing has happened yet.
    Idle,
}

fn sight(connector: Connector, since: Option<Timestamp>) -> Sight {
    let status = connector.status.unwrap_or_default();
    let is_paused = connector.sync_disabled_at.is_some() || status.status == SyncStatus::Disabled;
    let is_ours = ended_since(&status, since);
    match status.status {
        SyncStatus::Error if is_ours => Sight::End(End::Failed(status)),
        // Syncs may be switched off right after one; how that one went still shows.
        SyncStatus::Disabled if is_ours && !status.last_error.is_empty() => {
            Sight::End(End::Failed(status))
        }
        SyncStatus::Done | SyncStatus::Disabled if is_ours => Sight::End(End::Synced),
        _ if is_paused => Sight::End(End::Paused),
        SyncStatus::Running => Sight::Running,
        _ => Sight::Idle,
    }
}

/// Whether the last sync both began and ended at `since` or later: one that began before says nothing about what was
/// stored then.
fn ended_since(status: &ConnectorStatus, since: Option<Timestamp>) -> bool {
    let time = |text: &Option<String>| text.as_deref()?.parse::<Timestamp>().ok();
    let ended = match status.status {
        SyncStatus::Error => time(&status.completed_at).or_else(|| time(&status.updated_at)),
        _ => time(&status.completed_at),
    };
    let began = time(&status.started_at).or(ended);
    ended.is_some() && ended >= since && began >= since
}

fn took_too_long(id: &str, limit: Option<Limit>) -> Diagnostic {
    let limit = limit.unwrap_or(Limit {
        setting: "timeouts.update",
        time: Duration::ZERO,
    });
    problems::sync_took_too_long(
        id,
        &duration_text(limit.time),
        limit.setting,
        &example(limit),
    )
}

fn failed(id: &str, reason: &str, write_only: Option<[&str; 2]>) -> Diagnostic {
    let unknown = "ConductorOne gives no reason.";
    let reason = if reason.is_empty() { unknown } else { reason };
    match write_only {
        None => problems::sync_failed(id, reason),
        Some([secret, version]) => problems::sync_failed_write_only(id, secret, version, reason),
    }
}
