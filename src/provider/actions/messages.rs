//! Messages about actions.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error paused(connector_id, error) on "connector_id" {
        summary: "Connector is paused",
        cause: "ConductorOne did not start a sync, because the syncs of the connector {connector_id} are disabled.",
        remedy: "Resume the connector first, for example with the action confluence_resume_sync, which also starts a sync. \
               If the data-drop check stopped its syncs, use confluence_confirm_sync.",
        server_message: "{error}",
    }

    Error paused_while_waiting(connector_id) on "wait" {
        summary: "Connector is paused",
        cause: "The syncs of the connector {connector_id} were disabled before the requested sync ended. A user paused the \
                connector, or ConductorOne turned off its syncs.",
        remedy: "Resume the connector, for example with the action confluence_resume_sync, which also starts a sync.",
    }

    Error sync_failed(connector_id, reason) on "connector_id" {
        summary: "Sync failed",
        cause: "The sync of the connector {connector_id} failed.",
        remedy: "Correct the cause, and run the action again. The connector reported:",
        server_message: "{reason}",
    }

    Error sync_not_confirmed(connector_id, sync_id, error) on "sync_lifecycle_id" {
        summary: "Sync was not confirmed",
        cause: "ConductorOne did not accept a confirmation of the sync {sync_id} of the connector {connector_id}.",
        remedy: "Check sync_lifecycle_id. Another user may have confirmed the sync already, or a later sync may have replaced \
               it.",
        server_message: "{error}",
    }
}
