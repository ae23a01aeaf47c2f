//! Syncs of a connector. A request plans the times of a sync, and reads compute its status from them.

use serde::Serialize;
use serde_json::{Value, json};

use crate::switches::Switches;
use crate::time::Time;

/// A past, running or queued sync.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncRun {
    /// When it starts.
    pub started_at: Time,
    /// When it ends.
    pub completed_at: Time,
    /// Its error, if it fails.
    pub error: Option<String>,
}

impl SyncRun {
    /// Returns a new sync whose duration and result follow the switches. `error` overrides the result.
    pub(crate) fn plan(switches: &Switches, error: Option<String>) -> Self {
        let started_at = Time::now().after_ms(switches.sync_queue_ms);
        Self {
            started_at,
            completed_at: started_at.after_ms(switches.sync_duration_ms),
            error: error.or_else(|| switches.sync_error.clone()),
        }
    }
}

/// Returns the `status` of a connector, which is the status of its last started sync.
pub(crate) fn status(runs: &[SyncRun], disabled: Option<Time>) -> Value {
    let now = Time::now();
    let run = runs.iter().rfind(|run| run.started_at <= now);
    let completed_at = run
        .map(|run| run.completed_at)
        .filter(|completed| *completed <= now);
    let error = run
        .filter(|_| completed_at.is_some())
        .and_then(|run| run.error.as_deref());
    let status = match (disabled, run, completed_at, error) {
        (Some(_), ..) => "SYNC_STATUS_DISABLED",
        (None, None, ..) => return Value::Null,
        (None, Some(_), None, _) => "SYNC_STATUS_RUNNING",
        (None, Some(_), Some(_), None) => "SYNC_STATUS_DONE",
        (None, Some(_), Some(_), Some(_)) => "SYNC_STATUS_ERROR",
    };
    let started_at = run.map(|run| run.started_at);
    json!({
        "status": status,
        "lastError": error.unwrap_or_default(),
        "startedAt": started_at,
        "completedAt": completed_at,
        "updatedAt": disabled.max(completed_at).max(started_at),
    })
}

/// Returns whether a sync is running or queued.
pub(crate) fn is_busy(runs: &[SyncRun]) -> bool {
    let now = Time::now();
    runs.iter().any(|run| run.completed_at > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(switches: &Switches, disabled: Option<Time>) -> Value {
        let status = status(&[SyncRun::plan(switches, None)], disabled);
        status.get("status").cloned().unwrap_or_default()
    }

    #[test]
    fn a_sync_runs_and_ends() {
        let running = Switches {
            sync_duration_ms: 60_000,
            ..Switches::default()
        };
        let done = Switches {
            sync_duration_ms: 0,
            ..Switches::default()
        };
        let failed = Switches {
            sync_error: Some("no".to_owned()),
            ..done.clone()
        };
        let queued = Switches {
            sync_queue_ms: 60_000,
            ..Switches::default()
        };
        assert_eq!(shown(&running, None), "SYNC_STATUS_RUNNING");
        assert_eq!(shown(&done, None), "SYNC_STATUS_DONE");
        assert_eq!(shown(&failed, None), "SYNC_STATUS_ERROR");
        assert_eq!(shown(&queued, None), Value::Null);
        assert_eq!(shown(&done, Some(Time::now())), "SYNC_STATUS_DISABLED");
    }
}
