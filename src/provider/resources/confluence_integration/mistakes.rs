//! What can be wrong with a `confluence_integration`, in the user's words.

use crate::conductorone::Connector;
use crate::provider::rules::needs;
use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::value::{Set, Value};

use super::Model;

impl Model {
    /// What is wrong between attributes of a configuration.
    pub(super) fn mistakes(&self) -> Vec<Diagnostic> {
        let mut mistakes = self.incomplete();
        mistakes.extend(self.key_mistakes());
        mistakes.extend(self.choice_mistakes());
        if self.wait_for_sync == Value::Known(true)
            && self.site_domain.is_null()
            && self.username.is_null()
        {
            mistakes.push(nothing_to_wait_for());
        }
        mistakes
    }

    /// What is wrong with, or worth saying about, a change from `prior`.
    pub(super) fn mistakes_of_change(
        &self,
        prior: Option<&Self>,
        config: &Self,
    ) -> Vec<Diagnostic> {
        // Unknown settings may turn out to be null; the plan that apply makes again knows.
        let decided = self.site_domain.known().is_some() && self.username.known().is_some();
        let mut mistakes = Vec::new();
        if self.stores_settings(prior) && decided && self.key(config).is_null() {
            mistakes.push(missing_api_key());
        }
        if prior.is_some_and(Self::has_settings) && !self.has_settings() {
            mistakes.push(settings_kept());
        }
        if prior.is_none() && self.version().number == 1 {
            mistakes.push(outdated_version());
        }
        if self.wait_for_sync == Value::Known(true)
            && self.stores_settings(prior)
            && self.connector.sync_enabled() == Some(false)
        {
            mistakes.push(paused());
        }
        mistakes
    }

    /// Settings that need others beside them. What is unknown may turn out to be null, and so breaks no rule yet.
    fn incomplete(&self) -> Vec<Diagnostic> {
        let (no_site, no_username) = (self.site_domain.is_null(), self.username.is_null());
        let mut mistakes = Vec::new();
        if self.site_domain.known().is_some() && no_username {
            mistakes.push(needs(
                "site_domain",
                "username",
                "username = \"svc-c1@acme.com\"",
            ));
        }
        if self.username.known().is_some() && no_site {
            mistakes.push(needs("username", "site_domain", "site_domain = \"acme\""));
        }
        if no_site && no_username {
            let others = self.key_names().into_iter().chain(self.choice_names());
            let needs = |name| needs(name, "site_domain and username", "site_domain = \"acme\"");
            mistakes.extend(others.map(needs));
        }
        mistakes
    }

    fn key_mistakes(&self) -> Vec<Diagnostic> {
        let mut mistakes = Vec::new();
        if self.api_key.known().is_some() && self.api_key_wo.known().is_some() {
            mistakes.push(two_keys());
        }
        if self.api_key_wo_version.known().is_some() && self.api_key_wo.is_null() {
            let example = "api_key_wo = var.confluence_api_token";
            mistakes.push(needs("api_key_wo_version", "api_key_wo", example));
        }
        mistakes
    }

    fn choice_mistakes(&self) -> Vec<Diagnostic> {
        let mut mistakes = Vec::new();
        if self.connector_version == Value::Known(1) {
            mistakes.extend(self.choice_names().into_iter().map(not_in_version_1));
            if self.site().is_some_and(|site| site.subdomain().is_none()) {
                mistakes.push(custom_domain());
            }
        }
        for (name, list) in [("nouns", &self.nouns), ("verbs", &self.verbs)] {
            if list.known().is_some_and(Set::is_empty) {
                mistakes.push(empty_list(name));
            } else if list.known().is_some() && self.use_rbac == Value::Known(true) {
                mistakes.push(ignored_with_rbac(name));
            }
        }
        mistakes
    }

    /// The attributes with which a key is given.
    fn key_names(&self) -> Vec<&'static str> {
        let keys = [("api_key", &self.api_key), ("api_key_wo", &self.api_key_wo)];
        let set = keys.into_iter().filter(|(_, key)| key.known().is_some());
        set.map(|(name, _)| name).collect()
    }

    /// The attributes that are set and that only version 2 knows.
    fn choice_names(&self) -> Vec<&'static str> {
        let choices = [
            (
                "skip_personal_spaces",
                self.skip_personal_spaces.known().is_some(),
            ),
            ("nouns", self.nouns.known().is_some()),
            ("verbs", self.verbs.known().is_some()),
            ("use_rbac", self.use_rbac.known().is_some()),
        ];
        let set = choices.into_iter().filter(|(_, is_set)| *is_set);
        set.map(|(name, _)| name).collect()
    }
}

fn nothing_to_wait_for() -> Diagnostic {
    Diagnostic::error(
        "Invalid wait_for_sync",
        "Without site_domain and username only the owners can finish the set-up, so that no sync can be waited for. Set \
         them, for example site_domain = \"acme\", or remove wait_for_sync.",
    )
    .on("wait_for_sync")
}

fn paused() -> Diagnostic {
    Diagnostic::warning(
        "Paused connector does not sync",
        "With sync.enabled = false there is no sync to wait for, so wait_for_sync does nothing. Set sync.enabled = true to \
         find out whether the settings are right.",
    )
    .on("wait_for_sync")
}

fn two_keys() -> Diagnostic {
    Diagnostic::error(
        "Two API keys",
        "api_key and api_key_wo are both set, and only one of them can be sent. Keep api_key_wo, which is never stored, or \
         api_key.",
    )
    .on("api_key")
}

fn empty_list(name: &str) -> Diagnostic {
    let detail = format!(
        "{name} is empty, and to the connector that means all of them. Name at least one, or remove {name}."
    );
    Diagnostic::error(format!("Invalid {name}"), detail).on(name)
}

fn ignored_with_rbac(name: &str) -> Diagnostic {
    let detail = format!(
        "With use_rbac the connector reads space roles and ignores {name}. Remove {name}, or use_rbac."
    );
    Diagnostic::error(format!("Invalid {name}"), detail).on(name)
}

pub(super) fn missing_api_key() -> Diagnostic {
    Diagnostic::error(
        "Missing API key",
        "ConductorOne never shows the API key that it stores, and a change of settings always sends all of them. Set \
         api_key_wo or api_key to an API token of the account in username.",
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

fn settings_kept() -> Diagnostic {
    Diagnostic::warning(
        "Settings are kept in ConductorOne",
        "site_domain and username are no longer configured. The connector goes on with the settings that ConductorOne \
         stores, and Terraform leaves them alone from now on. To stop it, delete the resource instead.",
    )
    .on("site_domain")
}

fn outdated_version() -> Diagnostic {
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

pub(super) fn key_in_doubt(found: &Connector) -> Diagnostic {
    let when = found.config_updated_at.as_deref().unwrap_or("some time");
    Diagnostic::warning(
        "Settings changed outside Terraform",
        format!(
            "Somebody else changed the settings of the connector {} at {when}. ConductorOne never shows the API key, so it \
             may be another one by now: the next apply writes the configured one again.",
            found.id,
        ),
    )
}

fn not_in_version_1(name: &str) -> Diagnostic {
    let detail = format!(
        "Version 1 of the connector does not know {name}. Remove it, or use connector_version = 2."
    );
    Diagnostic::error(format!("Invalid {name}"), detail).on(name)
}
