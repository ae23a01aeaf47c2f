//! The problems that `-doctor` reports.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Warning clocks_differ(clock) {
        summary: "Clocks differ",
        cause: "This machine's clock is {clock} ConductorOne's.",
        remedy: "Correct the clock, for example with time synchronization (NTP).",
    }

    Warning certificate_expires(days) {
        summary: "Certificate expires soon",
        cause: "The certificate of the host expires in {days} days.",
        remedy: "If a proxy of your organization issued the certificate, renew it there. Otherwise, tell ConductorOne.",
    }

    Warning no_administrator() {
        summary: "No role that manages connectors",
        cause: "The credential's user has no role that manages connectors, as far as the provider knows.",
        remedy: "Give the credential's user the role Connector Administrator or Super Administrator.",
    }

    Error user_not_found() {
        summary: "Own user not found",
        cause: "The search for users does not find the credential's own user, so the provider cannot find owners.",
        remedy: "Give the credential's user a role that may read users, such as Super Administrator.",
    }

    Warning no_managed_state() {
        summary: "No API for discovered apps",
        cause: "The tenant has no API for apps that a directory discovered, so unmanaged_app cannot be used.",
        remedy: "Use the ID of an app that is managed already, or ask ConductorOne for the API.",
    }

    Warning no_owners_api() {
        summary: "No API for owners",
        cause: "The tenant has no API for the owners of connectors, so the provider uses the owners in the connector itself.",
        remedy: "If the provider does not show the owners that ConductorOne's web page shows, ask ConductorOne for the API.",
    }

    Warning entry_missing() {
        summary: "Catalog entry not found",
        cause: "The tenant's catalog does not have this entry, or does not show its settings.",
        remedy: "Ask ConductorOne whether the tenant can use this connector.",
    }

    Warning entry_differs(differences) {
        summary: "Catalog entry differs",
        cause: "The settings of this catalog entry differ from those that the provider knows ({differences}).",
        remedy: "Report this output as an issue. Connectors still work if their configuration does not need these settings.",
    }

    Error entry_incompatible(differences) {
        summary: "Catalog entry is incompatible",
        cause: "The settings of this catalog entry differ from those that the provider knows ({differences}), so creating \
                a connector may fail.",
        remedy: "Update the provider. If that does not help, report this output as an issue.",
    }

    Warning not_connected() {
        summary: "Connector not connected",
        cause: "NOT_CONNECTED: no sync of this connector has ended yet.",
        remedy: "If this lasts, check that the settings of the connector are complete, and that a self-hosted connector runs.",
    }

    Warning paused() {
        summary: "Connector paused",
        cause: "DISABLED: syncs of this connector are paused, by a person or by ConductorOne.",
        remedy: "Resume the connector in ConductorOne, or set sync.enabled to true.",
    }

    Error sync_failed() {
        summary: "Last sync failed",
        cause: "ERROR: the last sync of this connector failed. Its error is not shown here, because it may quote private data.",
        remedy: "Read the error on the connector's page in ConductorOne, or in last_error of the data source \
               confluence_integration.",
    }
}
