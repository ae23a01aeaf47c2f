//! The resource `confluence_datacenter_integration`.

use crate::provider::connector::{SelfHostedModel, SelfHostedResource, Variable};
use crate::provider::login_check::LoginAttributes;
use crate::terraform::diagnostics::Diagnostics;

use super::attributes::DatacenterIntegrationModel;
use super::settings::variables;
use super::validate::{validate, validate_change};

/// The resource `confluence_datacenter_integration`.
pub(crate) type DatacenterIntegrationResource = SelfHostedResource<DatacenterIntegrationModel>;

impl SelfHostedModel for DatacenterIntegrationModel {
    const TYPE_NAME: &'static str = "confluence_datacenter_integration";
    const DISPLAY_NAME: &'static str = "Confluence Data Center";
    const OTHER: &'static str =
        "for a connector that ConductorOne hosts, use confluence_integration";

    fn variables(&self) -> Vec<Variable> {
        variables(self)
    }

    fn login(&self) -> Option<LoginAttributes> {
        Some(LoginAttributes::DataCenter {
            hostname: self.hostname.clone(),
            access_token: self.access_token.clone(),
            username: self.username.clone(),
            password: self.password.clone(),
        })
    }

    fn validate(&self, diagnostics: &mut Diagnostics) {
        validate(self, diagnostics);
    }

    fn validate_change(&self, prior: Option<&Self>, diagnostics: &mut Diagnostics) {
        validate_change(self, prior, diagnostics);
    }
}
