//! Messages about finding connectors.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error no_app(app_id) on "app_id" {
        summary: "App not found",
        cause: "ConductorOne has no app with the ID {app_id:?}, or the credential's user may not see it.",
        remedy: "Check the ID, which is in the URL of the app's page. To list the connectors of every app, remove app_id.",
    }

    Error no_connector(app_id, connector_id) on "id" {
        summary: "Connector not found",
        cause: "The app {app_id:?} has no connector {connector_id:?}. It may have been deleted, or the credential's user may \
                not see it.",
        remedy: "Check both IDs, which are in the URL of the connector's page.",
    }

    Error failed_instead(connector_id, awaited, reason) on "wait_for_status" {
        summary: "Connector reports an error",
        cause: "The last sync of the connector {connector_id} failed, so the provider does not wait until it is {awaited}.",
        remedy: "Correct the cause, for example a setting of the connector, and apply again after its next sync. The \
               connector reported:",
        server_message: "{reason}",
    }

    Error too_many_connectors(most) {
        summary: "Too many connectors",
        cause: "The connectors of all apps together take more than {most} MiB, the most that this data source reads.",
        remedy: "Set app_id to list the connectors of one app.",
    }
}
