//! `confluence_datacenter_integration`: Confluence Data Center, read by a connector that users run themselves.

mod mistakes;
mod moves;

use crate::provider::connector::{
    ConnectorAttributes, SelfHosted, SelfHostedAttributes, SelfHostedModel, Variable,
};
use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::schema::AttributeFlag::{Optional, Required};
use crate::terraform::state_migration::StateMover;
use crate::terraform::value::{Secret, model};

/// The resource `confluence_datacenter_integration`.
pub(crate) type ConfluenceDatacenterIntegration = SelfHosted<Model>;

model! {
    /// A connector that reads Confluence Data Center. It runs in your own infrastructure, as
    /// `baton-confluence-datacenter`; this resource registers it in ConductorOne and issues the credential that it runs
    /// with.
    ///
    /// ConductorOne gets neither `hostname` nor what the connector signs in with: the connector reads them from its
    /// `environment`.
    pub(crate) struct Model {
        ..connector: ConnectorAttributes,
        ..self_hosted: SelfHostedAttributes,
        /// URL of the Confluence instance as the connector reaches it, such as `https://confluence.corp.acme.com`. With
        /// `http://`, as for the address of a service inside a cluster, the connector signs in over an unencrypted
        /// connection, and a warning says so.
        #[schemars(extend(
            "x-terraform" = [Required],
            "format" = "url",
            "x-why-missing" = "ConductorOne does not know it, because a self-hosted connector reads it from its \
                environment. An import or a generated configuration lacks it for that reason."
        ))]
        hostname: String,
        /// Personal access token of the account that the connector signs in as. It is stored in the state.
        #[schemars(extend("x-terraform" = [Optional], "format" = "token"))]
        access_token: Secret,
        /// Name of the account that the connector signs in as, where it has no access token. Goes together with
        /// `password`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "not-blank"))]
        username: String,
        /// Password of the account in `username`. It is stored in the state.
        #[schemars(extend("x-terraform" = [Optional], "format" = "not-blank"))]
        password: Secret,
        /// Whether ConductorOne may grant and revoke access through the connector. Default: `false`.
        #[schemars(extend("x-terraform" = [Optional]))]
        provisioning: bool,
    }
}

impl SelfHostedModel for Model {
    const TYPE_NAME: &'static str = "confluence_datacenter_integration";
    const MOVES: &'static [StateMover] = moves::MOVES;
    const DISPLAY_NAME: &'static str = "Confluence Data Center";
    const OTHER: &'static str = "a Confluence Cloud connector is a confluence_integration";

    fn variables(&self) -> Vec<Variable> {
        vec![
            Variable::text("BATON_HOSTNAME", &self.hostname),
            Variable::secret("BATON_ACCESS_TOKEN", &self.access_token),
            Variable::text("BATON_USERNAME", &self.username),
            Variable::secret("BATON_PASSWORD", &self.password),
            Variable::flag("BATON_PROVISIONING", self.provisioning),
        ]
    }

    fn mistakes(&self) -> Vec<Diagnostic> {
        mistakes::of(self)
    }

    fn mistakes_of_change(&self, prior: Option<&Self>) -> Vec<Diagnostic> {
        mistakes::of_change(self, prior)
    }
}
