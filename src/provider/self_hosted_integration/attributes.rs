//! The attributes of `confluence_self_hosted_integration`.

use crate::provider::connector::{ConnectorAttributes, SelfHostedAttributes};
use crate::provider::integration::ContentSettings;
use crate::terraform::schema::AttributeFlag::{Optional, Required};
use crate::terraform::value::{Secret, model};

model! {
    /// A connector that reads Confluence Cloud and runs in your own infrastructure as `baton-confluence`. This resource
    /// registers the connector in ConductorOne and issues the credential that it runs with. For a connector that
    /// ConductorOne hosts, use `confluence_integration`.
    ///
    /// ConductorOne receives neither the settings nor the API token for Confluence. The connector reads them from its
    /// `environment`.
    pub(crate) struct SelfHostedIntegrationModel {
        ..connector: ConnectorAttributes,
        ..self_hosted: SelfHostedAttributes,
        ..content: ContentSettings,
        /// Confluence Cloud site. `acme`, `acme.atlassian.net` and `https://acme.atlassian.net/wiki` are equivalent; a
        /// custom domain is used as it is.
        #[schemars(extend(
            "x-terraform" = [Required],
            "format" = "confluence-site",
            "x-why-missing" = "ConductorOne does not store it, because a self-hosted connector reads it from its \
                environment. So an import or a generated configuration does not contain it."
        ))]
        site_domain: String,
        /// Email address of the Atlassian account that the connector signs in as, such as `svc-c1@acme.com`.
        #[schemars(extend(
            "x-terraform" = [Required],
            "format" = "email",
            "x-why-missing" = "ConductorOne does not store it, because a self-hosted connector reads it from its \
                environment. So an import or a generated configuration does not contain it."
        ))]
        username: String,
        /// API token of the account in `username`, from the security page of its Atlassian profile. Terraform stores it
        /// in the state.
        #[schemars(extend("x-terraform" = [Optional], "format" = "token"))]
        api_key: Secret,
    }
}
