//! Waiting until a connector has a status. The connector's process, a user or ConductorOne changes the status.

use crate::conductorone::Connector;
use crate::provider::connector::listing_messages as messages;
use crate::provider::polling::Backoff;
use crate::provider::session::Session;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

use super::status::{Status, failure_reason};

/// Waits until the connector, which was just read, has the status `awaited`. Returns the connector as it was read last. A
/// failed sync ends the wait with the connector's own message.
pub(crate) async fn wait_for_status(
    session: &Session,
    mut connector: Connector,
    (app_id, id): (&str, &str),
    awaited: &str,
) -> Result<Connector, Diagnostics> {
    let mut backoff = Backoff::new(session.api());
    loop {
        let status = Status::from_connector(&connector);
        if status.name() == awaited {
            // A list from before the wait shows the status that the connector had then.
            session.lookups().forget_connectors();
            return Ok(connector);
        }
        if status == Status::Error {
            return Err(diagnose_failure(&connector, awaited).into());
        }
        let what = format!("the connector to be {awaited} (it is {})", status.name());
        backoff.pause(&what).await?;
        let read = session.api().get_connector(app_id, id).await;
        let read = read.map_err(|error| error.awaiting(&what))?;
        let read = read.ok_or_else(|| messages::no_connector(app_id, id))?;
        connector = session.provider().pending_descriptions.apply_to(read);
    }
}

fn diagnose_failure(connector: &Connector, awaited: &str) -> Diagnostic {
    let status = connector.status.clone().unwrap_or_default();
    messages::failed_instead(&connector.id, awaited, &failure_reason(&status))
}
