//! What there is to say about a `confluence_app`, in the user's words.

use crate::conductorone::{App, Connector};
use crate::terraform::diagnostics::Diagnostic;

use super::Model;

pub(super) fn missing_name() -> Diagnostic {
    Diagnostic::error(
        "Missing display_name",
        "A new app needs a name. Set display_name, for example display_name = \"Confluence\", or unmanaged_app to promote an \
         app that an identity provider discovered.",
    )
    .on("display_name")
}

pub(super) fn not_an_id(id: &str) -> Diagnostic {
    Diagnostic::error(
        "Invalid import ID",
        format!(
            "Expected the app's ID, such as 2xKpPzZz9y8x7w6v5u4t3s2r1q0, got {id:?}. It stands in the address of the app's \
             page in ConductorOne."
        ),
    )
}

pub(super) fn adopted(app: &App) -> Diagnostic {
    Diagnostic::warning(
        "App taken over",
        format!(
            "There is an unfinished app like the one to be created, {}. A run that was interrupted has left it behind, so it \
             was taken over instead of creating a second one.",
            app.id,
        ),
    )
}

pub(super) fn takes_along(state: &Model, connectors: &[Connector]) -> Diagnostic {
    let name = state.display_name.known().map_or("", String::as_str);
    let line =
        |connector: &Connector| format!("\n  {:?}, {}", connector.display_name, connector.id);
    let lines: String = connectors.iter().map(line).collect();
    Diagnostic::warning(
        "Deleting the app deletes its connectors",
        format!(
            "The app {name:?} has these connectors, which ConductorOne deletes together with it:{lines}\nThose that Terraform \
             manages are deleted first in any case. Keep the app if one of the others is still needed."
        ),
    )
}
