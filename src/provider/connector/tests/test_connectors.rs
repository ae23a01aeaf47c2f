//! Two connectors for tests, one hosted and one self-hosted.

use crate::provider::connector::{
    CONFLUENCE_V2, CatalogEntry, ConnectorAttributes, HostedAttributes, HostedModel, SecretSetting,
    SelfHostedAttributes, SelfHostedModel, SettingKind, SettingRow, Variable, attribute,
};
use crate::terraform::schema::AttributeFlag::{Optional, Required, WriteOnly};
use crate::terraform::value::{Secret, model};

model! {
    /// A connector that ConductorOne hosts. It borrows a catalog entry that exists.
    pub(super) struct Cloud {
        ..connector: ConnectorAttributes,
        ..hosted: HostedAttributes,
        ..settings: CloudSettings,
        /// Token of that account.
        #[schemars(extend("x-terraform" = [Optional]))]
        token: Secret,
        /// The same token, never stored.
        #[schemars(extend("x-terraform" = [Optional, WriteOnly]))]
        token_wo: Secret,
        /// Version of `token_wo`.
        #[schemars(extend("x-terraform" = [Optional]))]
        token_wo_version: i64,
    }
}

model! {
    /// The settings of the hosted connector.
    pub(super) struct CloudSettings {
        /// Site to read.
        #[schemars(extend("x-terraform" = [Optional]))]
        site: String,
        /// Account to sign in as.
        #[schemars(extend("x-terraform" = [Optional]))]
        account: String,
        /// Whether drafts are left out.
        #[schemars(extend("x-terraform" = [Optional]))]
        without_drafts: bool,
    }
}

impl CloudSettings {
    const TABLE: &'static [SettingRow<Self>] = &[
        SettingRow {
            keys: &[(CONFLUENCE_V2, "domain-url")],
            kind: SettingKind::Required {
                attribute: attribute!(site),
                example: "site = \"north\"",
                to_stored: |_, site| Ok(site.to_owned()),
            },
        },
        SettingRow {
            keys: &[(CONFLUENCE_V2, "username")],
            kind: SettingKind::Required {
                attribute: attribute!(account),
                example: "account = \"svc\"",
                to_stored: |_, account| Ok(account.to_owned()),
            },
        },
        SettingRow {
            keys: &[(CONFLUENCE_V2, "skip-personal-spaces")],
            kind: SettingKind::Flag {
                attribute: attribute!(without_drafts),
                always_sent: false,
            },
        },
    ];
}

impl HostedModel for Cloud {
    type Settings = CloudSettings;

    const TYPE_NAME: &'static str = "made_up_integration";
    const PRODUCT: &'static str = "Made-up Cloud";
    const OTHER: &'static str = "a self-hosted connector is a made_up_server_integration";
    const SETTINGS: &'static [SettingRow<CloudSettings>] = CloudSettings::TABLE;
    const SECRET: SecretSetting<Self> = SecretSetting {
        keys: &[(CONFLUENCE_V2, "api-key")],
        noun: "token",
        meaning: "the token of the account",
        stored: attribute!(token),
        write_only: attribute!(token_wo),
        version: attribute!(token_wo_version),
        example: "token_wo = var.token",
    };

    fn entry(&self) -> CatalogEntry {
        CONFLUENCE_V2
    }

    fn settings(&self) -> &CloudSettings {
        &self.settings
    }

    fn settings_mut(&mut self) -> &mut CloudSettings {
        &mut self.settings
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
