//! The attributes of `confluence_integration`.

use crate::provider::connector::{ConnectorAttributes, HostedAttributes};
use crate::terraform::schema::AttributeFlag::{Computed, ForcesReplacement, Optional, WriteOnly};
use crate::terraform::value::{Secret, model};

use super::settings::CloudSettings;

model! {
    /// A connector that reads users, groups and permissions from Confluence Cloud, hosted by ConductorOne.
    ///
    /// With `site_domain` and `username` the connector is created with its settings and starts to sync. Without any
    /// settings, ConductorOne asks the owners by mail to enter them, and Terraform leaves them alone from then on.
    pub(crate) struct IntegrationModel {
        ..connector: ConnectorAttributes,
        ..hosted: HostedAttributes,
        ..settings: CloudSettings,
        /// Which Confluence connector: `2` is the current one; `1` is the first one, for existing installations only.
        /// Changing it creates a new connector. Default for a new connector: `2`.
        #[schemars(
            extend("x-terraform" = [Optional, Computed, ForcesReplacement], "default" = 2),
            range(min = 1, max = 2)
        )]
        connector_version: i64,
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
    }
}
