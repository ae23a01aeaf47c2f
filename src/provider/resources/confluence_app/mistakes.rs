//! What there is to say about a `confluence_app`, in the user's words.

use crate::conductorone::Connector;
use crate::provider::client::ConductorOne;
use crate::provider::connector::Double;
use crate::provider::problems::{apps as problems, commands};
use crate::terraform::diagnostics::Diagnostic;

use super::Model;

/// What there is to say where another resource is the same app.
pub(super) fn double(client: &ConductorOne, state: &Model) -> Option<Diagnostic> {
    let id = state.id();
    let double = client.ledger.plan(id)?;
    let name = state.display_name.known().map_or("", String::as_str);
    Some(match double {
        Double::Stored => problems::stored_twice(id, name),
        Double::Imported => problems::imported_twice(id, name),
    })
}

/// The warning that ConductorOne deletes these connectors together with the app.
pub(super) fn takes_along(state: &Model, connectors: &[Connector]) -> Option<Diagnostic> {
    if connectors.is_empty() {
        return None;
    }
    let name = state.display_name.known().map_or("", String::as_str);
    let line = |connector: &Connector| format!("{:?}, {}", connector.display_name, connector.id);
    let lines = commands(connectors.iter().map(line));
    Some(problems::deletes_connectors(name, &lines))
}
