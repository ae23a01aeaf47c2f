//! `confluence_integration`: Confluence Cloud, hosted by ConductorOne.

mod mistakes;
mod moves;

use crate::provider::connector::{
    CatalogEntry, ConnectorAttributes, Hosted, HostedAttributes, HostedModel, NOUNS,
    SKIP_PERSONAL_SPACES, SecretSetting, Setting, USE_RBAC, V1, V2, VERBS, Version, attribute,
};
use crate::provider::problems::settings as problems;
use crate::provider::site::Site;
use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::schema::AttributeFlag::{Computed, ForcesReplacement, Optional, WriteOnly};
use crate::terraform::state_migration::StateMover;
use crate::terraform::value::{Secret, Set, Value, model};

/// The resource `confluence_integration`.
pub(crate) type ConfluenceIntegration = Hosted<Model>;

model! {
    /// A connector that reads users, groups and permissions from Confluence Cloud, hosted by ConductorOne.
    ///
    /// With `site_domain` and `username` the connector is created with its settings and starts to sync. Without any
    /// settings, ConductorOne asks the owners by mail to enter them, and Terraform leaves them alone from then on.
    pub(crate) struct Model {
        ..connector: ConnectorAttributes,
        ..hosted: HostedAttributes,
        /// Which Confluence connector: `2` is the current one; `1` is the first one, for existing installations only.
        /// Changing it creates a new connector. Default for a new connector: `2`.
        #[schemars(
            extend("x-terraform" = [Optional, Computed, ForcesReplacement], "default" = 2),
            range(min = 1, max = 2)
        )]
        connector_version: i64,
        /// Confluence Cloud site: `acme`, `acme.atlassian.net` and `https://acme.atlassian.net/wiki` mean the same. A
        /// custom domain is used as it is. Goes together with `username`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "confluence-site"))]
        site_domain: String,
        /// Email address of the Atlassian account that the connector signs in as, such as `svc-c1@acme.com`. Goes
        /// together with `site_domain`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "email"))]
        username: String,
        /// API token of the account in `username`, from the security page of its Atlassian profile. A connector with
        /// settings needs it when it is created and when any of them changes. It is stored in the state; `api_key_wo` is
        /// not.
        #[schemars(extend("x-terraform" = [Optional], "format" = "token"))]
        api_key: Secret,
        /// The same as `api_key`, in neither plan nor state. It is sent when the connector is created, and after that
        /// whenever `api_key_wo_version` or another setting changes. Needs Terraform 1.11 or OpenTofu 1.11.
        #[schemars(extend("x-terraform" = [Optional, WriteOnly], "format" = "token"))]
        api_key_wo: Secret,
        /// Version of `api_key_wo`, which Terraform cannot compare: raise it to send a new token.
        #[schemars(extend("x-terraform" = [Optional]))]
        api_key_wo_version: i64,
        /// Whether personal spaces and their permissions are left out. Version 2 only. Default: `false`.
        #[schemars(extend("x-terraform" = [Optional]))]
        skip_personal_spaces: bool,
        /// Kinds of content whose permissions are read, out of `attachment`, `blogpost`, `comment`, `page` and `space`.
        /// Version 2 only. Without it, all of them.
        #[schemars(extend(
            "x-terraform" = [Optional],
            "enum" = ["attachment", "blogpost", "comment", "page", "space"],
            "minItems" = 1
        ))]
        nouns: Set<String>,
        /// Operations whose permissions are read, out of `administer`, `archive`, `create`, `delete`, `export`, `read`,
        /// `restrict_content` and `update`. Version 2 only. Without it, all of them.
        #[schemars(extend(
            "x-terraform" = [Optional],
            "enum" = [
                "administer", "archive", "create", "delete", "export", "read", "restrict_content", "update"
            ],
            "minItems" = 1
        ))]
        verbs: Set<String>,
        /// Whether space roles are read in place of permissions by noun and verb. The site must have space roles. Version
        /// 2 only. Default: `false`.
        #[schemars(extend("x-terraform" = [Optional]))]
        use_rbac: bool,
    }
}

impl Model {
    /// The chosen version of the connector.
    fn version(&self) -> &'static Version {
        if self.connector_version == Value::Known(1) {
            &V1
        } else {
            &V2
        }
    }

    /// The site as this version stores it.
    fn stored_site(&self, site: &str) -> Result<String, Diagnostic> {
        let site: Option<Site> = site.parse().ok();
        let stored = site.and_then(|site| self.version().site_value(&site));
        stored.ok_or_else(problems::custom_domain)
    }
}

impl HostedModel for Model {
    const TYPE_NAME: &'static str = "confluence_integration";
    const MOVES: &'static [StateMover] = moves::MOVES;
    const PRODUCT: &'static str = "Confluence Cloud";
    const OTHER: &'static str = "a self-hosted connector is a confluence_datacenter_integration";

    fn entry(&self) -> CatalogEntry {
        self.version().entry
    }

    fn entry_is_known(&self) -> bool {
        !self.connector_version.is_unknown()
    }

    fn observe_entry(&mut self, id: &str) -> bool {
        let version = Version::of_catalog_entry(id);
        self.connector_version = version.map(|version| version.number).into();
        version.is_some()
    }

    fn settings(&self) -> Vec<Setting<Self>> {
        let version = self.version();
        let site = attribute!(site_domain);
        let username = attribute!(username);
        let skip_personal_spaces = attribute!(skip_personal_spaces);
        let is_second = version.number == 2;
        vec![
            Setting::required(version.site, site, "site_domain = \"acme\"")
                .spelled(Self::stored_site),
            Setting::required(version.username, username, "username = \"svc-c1@acme.com\""),
            // ConductorOne's own default is the opposite of the connector's: the setting is never left out.
            Setting::flag(SKIP_PERSONAL_SPACES, skip_personal_spaces)
                .always_sent()
                .only_if(is_second),
            Setting::list(NOUNS, attribute!(nouns)).only_if(is_second),
            Setting::list(VERBS, attribute!(verbs)).only_if(is_second),
            Setting::flag(USE_RBAC, attribute!(use_rbac)).only_if(is_second),
        ]
    }

    fn secret(&self) -> SecretSetting<Self> {
        SecretSetting {
            key: self.version().api_key,
            noun: "API key",
            meaning: "an API token of the account in username",
            stored: attribute!(api_key),
            passing: attribute!(api_key_wo),
            version: attribute!(api_key_wo_version),
            example: "api_key_wo = var.confluence_api_token",
        }
    }

    fn mistakes(&self) -> Vec<Diagnostic> {
        mistakes::of(self)
    }

    fn mistakes_of_change(&self, prior: Option<&Self>) -> Vec<Diagnostic> {
        mistakes::of_change(self, prior)
    }
}
