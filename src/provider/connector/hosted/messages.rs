//! Messages about the settings of a hosted connector.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error two_secrets(secret, stored_attribute, write_only_attribute) on "{stored_attribute}" {
        summary: "Two {secret}s",
        cause: "Both {stored_attribute} and {write_only_attribute} are set, but the provider can send only one of them.",
        remedy: "Keep {write_only_attribute}, which Terraform never stores, or {stored_attribute}.",
    }

    Error missing_secret(secret, stored_attribute, write_only_attribute, meaning) on "{stored_attribute}" {
        summary: "Missing {secret}",
        cause: "The provider sends the {secret} whenever it writes settings, and ConductorOne never returns the stored one.",
        remedy: "Set {write_only_attribute} or {stored_attribute} to {meaning}.",
    }

    Warning settings_kept(settings) {
        summary: "Settings are kept in ConductorOne",
        cause: "{settings} are no longer configured. The connector keeps the settings that ConductorOne stores, and Terraform \
                no longer manages them.",
        remedy: "To stop the connector, delete the resource instead.",
    }

    Warning changed_elsewhere(connector_id, time, secret) {
        summary: "Settings changed outside Terraform",
        cause: "The settings of the connector {connector_id} were changed outside Terraform at {time}. ConductorOne never \
                returns the {secret}, so the stored one may differ from the configured one.",
        remedy: "Apply this plan to write the configured {secret} again.",
    }

    Warning changed_elsewhere_unversioned(connector_id, time, secret, write_only, version) {
        summary: "Settings changed outside Terraform",
        cause: "The settings of the connector {connector_id} were changed outside Terraform at {time}. ConductorOne never \
                returns the {secret}, so the stored one may differ from {write_only}, which this plan does not write.",
        remedy: "To write {write_only} again and end this warning, set {version}, for example to 1.",
    }

    Error refused_by_catalog(attribute, fields, expectation) on "{attribute}" {
        summary: "Invalid {attribute}",
        cause: "According to the connector's catalog entry in ConductorOne, {fields} {expectation}.",
        remedy: "Correct {attribute}.",
    }

    Error unknown_to_provider(fields, expectation) {
        summary: "Settings do not fit the catalog",
        cause: "According to the connector's catalog entry in ConductorOne, {fields} {expectation}. This version of the \
                provider has no attribute for that.",
        remedy: "Upgrade to a newer version of the provider, if there is one.",
    }
}
