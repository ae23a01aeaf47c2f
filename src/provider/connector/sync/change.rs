//! Scheduling, pausing and resuming the syncs of a connector.

use crate::conductorone::Error;
use crate::provider::api_errors;
use crate::provider::connector::attributes::ConnectorAttributes;
use crate::provider::session::Session;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::value::Value;

use super::attributes::nested_path;

/// Schedules the connector as planned, if its schedule differs.
pub(crate) async fn schedule(
    session: &Session,
    state: &mut ConnectorAttributes,
    planned: &ConnectorAttributes,
) -> Result<(), Diagnostics> {
    let Value::Known(planned) = &planned.sync else {
        return Ok(());
    };
    let mut sync = state.sync.known().cloned().unwrap_or_default();
    if let Some((cron, zone)) = planned.schedule()
        && sync.schedule() != planned.schedule()
    {
        let (app_id, id) = state.ids();
        let scheduled = session
            .api()
            .schedule_connector(app_id, id, cron, zone)
            .await;
        scheduled.map_err(|error| diagnose(&error, "cron"))?;
    }
    sync.cron.clone_from(&planned.cron);
    sync.timezone.clone_from(&planned.timezone);
    state.sync = Value::Known(sync);
    Ok(())
}

/// Pauses or resumes the connector as planned, if it differs.
pub(crate) async fn pause_or_resume(
    session: &Session,
    state: &mut ConnectorAttributes,
    planned: &ConnectorAttributes,
) -> Result<(), Diagnostics> {
    let Some(enabled) = planned.sync_enabled() else {
        return Ok(());
    };
    if state.sync_enabled() != Some(enabled) {
        let (app_id, id) = state.ids();
        let done = if enabled {
            session.api().resume_connector(app_id, id).await
        } else {
            session.api().pause_connector(app_id, id).await
        };
        done.map_err(|error| diagnose(&error, "enabled"))?;
    }
    let mut sync = state.sync.known().cloned().unwrap_or_default();
    sync.enabled = Value::Known(enabled);
    state.sync = Value::Known(sync);
    Ok(())
}

/// Returns the error of a request, at the nested attribute for which it was sent.
fn diagnose(error: &Error, attribute: &str) -> Diagnostic {
    api_errors::diagnose(error).at(nested_path(attribute))
}
