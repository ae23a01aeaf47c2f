//! What can be wrong with a `confluence_integration`, in the user's words.

use crate::conductorone::Connector;
use crate::provider::rules::needs;
use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::value::Value;

use super::Model;

impl Model {
    /// What is wrong between attributes of a configuration.
    pub(super) fn mistakes(&self) -> impl Iterator<Item = Diagnostic> {
        // What is unknown may turn out to be null, and so may break no rule yet.
        let (site, no_site) = (
            self.site_domain.known().is_some(),
            self.site_domain.is_null(),
        );
        let (username, no_username) = (self.username.known().is_some(), self.username.is_null());
        let (key, spaces) = (
            self.api_key.known().is_some(),
            self.skip_personal_spaces.known().is_some(),
        );
        let (no_settings, both) = (no_site && no_username, "site_domain and username");
        let first = self.connector_version == Value::Known(1);
        let custom = first && self.site().is_some_and(|site| site.subdomain().is_none());
        [
            (site && no_username)
                .then(|| needs("site_domain", "username", "username = \"svc-c1@acme.com\"")),
            (username && no_site)
                .then(|| needs("username", "site_domain", "site_domain = \"acme\"")),
            (key && no_settings).then(|| needs("api_key", both, "site_domain = \"acme\"")),
            (spaces && no_settings)
                .then(|| needs("skip_personal_spaces", both, "site_domain = \"acme\"")),
            (first && spaces).then(spaces_in_version_1),
            custom.then(custom_domain),
        ]
        .into_iter()
        .flatten()
    }
}

pub(super) fn missing_api_key() -> Diagnostic {
    Diagnostic::error(
        "Missing API key",
        "ConductorOne never shows the API key that it stores, and a change of settings always sends all of them. Set \
         api_key to an API token of the account in username.",
    )
    .on("api_key")
}

pub(super) fn custom_domain() -> Diagnostic {
    Diagnostic::error(
        "Invalid site_domain",
        "Version 1 of the connector reaches sites of atlassian.net only, such as acme.atlassian.net. Use such a site, or \
         connector_version = 2.",
    )
    .on("site_domain")
}

pub(super) fn settings_kept() -> Diagnostic {
    Diagnostic::warning(
        "Settings are kept in ConductorOne",
        "site_domain and username are no longer configured. The connector goes on with the settings that ConductorOne \
         stores, and Terraform leaves them alone from now on. To stop it, delete the resource instead.",
    )
    .on("site_domain")
}

pub(super) fn outdated_version() -> Diagnostic {
    Diagnostic::warning(
        "Outdated connector version",
        "Version 1 is meant for existing installations, and ConductorOne may refuse to create it. Use version 2, the \
         default, for new connectors.",
    )
    .on("connector_version")
}

pub(super) fn not_confluence(found: &Connector) -> Diagnostic {
    Diagnostic::error(
        "Not a Confluence Cloud connector",
        format!(
            "The connector {} ({:?}) was made from the catalog entry {}, which is not Confluence Cloud. Check the ID; a \
             self-hosted connector is a confluence_datacenter_integration.",
            found.id, found.display_name, found.catalog_id,
        ),
    )
}

fn spaces_in_version_1() -> Diagnostic {
    Diagnostic::error(
        "Invalid skip_personal_spaces",
        "Version 1 of the connector knows no spaces. Remove skip_personal_spaces, or use connector_version = 2.",
    )
    .on("skip_personal_spaces")
}
