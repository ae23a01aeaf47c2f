//! Whether and when a connector syncs.

use serde::{Deserialize, Serialize};

use crate::conductorone::{Connector, Error};
use crate::provider::diagnostics;
use crate::provider::problems::{connectors, settings};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::path::{Path, Step};
use crate::terraform::schema::AttributeFlag::{Computed, Optional};
use crate::terraform::value::{Value, model};

use super::{ConnectorAttributes, Session};

/// The time zone of a schedule that names none.
const DEFAULT_ZONE: &str = "UTC";

model! {
    /// Whether and when the connector syncs. What is not set stays as ConductorOne has it.
    pub(crate) struct SyncAttributes {
        /// Whether the connector syncs and provisions; `false` pauses it. Default for a new connector: `true`.
        #[schemars(extend("x-terraform" = [Optional, Computed], "default" = true))]
        enabled: bool,
        /// When syncs start, as a cron expression of five fields such as `0 4 * * *`. How often is too often,
        /// ConductorOne decides. Without it, ConductorOne's own schedule applies.
        #[schemars(extend("x-terraform" = [Optional], "format" = "cron"))]
        cron: String,
        /// Time zone of `cron` by its IANA name, such as `Europe/Berlin`. Goes together with `cron`. Default: `UTC`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "time-zone"))]
        timezone: String,
    }
}

impl SyncAttributes {
    /// Takes over what ConductorOne says. Of a schedule that nobody manages nothing appears, except where nothing was
    /// known before, as after an import.
    pub(super) fn observed(before: &Value<Self>, connector: &Connector) -> Value<Self> {
        let mut sync = Self {
            enabled: Value::Known(connector.sync_disabled_at.is_none()),
            ..Self::default()
        };
        let before = before.known();
        let is_managed = before.is_none_or(|before| !before.cron.is_null());
        let schedule = connector.connector_sync_cron_schedule.as_ref();
        let schedule = schedule.filter(|schedule| is_managed && !schedule.cron_spec.is_empty());
        if let Some(schedule) = schedule {
            let zone = match schedule.timezone.as_str() {
                "" => DEFAULT_ZONE,
                zone => zone,
            };
            sync.cron = Value::Known(schedule.cron_spec.clone());
            // Whoever names no zone gets the default one, and means the same.
            if zone != DEFAULT_ZONE || before.is_some_and(|before| !before.timezone.is_null()) {
                sync.timezone = Value::Known(zone.to_owned());
            }
        }
        Value::Known(sync)
    }

    /// What is wrong between these attributes of a configuration.
    pub(super) fn mistakes(&self) -> Option<Diagnostic> {
        let lonely = self.timezone.known().is_some() && self.cron.is_null();
        let mistake = || {
            settings::incomplete("timezone", "cron", "cron = \"0 4 * * *\"").at(inside("timezone"))
        };
        lonely.then(mistake)
    }

    /// The schedule, with the zone that applies; none where nobody manages it.
    fn schedule(&self) -> Option<(&str, &str)> {
        let zone = self.timezone.known().map_or(DEFAULT_ZONE, String::as_str);
        self.cron.known().map(|cron| (cron.as_str(), zone))
    }
}

/// What is kept beside the state of every connector: what of `sync` is configured. The state cannot tell, because it also
/// shows what somebody else has set.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct KeptSync {
    /// Whether the configuration that was applied last pauses the connector.
    paused: bool,
    /// Whether it schedules the connector.
    scheduled: bool,
}

impl KeptSync {
    /// Notes what is configured, once that is done.
    pub(super) fn apply(&mut self, config: Option<&ConnectorAttributes>) {
        let sync = config.and_then(|config| config.sync.known());
        self.paused = sync.is_some_and(|sync| sync.enabled == Value::Known(false));
        self.scheduled = sync.is_some_and(|sync| !sync.cron.is_null());
    }

    /// Notes what a read has found: a pause that somebody else has ended is no longer Terraform's.
    pub(super) fn observe(&mut self, connector: &Connector) {
        self.paused &= connector.sync_disabled_at.is_some();
    }

    /// Plans that a pause or a schedule is no longer configured, which ends neither. Gives the warnings.
    ///
    /// The plan must differ from the state, or Terraform would apply nothing and warn again and again.
    pub(super) fn plan_removal(
        &self,
        prior: &ConnectorAttributes,
        planned: &mut ConnectorAttributes,
        config: &ConnectorAttributes,
    ) -> Vec<Diagnostic> {
        let (Value::Known(before), Value::Known(sync)) = (&prior.sync, &mut planned.sync) else {
            return Vec::new();
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
        let pause = stays_paused.then(connectors::pause_kept);
        let schedule = schedule_kept(&prior.sync, &planned.sync);
        pause.into_iter().chain(schedule).collect()
    }
}

/// The warning for a plan that no longer manages a schedule.
fn schedule_kept(
    prior: &Value<SyncAttributes>,
    planned: &Value<SyncAttributes>,
) -> Option<Diagnostic> {
    let cron = prior.known()?.cron.known()?;
    let kept = planned.known()?.cron.is_null();
    kept.then(|| connectors::schedule_kept(cron))
}

impl Session {
    /// Schedules the connector of `state` as `wanted`, if it is not.
    pub(super) async fn schedule(
        &self,
        state: &mut ConnectorAttributes,
        wanted: &ConnectorAttributes,
    ) -> Result<(), Diagnostics> {
        let Value::Known(wanted) = &wanted.sync else {
            return Ok(());
        };
        let mut sync = state.sync.known().cloned().unwrap_or_default();
        if let Some((cron, zone)) = wanted.schedule()
            && sync.schedule() != wanted.schedule()
        {
            let (app_id, id) = state.ids();
            let scheduled = self.api.schedule_connector(app_id, id, cron, zone).await;
            scheduled.map_err(|error| failed("cron", &error))?;
        }
        sync.cron.clone_from(&wanted.cron);
        sync.timezone.clone_from(&wanted.timezone);
        state.sync = Value::Known(sync);
        Ok(())
    }

    /// Pauses or resumes the connector of `state` as `wanted`, if it is not.
    pub(super) async fn pause_or_resume(
        &self,
        state: &mut ConnectorAttributes,
        wanted: &ConnectorAttributes,
    ) -> Result<(), Diagnostics> {
        let Some(enabled) = wanted.sync_enabled() else {
            return Ok(());
        };
        if state.sync_enabled() != Some(enabled) {
            let (app_id, id) = state.ids();
            let done = if enabled {
                self.api.resume_connector(app_id, id).await
            } else {
                self.api.pause_connector(app_id, id).await
            };
            done.map_err(|error| failed("enabled", &error))?;
        }
        let mut sync = state.sync.known().cloned().unwrap_or_default();
        sync.enabled = Value::Known(enabled);
        state.sync = Value::Known(sync);
        Ok(())
    }
}

/// The error of a call, on the attribute of `sync` that it was made for.
fn failed(attribute: &str, error: &Error) -> Diagnostic {
    diagnostics::api(error).at(inside(attribute))
}

fn inside(attribute: &str) -> Path {
    Path::attribute("sync").then(Step::Attribute(attribute.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conductorone::CronSchedule;

    fn scheduled(cron: &str, timezone: &str) -> Connector {
        let schedule = CronSchedule {
            cron_spec: cron.to_owned(),
            timezone: timezone.to_owned(),
            start: None,
        };
        Connector {
            connector_sync_cron_schedule: Some(schedule),
            ..Connector::default()
        }
    }

    fn sync(cron: Option<&str>, timezone: Option<&str>) -> Value<SyncAttributes> {
        Value::Known(SyncAttributes {
            enabled: Value::Known(true),
            cron: cron.map(str::to_owned).into(),
            timezone: timezone.map(str::to_owned).into(),
        })
    }

    #[test]
    fn a_schedule_shows_where_it_is_managed_or_nothing_was_known() {
        let (cron, other) = (Some("0 4 * * *"), Some("0 5 * * *"));
        let berlin = Some("Europe/Berlin");
        let found = scheduled("0 4 * * *", "Europe/Berlin");
        let default_zone = [scheduled("0 4 * * *", ""), scheduled("0 4 * * *", "UTC")];
        for (before, expected) in [
            (Value::Null, sync(cron, berlin)),
            (Value::Unknown, sync(cron, berlin)),
            (sync(other, None), sync(cron, berlin)),
            (sync(None, None), sync(None, None)),
        ] {
            let observed = SyncAttributes::observed(&before, &found);
            assert_eq!(observed, expected, "{before:?}");
        }
        for found in default_zone {
            for (before, expected) in [
                (Value::Null, sync(cron, None)),
                (sync(cron, None), sync(cron, None)),
                (sync(cron, Some("UTC")), sync(cron, Some("UTC"))),
                (sync(cron, berlin), sync(cron, Some("UTC"))),
            ] {
                let observed = SyncAttributes::observed(&before, &found);
                assert_eq!(observed, expected, "{before:?}");
            }
        }
        let gone = SyncAttributes::observed(&sync(cron, berlin), &Connector::default());
        assert_eq!(gone, sync(None, None));
    }

    #[test]
    fn only_a_known_zone_without_a_schedule_is_a_mistake() {
        let mistake = |cron: Value<String>| {
            let sync = SyncAttributes {
                cron,
                timezone: Value::Known("UTC".to_owned()),
                ..SyncAttributes::default()
            };
            sync.mistakes().map(|mistake| mistake.attribute.to_string())
        };
        assert_eq!(mistake(Value::Null), Some("sync.timezone".to_owned()));
        assert_eq!(mistake(Value::Unknown), None);
        assert_eq!(mistake(Value::Known("0 4 * * *".to_owned())), None);
    }

    #[test]
    fn a_schedule_that_is_no_longer_managed_is_worth_a_word() {
        let cron = sync(Some("0 4 * * *"), None);
        assert!(schedule_kept(&cron, &sync(None, None)).is_some());
        assert!(schedule_kept(&cron, &cron).is_none());
        assert!(schedule_kept(&sync(None, None), &sync(None, None)).is_none());
        assert!(schedule_kept(&cron, &Value::Unknown).is_none());
    }
}
