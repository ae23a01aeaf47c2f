//! The resource `confluence_integration`.

use crate::provider::connector::{
    CONFLUENCE, CONFLUENCE_V2, CatalogEntry, HostedModel, HostedResource, SecretSetting,
    SettingRow, attribute,
};
use crate::provider::login_check::LoginAttributes;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::state_migration::StateMover;
use crate::terraform::value::{Secret, Value};

use super::attributes::IntegrationModel;
use super::settings::CloudSettings;
use super::state_movers::STATE_MOVERS;
use super::validate::{validate, validate_change};
use super::version::find_version;

/// The resource `confluence_integration`.
pub(crate) type IntegrationResource = HostedResource<IntegrationModel>;

impl HostedModel for IntegrationModel {
    type Settings = CloudSettings;

    const TYPE_NAME: &'static str = "confluence_integration";
    const STATE_MOVERS: &'static [StateMover] = STATE_MOVERS;
    const PRODUCT: &'static str = "Confluence Cloud";
    const OTHER: &'static str = "for a self-hosted connector, use confluence_self_hosted_integration or \
         confluence_datacenter_integration";
    const SETTINGS: &'static [SettingRow<CloudSettings>] = CloudSettings::TABLE;
    const SECRET: SecretSetting<Self> = SecretSetting {
        keys: &[
            (CONFLUENCE, "confluence_apikey"),
            (CONFLUENCE_V2, "api-key"),
        ],
        noun: "API key",
        meaning: "an API token of the account in username",
        stored: attribute!(api_key),
        write_only: attribute!(api_key_wo),
        version: attribute!(api_key_wo_version),
        example: "api_key_wo = var.confluence_api_token",
    };

    fn settings(&self) -> &CloudSettings {
        &self.settings
    }

    fn settings_mut(&mut self) -> &mut CloudSettings {
        &mut self.settings
    }

    fn entry(&self) -> CatalogEntry {
        if self.connector_version == Value::Known(1) {
            CONFLUENCE
        } else {
            CONFLUENCE_V2
        }
    }

    fn is_entry_known(&self) -> bool {
        !self.connector_version.is_unknown()
    }

    fn login(
        &self,
        token_attribute: &'static str,
        token: Value<Secret>,
    ) -> Option<LoginAttributes> {
        let settings = &self.settings;
        Some(LoginAttributes::Cloud {
            site_domain: settings.site_domain.clone(),
            username: settings.username.clone(),
            token,
            token_attribute,
            use_rbac: settings.content.use_rbac,
        })
    }

    fn observe_entry(&mut self, id: &str) -> bool {
        let version = find_version(id);
        self.connector_version = version.map(|(number, _)| number).into();
        version.is_some()
    }

    fn validate(&self, diagnostics: &mut Diagnostics) {
        validate(self, diagnostics);
    }

    fn validate_change(&self, prior: Option<&Self>, diagnostics: &mut Diagnostics) {
        validate_change(self, prior, diagnostics);
    }
}
