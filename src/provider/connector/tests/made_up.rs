//! The declarations of a hosted and of a self-hosted connector.

use crate::provider::connector::{
    CONFLUENCE_V2, CatalogEntry, ConnectorAttributes, HostedAttributes, HostedModel, SecretSetting,
    SelfHostedAttributes, SelfHostedModel, Setting, Variable, attribute,
};
use crate::terraform::schema::AttributeFlag::{Optional, Required, WriteOnly};
use crate::terraform::value::{Secret, model};

model! {
    /// A connector that ConductorOne hosts. It borrows a catalog entry that exists.
    pub(super) struct Cloud {
        ..connector: ConnectorAttributes,
        ..hosted: HostedAttributes,
        /// Site to read.
        #[schemars(extend("x-terraform" = [Optional]))]
        site: String,
        /// Account to sign in as.
        #[schemars(extend("x-terraform" = [Optional]))]
        account: String,
        /// Token of that account.
        #[schemars(extend("x-terraform" = [Optional]))]
        token: Secret,
        /// The same token, never stored.
        #[schemars(extend("x-terraform" = [Optional, WriteOnly]))]
        token_wo: Secret,
        /// Version of `token_wo`.
        #[schemars(extend("x-terraform" = [Optional]))]
        token_wo_version: i64,
        /// Whether drafts are left out.
        #[schemars(extend("x-terraform" = [Optional]))]
        without_drafts: bool,
    }
}

impl HostedModel for Cloud {
    const TYPE_NAME: &'static str = "made_up_integration";
    const PRODUCT: &'static str = "Made-up Cloud";
    const OTHER: &'static str = "a self-hosted connector is a made_up_server_integration";

    fn entry(&self) -> CatalogEntry {
        CONFLUENCE_V2
    }

    fn settings(&self) -> Vec<Setting<Self>> {
        vec![
            Setting::required("domain-url", attribute!(site), "site = \"north\""),
            Setting::required("username", attribute!(account), "account = \"svc\""),
            Setting::flag("skip-personal-spaces", attribute!(without_drafts)),
        ]
    }

    fn secret(&self) -> SecretSetting<Self> {
        SecretSetting {
            key: "api-key",
            noun: "token",
            meaning: "the token of the account",
            stored: attribute!(token),
            passing: attribute!(token_wo),
            version: attribute!(token_wo_version),
            example: "token_wo = var.token",
        }
    }
}

model! {
    /// A connector that users run themselves.
    pub(super) struct Server {
        ..connector: ConnectorAttributes,
        ..self_hosted: SelfHostedAttributes,
        /// Where it is.
        #[schemars(extend("x-terraform" = [Required]))]
        url: String,
        /// What opens it.
        #[schemars(extend("x-terraform" = [Required]))]
        key: Secret,
    }
}

impl SelfHostedModel for Server {
    const TYPE_NAME: &'static str = "made_up_server_integration";
    const DISPLAY_NAME: &'static str = "Made-up Server";
    const OTHER: &'static str = "a hosted connector is a made_up_integration";

    fn variables(&self) -> Vec<Variable> {
        vec![
            Variable::text("BATON_MADE_UP_URL", &self.url),
            Variable::secret("BATON_MADE_UP_KEY", &self.key),
        ]
    }
}
