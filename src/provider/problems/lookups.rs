//! Problems of finding what exists.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error no_key(what, attribute, example) on "id" {
        summary: "Missing id or {attribute}",
        cause: "The {what} is found by its id or its {attribute}, and neither is set.",
        remedy: "Set one of them, for example {example}.",
    }

    Error two_keys(what, attribute) on "id" {
        summary: "Both id and {attribute}",
        cause: "The {what} is found by its id or its {attribute}, and both are set.",
        remedy: "Remove one of them.",
    }

    Error nothing(title, what, attribute, wanted, what_to_check) on "{attribute}" {
        summary: "{title} not found",
        cause: "ConductorOne has no {what} whose {attribute} is {wanted:?}.",
        remedy: "{what_to_check}",
    }

    Error several(count, what, attribute, wanted, candidates) on "{attribute}" {
        summary: "Several {what}s found",
        cause: "ConductorOne has {count} {what}s whose {attribute} is {wanted:?}.",
        remedy: "Remove {attribute} and set id to the one that is meant:",
        server_message: "{candidates}",
    }

    Error no_app(app_id) on "app_id" {
        summary: "App not found",
        cause: "ConductorOne has no app {app_id:?} whose connectors could be listed.",
        remedy: "Check the ID, which stands in the address of the app's page, and that the credential's user may see the app; \
               or remove app_id to list the connectors of every app.",
    }

    Error too_many_connectors(most) {
        summary: "Too many connectors",
        cause: "The connectors of all apps together take more than {most} MiB, the most that this data source reads.",
        remedy: "Set app_id to list the connectors of one app.",
    }

    Error no_connector(app_id, connector_id) on "id" {
        summary: "Connector not found",
        cause: "The app {app_id:?} has no connector {connector_id:?}.",
        remedy: "Check both IDs, which stand in the address of the connector's page, and that the credential's user may see \
               the connector. A deleted connector is not found.",
    }
}
