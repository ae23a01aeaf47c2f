//! Messages about finding connectors.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error no_app(app_id) on "app_id" {
        summary: "App not found",
        cause: "ConductorOne has no app {app_id:?} whose connectors could be listed.",
        remedy: "Check the ID, which stands in the address of the app's page, and that the credential's user may see the app; \
               or remove app_id to list the connectors of every app.",
    }

    Error no_connector(app_id, connector_id) on "id" {
        summary: "Connector not found",
        cause: "The app {app_id:?} has no connector {connector_id:?}.",
        remedy: "Check both IDs, which stand in the address of the connector's page, and that the credential's user may see \
               the connector. A deleted connector is not found.",
    }

    Error too_many_connectors(most) {
        summary: "Too many connectors",
        cause: "The connectors of all apps together take more than {most} MiB, the most that this data source reads.",
        remedy: "Set app_id to list the connectors of one app.",
    }
}
