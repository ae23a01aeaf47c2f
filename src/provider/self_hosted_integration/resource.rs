//! The resource `confluence_self_hosted_integration`.

use crate::provider::connector::{SelfHostedModel, SelfHostedResource, Variable};
use crate::provider::login_check::LoginAttributes;
use crate::terraform::diagnostics::Diagnostics;

use super::attributes::SelfHostedIntegrationModel;
use super::settings::variables;
use super::validate::{validate, validate_change};

/// The resource `confluence_self_hosted_integration`.
pub(crate) type SelfHostedIntegrationResource = SelfHostedResource<SelfHostedIntegrationModel>;

impl SelfHostedModel for SelfHostedIntegrationModel {
    const TYPE_NAME: &'static str = "confluence_self_hosted_integration";
    const DISPLAY_NAME: &'static str = "Confluence Cloud";
    const OTHER: &'static str =
        "for a connector that ConductorOne hosts, use confluence_integration";

    fn variables(&self) -> Vec<Variable> {
        variables(self)
    }

    fn login(&self) -> Option<LoginAttributes> {
        Some(LoginAttributes::Cloud {
            site_domain: self.site_domain.clone(),
            username: self.username.clone(),
            token: self.api_key.clone(),
            token_attribute: "api_key",
            use_rbac: self.content.use_rbac,
        })
    }

    fn validate(&self, diagnostics: &mut Diagnostics) {
        validate(self, diagnostics);
    }

    fn validate_change(&self, prior: Option<&Self>, diagnostics: &mut Diagnostics) {
        validate_change(self, prior, diagnostics);
    }
}
