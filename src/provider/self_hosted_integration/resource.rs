//! The resource `confluence_self_hosted_integration`.

use crate::provider::connector::{SelfHostedModel, SelfHostedResource, Variable};
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

    fn validate(&self, diagnostics: &mut Diagnostics) {
        validate(self, diagnostics);
    }

    fn validate_change(&self, prior: Option<&Self>, diagnostics: &mut Diagnostics) {
        validate_change(self, prior, diagnostics);
    }
}
