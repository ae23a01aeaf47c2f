//! Apps that are similar to a new one, and unfinished apps.

use crate::conductorone::{App, Error};
use crate::provider::app::messages;
use crate::provider::create_once::{list_leftovers, report_similar};
use crate::provider::message_values::import_command;
use crate::provider::session::Session;
use crate::terraform::diagnostics::Diagnostics;

/// Returns a warning for each finished app with this name that no resource of this run manages.
pub(super) async fn find_similar(
    session: &Session,
    type_name: &str,
    display_name: &str,
) -> Result<Diagnostics, Error> {
    let lookups = session.lookups();
    let existing = lookups
        .apps_before_creation(session.api(), display_name)
        .await?;
    let warning = |App { id, .. }: &App, created: &str| {
        messages::may_exist_already(display_name, id, created, &import_command(type_name, id))
    };
    Ok(report_similar(session, &existing, |_| true, warning).await)
}

/// Lets the last creation report the unfinished apps of ended runs. An active creation could still adopt one.
pub(super) fn report_leftovers(session: &Session, type_name: &'static str) {
    session.report_at_end("apps", async move |session| {
        let apps = session.lookups().all_apps(session.api()).await?;
        let command = |app: &App| import_command(type_name, &app.id);
        let lines = list_leftovers(&session, &apps, command).await;
        Ok(lines.map(|lines| messages::left_behind(&lines)))
    });
}
