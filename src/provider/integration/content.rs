//! What a connector for Confluence Cloud reads, wherever it runs.

use crate::provider::integration::messages;
use crate::provider::site::Site;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::schema::AttributeFlag::Optional;
use crate::terraform::value::{Set, Value, model};

model! {
    /// The settings that decide what a connector for Confluence Cloud reads. In the data sources they are computed.
    pub(crate) struct ContentSettings {
        /// Whether the connector skips personal spaces and their permissions. Default: `false`, whereas ConductorOne's web
        /// form suggests `true`.
        #[schemars(extend(
            "x-terraform" = [Optional],
            "x-data-source" = "Whether the connector skips personal spaces and their permissions."
        ))]
        skip_personal_spaces: bool,
        /// Types of content whose permissions the connector reads: `attachment`, `blogpost`, `comment`, `page` or
        /// `space`. Default: all of them, whereas ConductorOne's web form suggests only `space`.
        #[schemars(extend(
            "x-terraform" = [Optional],
            "enum" = ["attachment", "blogpost", "comment", "page", "space"],
            "minItems" = 1,
            "x-data-source" = "Types of content whose permissions the connector reads. Null means all of them."
        ))]
        nouns: Set<String>,
        /// Operations whose permissions the connector reads: `administer`, `archive`, `create`, `delete`, `export`,
        /// `read`, `restrict_content` or `update`. Default: all of them, whereas ConductorOne's web form suggests
        /// `administer`, `create`, `delete`, `export`, `read` and `restrict_content`.
        #[schemars(extend(
            "x-terraform" = [Optional],
            "enum" = [
                "administer", "archive", "create", "delete", "export", "read", "restrict_content", "update"
            ],
            "minItems" = 1,
            "x-data-source" = "Operations whose permissions the connector reads. Null means all of them."
        ))]
        verbs: Set<String>,
        /// Whether the connector reads space roles instead of permissions by noun and verb. The site must have space
        /// roles. Default: `false`.
        #[schemars(extend(
            "x-terraform" = [Optional],
            "x-data-source" = "Whether the connector reads space roles instead of permissions by noun and verb."
        ))]
        use_rbac: bool,
    }
}

impl ContentSettings {
    /// Validates the rules between these attributes of a configuration.
    pub(crate) fn validate(&self, diagnostics: &mut Diagnostics) {
        for (name, list) in [("nouns", &self.nouns), ("verbs", &self.verbs)] {
            if list.known().is_some() && self.use_rbac == Value::Known(true) {
                diagnostics.push(messages::ignored_with_rbac(name));
            }
        }
    }
}

/// Returns the warning that a new site looks like a misspelling of a site of `atlassian.net`. `prior` is the site before the
/// change.
pub(crate) fn diagnose_site(
    planned: &Value<String>,
    prior: Option<&Value<String>>,
) -> Option<Diagnostic> {
    if prior == Some(planned) {
        return None;
    }
    let site: Site = planned.known()?.parse().ok()?;
    Some(messages::misspelled_site(&site, &site.likely_meant()?))
}
