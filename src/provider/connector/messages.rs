//! Messages about all connectors.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error app_not_found(app_id) on "app_id" {
        summary: "App not found",
        cause: "ConductorOne has no app with the ID {app_id}, or the credential's user may not see it.",
        remedy: "Check app_id, which is in the URL of the app's page.",
    }

    Error connector_gone(connector_id) {
        summary: "Connector not found",
        cause: "The connector {connector_id} no longer exists in ConductorOne, or the credential's user may not see it.",
        remedy: "Plan again. The next plan offers to create a new connector.",
    }

    Error invalid_import_id(id) {
        summary: "Invalid import ID",
        cause: "The import ID {id:?} does not consist of the IDs of an app and a connector.",
        remedy: "Use app_id/connector_id, such as 2xKpPzZz9y8x7w6v5u4t3s2r1q0/2xKpQ0aZb1Yc2Xd3We4Vf5Ug6Th. Both IDs are in \
               the URL of the connector's page in ConductorOne.",
    }

    Error of_another_type(product, connector_id, display_name, catalog_id, other_resource) {
        summary: "Not a {product} connector",
        cause: "The connector {connector_id} ({display_name:?}) was created from the catalog entry {catalog_id}, which is \
                not {product}.",
        remedy: "Check the ID; {other_resource}.",
    }

    Error not_self_hosted(connector_id, display_name, catalog_id, other_resource) {
        summary: "Not a self-hosted connector",
        cause: "The connector {connector_id} ({display_name:?}) was created from the catalog entry {catalog_id}, whose \
                connectors ConductorOne hosts.",
        remedy: "Check the ID; {other_resource}.",
    }

    Warning stored_twice(connector_id, display_name) {
        summary: "Two resources manage the same connector",
        cause: "Another resource in this state also manages the connector {connector_id} ({display_name:?}). The two \
                resources undo each other's changes, and destroying one of them deletes the connector of both.",
        remedy: "Remove one of them from the state with `terraform state rm`, and from the configuration.",
    }

    Error imported_twice(connector_id, display_name) {
        summary: "Two resources manage the same connector",
        cause: "This plan imports the connector {connector_id} ({display_name:?}), but another resource in this \
                configuration manages the same connector. The two resources would undo each other's changes.",
        remedy: "Remove one of the import blocks, or use a moved block to change the address of a connector in the state.",
    }

    Warning adopted(connector_id) {
        summary: "Connector adopted",
        cause: "An interrupted run left behind the unfinished connector {connector_id}, which matches this configuration. \
                The provider adopted it instead of creating a second connector.",
        remedy: "No action is required.",
    }

    Warning leftover_replaced(connector_id) {
        summary: "Unfinished connector was deleted",
        cause: "An interrupted run left behind the unfinished connector {connector_id}, which matches this configuration. \
                The secret of any credential that it had was lost, so the provider deleted the connector with its \
                credentials and created a new one.",
        remedy: "No action is required.",
    }

    Error being_created(connector_id, created, limit, import_command) {
        summary: "Another run may be creating this connector",
        cause: "The unfinished connector {connector_id} of the app matches this configuration. A Terraform run in another \
                place created it {created} and may still be active; {limit}.",
        remedy: "Wait until that run has ended, then apply again. If it was interrupted and will not run again, delete the \
               connector on its page in ConductorOne, or import it:",
        server_message: "{import_command}",
    }

    Warning left_behind(app_id, connectors) {
        summary: "Unfinished connectors are left in the app",
        cause: "Interrupted runs left unfinished connectors in the app {app_id}. This run did not adopt them, because they \
                differ from the configuration, for example in their name.",
        remedy: "Delete them on their pages in ConductorOne, or import them with the command next to each name, unless \
               another resource of this configuration manages them:\n{connectors}",
    }

    Warning may_exist_already(connector_id, created, import_command) {
        summary: "Connector may exist already",
        cause: "The app already has a connector that matches this configuration: {connector_id}, created {created}. The \
                provider has seen no resource in the state that manages it, perhaps because an earlier run created it and \
                lost its state.",
        remedy: "Unless another resource of this configuration manages it, import it instead of creating a second connector:",
        server_message: "{import_command}",
    }

    Error not_created(error) {
        summary: "Connector was not created",
        cause: "ConductorOne gave no clear answer to the request to create a connector, and the app has no connector that \
                the request could have created.",
        remedy: "Apply again.",
        server_message: "{error}",
    }

    Error maybe_created(error) {
        summary: "Connector may have been created",
        cause: "ConductorOne gave no clear answer to the request to create a connector.",
        remedy: "Look for a new connector on the app's page in ConductorOne. If it exists, import it; otherwise, apply \
               again.",
        server_message: "{error}",
    }

    Error one_of_several_created(import_commands, error) {
        summary: "Connector may have been created",
        cause: "ConductorOne gave no clear answer to the request to create a connector, and several connectors of this app \
                may be its result.",
        remedy: "Import the right one, or delete those that you do not need:\n{import_commands}",
        server_message: "{error}",
    }

    Warning schedule_kept(cron) on "sync" {
        summary: "Schedule is kept in ConductorOne",
        cause: "The schedule (sync.cron) is no longer configured. ConductorOne cannot remove a schedule, so the connector \
                keeps {cron:?}, and Terraform no longer manages it.",
        remedy: "To change the schedule, set sync.cron, or change it on the connector's page in ConductorOne.",
    }

    Warning pause_kept() on "sync" {
        summary: "Connector stays paused",
        cause: "The pause (sync.enabled = false) is no longer configured. The connector stays paused, and Terraform no \
                longer manages its pause.",
        remedy: "To resume the connector, set sync.enabled = true, or resume it on its page in ConductorOne.",
    }

    Error nothing_to_wait_for(settings, example) on "wait_for_sync" {
        summary: "Invalid wait_for_sync",
        cause: "The attribute wait_for_sync requires {settings}. Without {settings}, the owners finish the setup and there \
                is no sync to wait for.",
        remedy: "Set them, for example {example}, or remove wait_for_sync.",
    }

    Warning no_sync_while_paused() on "wait_for_sync" {
        summary: "Paused connector does not sync",
        cause: "With sync.enabled = false, there is no sync to wait for, so wait_for_sync does nothing.",
        remedy: "To check the settings with a sync, set sync.enabled = true.",
    }

    Error sync_failed(connector_id, reason) {
        summary: "Sync failed",
        cause: "ConductorOne stored the settings of the connector {connector_id}, but the first sync with them failed.",
        remedy: "If a setting is wrong, correct it and apply; otherwise, ConductorOne syncs again without an apply. The \
               connector reported:",
        server_message: "{reason}",
    }

    Error sync_failed_write_only(connector_id, write_only, version, reason) {
        summary: "Sync failed",
        cause: "ConductorOne stored the settings of the connector {connector_id}, but the first sync with them failed.",
        remedy: "If {write_only} is wrong, correct it and set {version} to a higher number, because Terraform cannot detect \
               a change of {write_only}. If another setting is wrong, correct it and apply; otherwise, ConductorOne syncs \
               again without an apply. The connector reported:",
        server_message: "{reason}",
    }

    Warning paused(connector_id) on "wait_for_sync" {
        summary: "Connector is paused",
        cause: "The settings of the connector {connector_id} were stored, but the provider did not wait for a sync because \
                the connector is paused. A user paused it, or ConductorOne turned off its syncs.",
        remedy: "To resume it, set sync.enabled = true and apply; if it is already set, apply again.",
    }

    Error sync_took_too_long(connector_id, time, setting, example) on "wait_for_sync" {
        summary: "Sync took too long",
        cause: "ConductorOne stored the settings of the connector {connector_id}, but the connector did not finish a sync \
                with them within {time}, the limit in {setting}. ConductorOne continues, and the connector's page shows the \
                status.",
        remedy: "To wait longer, raise {setting}, for example {example}, or remove wait_for_sync.",
    }

    Error incomplete(attribute, other_attributes, example) on "{attribute}" {
        summary: "Missing {other_attributes}",
        cause: "{attribute} requires {other_attributes}.",
        remedy: "Set {other_attributes}, for example {example}, or remove {attribute}.",
    }
}
