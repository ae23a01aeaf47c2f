//! What there is to say about a `confluence_app`, in the user's words.

use crate::conductorone::Connector;
use crate::provider::problems::apps as problems;
use crate::terraform::diagnostics::Diagnostic;

use super::Model;

/// The warning that ConductorOne deletes these connectors together with the app.
pub(super) fn takes_along(state: &Model, connectors: &[Connector]) -> Option<Diagnostic> {
    if connectors.is_empty() {
        return None;
    }
    let name = state.display_name.known().map_or("", String::as_str);
    let line = |connector: &Connector| format!("  {:?}, {}", connector.display_name, connector.id);
    let lines: Vec<_> = connectors.iter().map(line).collect();
    Some(problems::deletes_connectors(name, &lines.join("\n")))
}
