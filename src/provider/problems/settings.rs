//! Problems of what a connector is told.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error incomplete(attribute, other_attributes, example) on "{attribute}" {
        summary: "Missing {other_attributes}",
        cause: "{attribute} needs {other_attributes} beside it.",
        remedy: "Set {other_attributes} too, for example {example}, or remove {attribute}.",
    }

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

    Warning kept(settings) {
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

    Error not_in_version_1(attribute) on "{attribute}" {
        summary: "Invalid {attribute}",
        cause: "Version 1 of the connector does not know {attribute}.",
        remedy: "Remove it, or use connector_version = 2.",
    }

    Error custom_domain() on "site_domain" {
        summary: "Invalid site_domain",
        cause: "Version 1 of the connector reaches sites of atlassian.net only, such as acme.atlassian.net.",
        remedy: "Use such a site, or connector_version = 2.",
    }

    Warning misspelt_site(site, atlassian_site) on "site_domain" {
        summary: "Custom domain looks like atlassian.net",
        cause: "The site {site} is taken for a custom domain, and looks like a misspelling of {atlassian_site}.",
        remedy: "If that is meant, set site_domain to {atlassian_site}.",
    }

    Warning outdated_version() on "connector_version" {
        summary: "Outdated connector version",
        cause: "Version 1 is meant for existing installations, and ConductorOne may refuse to create it.",
        remedy: "Use version 2, the default, for new connectors.",
    }

    Error ignored_with_rbac(attribute) on "{attribute}" {
        summary: "Invalid {attribute}",
        cause: "With use_rbac the connector reads space roles and ignores {attribute}.",
        remedy: "Remove {attribute}, or use_rbac.",
    }

    Warning ignored_password() on "username" {
        summary: "User name and password are ignored",
        cause: "The connector signs in with the access token and ignores username and password beside it.",
        remedy: "Remove one or the other.",
    }

    Warning unencrypted(hostname) on "hostname" {
        summary: "Connection to Confluence is not encrypted",
        cause: "The connector sends its access token or password unencrypted to {hostname}.",
        remedy: "Use https:// if Confluence offers it. For the address of a service inside the cluster that the connector runs \
               in, http:// works too; make sure that nobody else can read that traffic.",
    }

    Warning no_sign_in() on "access_token" {
        summary: "Environment is not complete",
        cause: "Neither access_token nor username and password are set, so environment lacks them.",
        remedy: "Give the connector BATON_ACCESS_TOKEN, or BATON_USERNAME and BATON_PASSWORD, by other means.",
    }
}
