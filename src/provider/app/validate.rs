//! Validation of `confluence_app`.

use crate::conductorone::Connector;
use crate::provider::app::messages;
use crate::provider::claims::Duplicate;
use crate::provider::message_values::list_commands;
use crate::provider::provider_data::ProviderData;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

use super::annotations::validate_annotations;
use super::attributes::AppModel;

/// Validates the rules between the attributes of a configuration.
pub(super) fn validate(config: &AppModel, diagnostics: &mut Diagnostics) {
    if config.display_name.is_null() && config.unmanaged_app.is_null() {
        diagnostics.push(messages::missing_name());
    }
    config.owners().validate(diagnostics);
    if let Some(annotations) = config.annotations.known() {
        validate_annotations(annotations, diagnostics);
    }
}

/// Returns the diagnostic if another resource manages the same app.
pub(super) fn diagnose_duplicate(provider: &ProviderData, state: &AppModel) -> Option<Diagnostic> {
    let id = state.id();
    let duplicate = provider.claims.record_plan(id)?;
    let name = state.display_name.known().map_or("", String::as_str);
    Some(match duplicate {
        Duplicate::Stored => messages::stored_twice(id, name),
        Duplicate::Imported => messages::imported_twice(id, name),
    })
}

/// Returns the warning that ConductorOne deletes these connectors together with the app.
pub(super) fn diagnose_deleted_connectors(
    state: &AppModel,
    connectors: &[Connector],
) -> Option<Diagnostic> {
    if connectors.is_empty() {
        return None;
    }
    let name = state.display_name.known().map_or("", String::as_str);
    let line = |connector: &Connector| format!("{:?}, {}", connector.display_name, connector.id);
    let lines = list_commands(connectors.iter().map(line));
    Some(messages::deletes_connectors(name, &lines))
}
