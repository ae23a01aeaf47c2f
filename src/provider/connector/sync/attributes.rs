//! The attributes of `sync`: whether and when a connector syncs.

use crate::conductorone::Connector;
use crate::provider::connector::messages;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::path::{Path, Step};
use crate::terraform::schema::AttributeFlag::{Computed, Optional};
use crate::terraform::value::{Value, model};

/// The default time zone of a schedule.
const DEFAULT_ZONE: &str = "UTC";

model! {
    /// Whether and when the connector syncs. Attributes that are not set keep their values in ConductorOne.
    pub(crate) struct SyncAttributes {
        /// Whether the connector syncs and provisions; `false` pauses it. Default for a new connector: `true`.
        #[schemars(extend("x-terraform" = [Optional, Computed], "default" = true))]
        enabled: bool,
        /// When syncs start, as a cron expression with five fields, such as `0 4 * * *`. ConductorOne enforces a
        /// minimum interval, usually 30 minutes. If unset, ConductorOne's own schedule applies.
        #[schemars(extend("x-terraform" = [Optional], "format" = "cron"))]
        cron: String,
        /// Time zone of `cron` as an IANA name, such as `Europe/Berlin`. Requires `cron`. Default: `UTC`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "time-zone"))]
        timezone: String,
    }
}

impl SyncAttributes {
    /// Returns the attributes of a new connector for which none are configured.
    pub(crate) fn of_new_connector() -> Self {
        Self {
            enabled: Value::Known(true),
            ..Self::default()
        }
    }

    /// Returns what ConductorOne says. A schedule that Terraform does not manage appears only if nothing was known before, as after
    /// an import.
    pub(crate) fn observe(before: &Value<Self>, connector: &Connector) -> Value<Self> {
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
            // The default zone means the same as no zone.
            if zone != DEFAULT_ZONE || before.is_some_and(|before| !before.timezone.is_null()) {
                sync.timezone = Value::Known(zone.to_owned());
            }
        }
        Value::Known(sync)
    }

    /// Validates the rules between these attributes of a configuration.
    pub(crate) fn validate(&self, diagnostics: &mut Diagnostics) {
        if self.timezone.known().is_some() && self.cron.is_null() {
            let incomplete = messages::incomplete("timezone", "cron", "cron = \"0 4 * * *\"");
            diagnostics.push(incomplete.at(nested_path("timezone")));
        }
    }

    /// Returns the cron expression and its time zone. `None` if Terraform does not manage a schedule.
    pub(super) fn schedule(&self) -> Option<(&str, &str)> {
        let zone = self.timezone.known().map_or(DEFAULT_ZONE, String::as_str);
        self.cron.known().map(|cron| (cron.as_str(), zone))
    }
}

/// Returns the path of a nested attribute of `sync`.
pub(super) fn nested_path(attribute: &str) -> Path {
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
            let observed = SyncAttributes::observe(&before, &found);
            assert_eq!(observed, expected, "{before:?}");
        }
        for found in default_zone {
            for (before, expected) in [
                (Value::Null, sync(cron, None)),
                (sync(cron, None), sync(cron, None)),
                (sync(cron, Some("UTC")), sync(cron, Some("UTC"))),
                (sync(cron, berlin), sync(cron, Some("UTC"))),
            ] {
                let observed = SyncAttributes::observe(&before, &found);
                assert_eq!(observed, expected, "{before:?}");
            }
        }
        let gone = SyncAttributes::observe(&sync(cron, berlin), &Connector::default());
        assert_eq!(gone, sync(None, None));
    }

    #[test]
    fn only_a_known_zone_without_a_schedule_is_an_error() {
        let error = |cron: Value<String>| {
            let sync = SyncAttributes {
                cron,
                timezone: Value::Known("UTC".to_owned()),
                ..SyncAttributes::default()
            };
            let mut diagnostics = Diagnostics::default();
            sync.validate(&mut diagnostics);
            let first = diagnostics.iter().next();
            first.map(|error| error.attribute.to_string())
        };
        assert_eq!(error(Value::Null), Some("sync.timezone".to_owned()));
        assert_eq!(error(Value::Unknown), None);
        assert_eq!(error(Value::Known("0 4 * * *".to_owned())), None);
    }
}
