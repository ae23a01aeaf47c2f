//! Waits over scripted connectors, in a time of their own.

use std::cell::Cell;

use http::Method;

use super::*;
use crate::conductorone::{BaseUrl, CallError, Cause, ServerMessage};

const SETTINGS_STORED: &str = "2026-01-01T00:00:10Z";

/// The status of a connector: name, error, start and end in seconds of a minute.
type Status = (SyncStatus, &'static str, Option<u8>, Option<u8>);

fn connector((status, last_error, began, ended): Status) -> Connector {
    let time = |second: u8| format!("2026-01-01T00:00:{second:02}Z");
    let status = ConnectorStatus {
        status,
        last_error: last_error.to_owned(),
        started_at: began.map(time),
        completed_at: ended.map(time),
        updated_at: None,
    };
    Connector {
        status: Some(status),
        ..Connector::default()
    }
}

/// The word for what a wait makes of it.
fn seen(connector: Connector) -> &'static str {
    match progress(connector, SETTINGS_STORED.parse().ok()) {
        SyncProgress::Ended(SyncResult::Synced) => "synced",
        SyncProgress::Ended(SyncResult::Failed(_)) => "failed",
        SyncProgress::Ended(SyncResult::Paused) => "paused",
        SyncProgress::Ended(SyncResult::Gone) => "gone",
        SyncProgress::Running => "running",
        SyncProgress::Idle => "idle",
    }
}

#[test]
fn only_a_sync_with_the_new_settings_counts() {
    use SyncStatus::{Disabled, Done, Error, Running, Unspecified};
    let cases: [(Status, &str); 14] = [
        ((Unspecified, "", None, None), "idle"),
        ((Done, "", Some(1), Some(5)), "idle"),
        ((Done, "", Some(5), Some(12)), "idle"),
        ((Done, "", Some(10), Some(10)), "synced"),
        ((Done, "", Some(11), Some(12)), "synced"),
        ((Done, "", None, Some(12)), "synced"),
        ((Error, "no", Some(1), Some(5)), "idle"),
        ((Error, "no", Some(5), Some(12)), "idle"),
        ((Error, "no", Some(11), Some(12)), "failed"),
        ((Running, "", Some(5), None), "running"),
        ((Running, "", Some(11), None), "running"),
        ((Disabled, "", Some(1), Some(5)), "paused"),
        ((Disabled, "", Some(11), Some(12)), "synced"),
        ((Disabled, "no", Some(11), Some(12)), "failed"),
    ];
    for (status, expected) in cases {
        assert_eq!(seen(connector(status.clone())), expected, "{status:?}");
    }
    assert_eq!(seen(Connector::default()), "idle", "no sync so far");
}

#[test]
fn a_paused_connector_is_not_waited_for_unless_it_has_synced() {
    let paused = |status| Connector {
        sync_disabled_at: Some(SETTINGS_STORED.to_owned()),
        ..connector(status)
    };
    let running = (SyncStatus::Running, "", Some(11), None);
    assert_eq!(seen(paused(running)), "paused");
    let done = (SyncStatus::Done, "", Some(11), Some(12));
    assert_eq!(seen(paused(done)), "synced");
}

/// A connector that goes from one status to the next at these seconds, and that a forced sync brings to the last one.
struct Script {
    began: Instant,
    statuses: Vec<(u64, Status)>,
    forced: Cell<Option<u64>>,
    /// The HTTP status with which a sync is refused.
    refusal: Option<u16>,
    left: Duration,
}

impl Script {
    fn new(statuses: &[(u64, Status)]) -> Self {
        Self {
            began: Instant::now(),
            statuses: statuses.to_vec(),
            forced: Cell::default(),
            refusal: None,
            left: Duration::from_mins(10),
        }
    }

    fn now(&self) -> u64 {
        self.began.elapsed().as_secs()
    }
}

fn refused(status: u16) -> Error {
    let cause = Cause::Status {
        status,
        message: ServerMessage::None,
    };
    Error::from(Box::new(CallError {
        method: Method::POST,
        server: BaseUrl::from_tenant_domain("acme").unwrap(),
        path: "/force_sync".to_owned(),
        attempts: 1,
        elapsed: Duration::ZERO,
        cause,
        may_have_happened: false,
    }))
}

impl SyncedConnector for Script {
    fn get(&self) -> impl Future<Output = Result<Option<Connector>, Error>> + Send {
        let reached = self.statuses.iter().rfind(|(at, _)| *at <= self.now());
        let status = if self.forced.get().is_some() {
            self.statuses.last()
        } else {
            reached
        };
        std::future::ready(Ok(status.map(|(_, status)| connector(status.clone()))))
    }

    fn force_sync(&self) -> impl Future<Output = Result<(), Error>> + Send {
        assert_eq!(self.forced.get(), None, "once is enough");
        self.forced.set(Some(self.now()));
        std::future::ready(self.refusal.map_or(Ok(()), |status| Err(refused(status))))
    }

    async fn pause(&mut self, _: bool) -> Result<(), Error> {
        let step = Duration::from_secs(10);
        self.left = (self.left.checked_sub(step)).ok_or(Error::DeadlinePassed(Box::default()))?;
        tokio::time::sleep(step).await;
        Ok(())
    }
}

const OLD: Status = (SyncStatus::Done, "", Some(1), Some(5));
const RUNNING: Status = (SyncStatus::Running, "", Some(11), None);
const DONE: Status = (SyncStatus::Done, "", Some(11), Some(50));
const NEVER: u64 = u64::MAX;

/// How the wait ended, after how many seconds, and when a sync was asked for.
async fn watched(statuses: &[(u64, Status)]) -> (&'static str, u64, Option<u64>) {
    end_of(Script::new(statuses)).await
}

async fn end_of(mut script: Script) -> (&'static str, u64, Option<u64>) {
    let end = match poll_until_ended(&mut script, SETTINGS_STORED.parse().ok()).await {
        Ok(SyncResult::Synced) => "synced",
        Ok(SyncResult::Failed(_)) => "failed",
        Ok(SyncResult::Paused) => "paused",
        Ok(SyncResult::Gone) => "gone",
        Err(Error::DeadlinePassed { .. }) => "too long",
        Err(_) => "refused",
    };
    (end, script.now(), script.forced.get())
}

#[tokio::test(start_paused = true)]
async fn a_sync_that_starts_in_time_is_not_asked_for() {
    let long = [(0, OLD), (50, RUNNING), (300, DONE)];
    assert_eq!(watched(&long).await, ("synced", 300, None));
    assert_eq!(
        watched(&[(0, RUNNING), (30, OLD), (60, DONE)]).await.2,
        None
    );
}

#[tokio::test(start_paused = true)]
async fn a_sync_that_does_not_start_within_a_minute_is_asked_for_once() {
    assert_eq!(
        watched(&[(0, OLD), (NEVER, DONE)]).await,
        ("synced", 70, Some(60))
    );
    let earlier_one = [(0, OLD), (20, RUNNING), (40, OLD), (NEVER, DONE)];
    let (end, _, forced) = watched(&earlier_one).await;
    assert_eq!(
        (end, forced),
        ("synced", Some(90)),
        "a minute after the earlier one was last seen"
    );
    let in_vain = [(0, OLD), (NEVER, OLD)];
    assert_eq!(watched(&in_vain).await, ("too long", 600, Some(60)));
}

#[tokio::test(start_paused = true)]
async fn a_sync_that_is_refused_is_no_failure_where_one_runs_by_then() {
    for (status, then, expected) in [
        (400, RUNNING, "too long"),
        (409, RUNNING, "too long"),
        (403, RUNNING, "refused"),
        (409, OLD, "refused"),
    ] {
        let mut script = Script::new(&[(0, OLD), (NEVER, then)]);
        script.refusal = Some(status);
        let (end, _, forced) = end_of(script).await;
        assert_eq!((end, forced), (expected, Some(60)), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_connector_that_is_gone_ends_the_wait() {
    assert_eq!(watched(&[(NEVER, DONE)]).await, ("gone", 0, None));
}
