//! The attributes of `confluence_datacenter_integration`.

use crate::provider::connector::{ConnectorAttributes, SelfHostedAttributes};
use crate::terraform::schema::AttributeFlag::{Optional, Required};
use crate::terraform::value::{Secret, model};

model! {
    /// A connector that reads Confluence Data Center. It runs in your own infrastructure as
    /// `baton-confluence-datacenter`. This resource registers the connector in ConductorOne and issues the credential
    /// that it runs with.
    ///
    /// ConductorOne receives neither `hostname` nor the credentials for Confluence. The connector reads them from its
    /// `environment`.
    pub(crate) struct DatacenterIntegrationModel {
        ..connector: ConnectorAttributes,
        ..self_hosted: SelfHostedAttributes,
        /// URL of the Confluence instance as the connector reaches it, such as `https://confluence.corp.acme.com`. With
        /// `http://`, for example for a service inside a cluster, the connector signs in over an unencrypted
        /// connection, and Terraform shows a warning.
        #[schemars(extend(
            "x-terraform" = [Required],
            "format" = "url",
            "x-why-missing" = "ConductorOne does not store it, because a self-hosted connector reads it from its \
                environment. So an import or a generated configuration does not contain it."
        ))]
        hostname: String,
        /// Personal access token of the account that the connector signs in as. Terraform stores it in the state.
        #[schemars(extend("x-terraform" = [Optional], "format" = "token"))]
        access_token: Secret,
        /// Name of the account that the connector signs in as if it has no access token. Requires `password`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "not-blank"))]
        username: String,
        /// Password of the account in `username`. Requires `username`. Terraform stores it in the state.
        #[schemars(extend("x-terraform" = [Optional], "format" = "not-blank"))]
        password: Secret,
    }
}
