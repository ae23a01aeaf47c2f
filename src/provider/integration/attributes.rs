//! The attributes of `confluence_integration`.

use crate::provider::connector::{ConnectorAttributes, HostedAttributes};
use crate::terraform::schema::AttributeFlag::{Computed, ForcesReplacement, Optional, WriteOnly};
use crate::terraform::value::{Secret, model};

use super::settings::CloudSettings;

model! {
    /// A connector, hosted by ConductorOne, that reads users, groups and permissions from Confluence Cloud.
    ///
    /// With `site_domain` and `username`, the connector is created with its settings and starts to sync. Without
    /// settings, ConductorOne sends the owners an email that asks for them, and Terraform does not manage the settings.
    pub(crate) struct IntegrationModel {
        ..connector: ConnectorAttributes,
        ..hosted: HostedAttributes,
        ..settings: CloudSettings,
        /// Version of the Confluence connector: `2` is the current one; `1` is the first one, for existing
        /// installations only, without `skip_personal_spaces`, `nouns`, `verbs` and `use_rbac`. Changing it creates a
        /// new connector. Default for a new connector: `2`.
        #[schemars(
            extend("x-terraform" = [Optional, Computed, ForcesReplacement], "default" = 2),
            range(min = 1, max = 2)
        )]
        connector_version: i64,
        /// API token of the account in `username`, from the security page of its Atlassian profile. A connector with
        /// settings requires it on creation and whenever a setting changes. Terraform stores it in the state, unlike
        /// `api_key_wo`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "token"))]
        api_key: Secret,
        /// The same token as `api_key`, but stored in neither the plan nor the state. The provider sends it when it
        /// creates the connector, and after that whenever `api_key_wo_version` or another setting changes. Requires
        /// Terraform 1.11 or OpenTofu 1.11.
        #[schemars(extend("x-terraform" = [Optional, WriteOnly], "format" = "token"))]
        api_key_wo: Secret,
        /// Version of `api_key_wo`, which Terraform cannot compare. Raise it to send a new token.
        #[schemars(extend("x-terraform" = [Optional]))]
        api_key_wo_version: i64,
    }
}
