//! Messages about the settings of a hosted connector.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error two_secrets(secret, stored_attribute, write_only_attribute) on "{stored_attribute}" {
        summary: "Two {secret}s",
        cause: "{stored_attribute} and {write_only_attribute} are both set, and only one of them can be sent.",
        remedy: "Keep {write_only_attribute}, which is never stored, or {stored_attribute}.",
    }

    Error missing_secret(secret, stored_attribute, write_only_attribute, meaning) on "{stored_attribute}" {
        summary: "Missing {secret}",
        cause: "ConductorOne never shows the {secret} that it stores, and a change of settings always sends all of them.",
        remedy: "Set {write_only_attribute} or {stored_attribute} to {meaning}.",
    }

    Warning settings_kept(settings) {
        summary: "Settings are kept in ConductorOne",
        cause: "{settings} are no longer configured. The connector goes on with the settings that ConductorOne stores, and \
                Terraform leaves them alone from now on.",
        remedy: "To stop it, delete the resource instead.",
    }

    Warning changed_elsewhere(connector_id, time, secret) {
        summary: "Settings changed outside Terraform",
        cause: "The settings of the connector {connector_id} were changed outside Terraform at {time}. ConductorOne never \
                returns the {secret}, so the stored one may differ from the configured one.",
        remedy: "Apply this plan: it writes the configured {secret} again.",
    }

    Warning changed_elsewhere_unversioned(connector_id, time, secret, write_only, version) {
        summary: "Settings changed outside Terraform",
        cause: "The settings of the connector {connector_id} were changed outside Terraform at {time}. ConductorOne never \
                returns the {secret}, so the stored one may differ from {write_only}. This plan does not write it, because \
                nothing in it has changed that Terraform can compare.",
        remedy: "Set {version}, for example to 1: the apply then writes {write_only} again. This warning returns until it is \
               written.",
    }

    Error refused_by_catalog(attribute, fields, expectation) on "{attribute}" {
        summary: "Invalid {attribute}",
        cause: "ConductorOne's catalog entry of this connector says: {fields} {expectation}.",
        remedy: "Change {attribute} accordingly.",
    }

    Error unknown_to_provider(fields, expectation) {
        summary: "Settings do not fit the catalog",
        cause: "ConductorOne's catalog entry of this connector says: {fields} {expectation}. This version of the provider \
                has no attribute for it.",
        remedy: "Look for a newer version of the provider.",
    }
}
