//! The private state of every connector.

use serde::{Deserialize, Serialize};

use crate::conductorone::Connector;
use crate::provider::connector::attributes::ConnectorAttributes;
use crate::provider::connector::messages;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::value::Value;

use super::attributes::SyncAttributes;

/// The private state of every connector: which parts of `sync` are configured. The state also shows what somebody else has set.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SyncPrivateState {
    /// Whether the last applied configuration pauses the connector.
    paused: bool,
    /// Whether the last applied configuration schedules the connector.
    scheduled: bool,
}

impl SyncPrivateState {
    /// Records the applied configuration.
    pub(crate) fn record_applied(&mut self, config: Option<&ConnectorAttributes>) {
        let sync = config.and_then(|config| config.sync.known());
        self.paused = sync.is_some_and(|sync| sync.enabled == Value::Known(false));
        self.scheduled = sync.is_some_and(|sync| !sync.cron.is_null());
    }

    /// Records what a read has found. A pause that somebody else has ended is no longer Terraform's.
    pub(crate) fn record_read(&mut self, connector: &Connector) {
        self.paused &= connector.sync_disabled_at.is_some();
    }

    /// Plans the removal of a pause or a schedule from the configuration, which ends neither, and adds a warning.
    ///
    /// The plan must differ from the state. Otherwise Terraform would apply nothing and repeat the warning in every plan.
    pub(crate) fn plan_removal(
        &self,
        prior: &ConnectorAttributes,
        planned: &mut ConnectorAttributes,
        config: &ConnectorAttributes,
        diagnostics: &mut Diagnostics,
    ) {
        let (Value::Known(before), Value::Known(sync)) = (&prior.sync, &mut planned.sync) else {
            return;
        };
        let is_left_out = config.sync.is_null();
        if is_left_out && self.scheduled {
            (sync.cron, sync.timezone) = (Value::Null, Value::Null);
        }
        let configured = config.sync.known();
        let says_nothing = configured.is_some_and(|sync| sync.enabled.is_null()) || is_left_out;
        let stays_paused = self.paused && says_nothing && before.enabled == Value::Known(false);
        if stays_paused {
            sync.enabled = Value::Unknown;
        }
        diagnostics.extend(stays_paused.then(messages::pause_kept));
        diagnostics.extend(diagnose_kept_schedule(&prior.sync, &planned.sync));
    }
}

/// Returns the warning for a plan that no longer manages a schedule.
fn diagnose_kept_schedule(
    prior: &Value<SyncAttributes>,
    planned: &Value<SyncAttributes>,
) -> Option<Diagnostic> {
    let cron = prior.known()?.cron.known()?;
    let kept = planned.known()?.cron.is_null();
    kept.then(|| messages::schedule_kept(cron))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sync(cron: Option<&str>) -> Value<SyncAttributes> {
        Value::Known(SyncAttributes {
            enabled: Value::Known(true),
            cron: cron.map(str::to_owned).into(),
            timezone: Value::Null,
        })
    }

    #[test]
    fn a_schedule_that_is_no_longer_managed_is_worth_a_word() {
        let cron = sync(Some("0 4 * * *"));
        assert!(diagnose_kept_schedule(&cron, &sync(None)).is_some());
        assert!(diagnose_kept_schedule(&cron, &cron).is_none());
        assert!(diagnose_kept_schedule(&sync(None), &sync(None)).is_none());
        assert!(diagnose_kept_schedule(&cron, &Value::Unknown).is_none());
    }
}
