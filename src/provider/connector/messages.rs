//! Messages about all connectors.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error app_not_found(app_id) on "app_id" {
        summary: "App not found",
        cause: "There is no app with the ID {app_id} in ConductorOne, or the credential's user may not see it.",
        remedy: "Check app_id: it stands in the address of the app's page.",
    }

    Error connector_gone(connector_id) {
        summary: "Connector not found",
        cause: "The connector {connector_id} no longer exists in ConductorOne, or the credential's user may not see it.",
        remedy: "Plan again: the next plan offers to create it anew.",
    }

    Error invalid_import_id(id) {
        summary: "Invalid import ID",
        cause: "Got {id:?}, which does not name an app and a connector.",
        remedy: "Import by app_id/connector_id, such as 2xKpPzZz9y8x7w6v5u4t3s2r1q0/2xKpQ0aZb1Yc2Xd3We4Vf5Ug6Th. Both stand in \
               the address of the connector's page in ConductorOne.",
    }

    Error of_another_type(product, connector_id, display_name, catalog_id, other_resource) {
        summary: "Not a {product} connector",
        cause: "The connector {connector_id} ({display_name:?}) was made from the catalog entry {catalog_id}, which is not \
                {product}.",
        remedy: "Check the ID; {other_resource}.",
    }

    Error not_self_hosted(connector_id, display_name, catalog_id, other_resource) {
        summary: "Not a self-hosted connector",
        cause: "The connector {connector_id} ({display_name:?}) was made from the catalog entry {catalog_id}, which \
                ConductorOne hosts itself.",
        remedy: "Check the ID; {other_resource}.",
    }

    Warning stored_twice(connector_id, display_name) {
        summary: "Two resources are the same connector",
        cause: "Another resource in this state is the connector {connector_id} ({display_name:?}), too. The two resources undo \
                each other's changes, and destroying one of them deletes the connector of both.",
        remedy: "Take one of them out of the state with `terraform state rm`, and out of the configuration.",
    }

    Error imported_twice(connector_id, display_name) {
        summary: "Two resources are the same connector",
        cause: "The connector {connector_id} ({display_name:?}) is being imported, but another resource in this configuration is \
                the same connector. The two resources would undo each other's changes.",
        remedy: "Remove one of the import blocks. To give a connector in the state another address, use a moved block instead.",
    }

    Warning adopted(connector_id) {
        summary: "Connector taken over",
        cause: "The app has an unfinished connector like the one to be created, {connector_id}. A run that was interrupted \
                has left it behind, so it was taken over instead of creating a second one.",
        remedy: "There is nothing to do.",
    }

    Warning leftover_replaced(connector_id) {
        summary: "Unfinished connector was deleted",
        cause: "The app had an unfinished connector like the one to be created, {connector_id}, which an interrupted run left \
                behind. Nobody knows the credential that it may have had, so the provider deleted it with its credentials \
                and created a new connector.",
        remedy: "There is nothing to do.",
    }

    Error being_created(connector_id, created, limit, import_command) {
        summary: "Another run may be creating this connector",
        cause: "The app has an unfinished connector like the one to be created, {connector_id}. A run of Terraform in another \
                place created it {created}, and may still be at work; {limit}.",
        remedy: "Wait until that run has ended, then apply again. If it was interrupted and will not run again, delete the \
               connector on its page in ConductorOne, or import it:",
        server_message: "{import_command}",
    }

    Warning left_behind(app_id, connectors) {
        summary: "Unfinished connectors are left in the app",
        cause: "Interrupted runs left unfinished connectors in the app {app_id}, and no creation of this run has adopted \
                them:\n{connectors}\nThey differ from what is configured, for example in their name.",
        remedy: "Delete them on their pages in ConductorOne, or import them with the command beside each name. Ignore those \
               that another resource of this configuration manages.",
    }

    Warning may_exist_already(connector_id, created, import_command) {
        summary: "Connector may exist already",
        cause: "The app has a connector like the one to be created: {connector_id}, created {created}. The provider has seen \
                no resource in the state that manages it, so the creation makes a second connector. An earlier run may \
                have created it and lost its state.",
        remedy: "If no other resource of this configuration manages it, import it instead of creating another one:",
        server_message: "{import_command}",
    }

    Error not_created(error) {
        summary: "Connector was not created",
        cause: "ConductorOne gave no clear answer to the request to create a connector, and the app holds none that it can have made.",
        remedy: "Apply again.",
        server_message: "{error}",
    }

    Error maybe_created(error) {
        summary: "Connector may have been created",
        cause: "ConductorOne gave no clear answer to the request to create a connector.",
        remedy: "Look for a new connector on the app's page in ConductorOne. If there is one, import it; if not, apply again.",
        server_message: "{error}",
    }

    Error one_of_several_created(import_commands, error) {
        summary: "Connector may have been created",
        cause: "ConductorOne gave no clear answer to the request to create a connector. Several connectors of this app may be the one.",
        remedy: "Import the right one, or delete those that are not needed:\n{import_commands}",
        server_message: "{error}",
    }

    Warning schedule_kept(cron) on "sync" {
        summary: "Schedule is kept in ConductorOne",
        cause: "The schedule (sync.cron) is no longer configured. ConductorOne offers no way to remove a schedule, so the \
                connector keeps {cron:?}, and Terraform leaves it alone from now on.",
        remedy: "For another schedule, set sync.cron, or change it on the connector's page in ConductorOne.",
    }

    Warning pause_kept() on "sync" {
        summary: "Connector stays paused",
        cause: "The pause (sync.enabled = false) is no longer configured. Terraform does not resume the connector, and leaves \
                its pause alone from now on.",
        remedy: "To resume the connector, set sync.enabled = true, or resume it on its page in ConductorOne.",
    }

    Error nothing_to_wait_for(settings, example) on "wait_for_sync" {
        summary: "Invalid wait_for_sync",
        cause: "Without {settings} only the owners can finish the set-up, so that no sync can be waited for.",
        remedy: "Set them, for example {example}, or remove wait_for_sync.",
    }

    Warning no_sync_while_paused() on "wait_for_sync" {
        summary: "Paused connector does not sync",
        cause: "With sync.enabled = false there is no sync to wait for, so wait_for_sync does nothing.",
        remedy: "Set sync.enabled = true to find out whether the settings are right.",
    }

    Error sync_failed(connector_id, reason) {
        summary: "Sync failed",
        cause: "ConductorOne has stored the settings of the connector {connector_id}, and its first sync with them failed.",
        remedy: "Correct the setting at fault and apply. If the cause is outside Terraform, there is nothing to apply: \
               ConductorOne syncs again by itself. The connector says:",
        server_message: "{reason}",
    }

    Error sync_failed_write_only(connector_id, write_only, version, reason) {
        summary: "Sync failed",
        cause: "ConductorOne has stored the settings of the connector {connector_id}, and its first sync with them failed. \
                Terraform cannot see that {write_only} has changed.",
        remedy: "If {write_only} is at fault, correct it and set {version} to a higher number, or the apply does not send it. \
               Correct any other setting and apply. If the cause is outside Terraform, ConductorOne syncs again by itself. \
               The connector says:",
        server_message: "{reason}",
    }

    Warning paused(connector_id) on "wait_for_sync" {
        summary: "Connector is paused",
        cause: "The settings of the connector {connector_id} are stored, and it was not waited for its sync: somebody has \
                paused it, or ConductorOne has switched its syncs off.",
        remedy: "To resume it, set sync.enabled = true and apply; where that is set already, apply again.",
    }

    Error sync_took_too_long(connector_id, time, setting, example) on "wait_for_sync" {
        summary: "Sync took too long",
        cause: "ConductorOne stored the settings of the connector {connector_id}, but the connector did not finish a sync \
                with them within {time}, the limit in {setting}. ConductorOne continues; the connector's page shows its \
                status.",
        remedy: "To wait longer, raise {setting}, for example {example}, or remove wait_for_sync.",
    }

    Error incomplete(attribute, other_attributes, example) on "{attribute}" {
        summary: "Missing {other_attributes}",
        cause: "{attribute} needs {other_attributes} beside it.",
        remedy: "Set {other_attributes} too, for example {example}, or remove {attribute}.",
    }
}
