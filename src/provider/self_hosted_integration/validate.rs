//! Validation of `confluence_self_hosted_integration`.

use crate::provider::connector::SelfHostedModel as _;
use crate::provider::integration::diagnose_site;
use crate::provider::self_hosted_integration::messages;
use crate::terraform::diagnostics::Diagnostics;

use super::attributes::SelfHostedIntegrationModel;

/// Validates the rules between the attributes of a configuration.
pub(super) fn validate(config: &SelfHostedIntegrationModel, diagnostics: &mut Diagnostics) {
    config.content.validate(diagnostics);
}

/// Adds warnings about a creation or a change from `prior`.
pub(super) fn validate_change(
    planned: &SelfHostedIntegrationModel,
    prior: Option<&SelfHostedIntegrationModel>,
    diagnostics: &mut Diagnostics,
) {
    let prior_site = prior.map(|prior| &prior.site_domain);
    diagnostics.extend(diagnose_site(&planned.site_domain, prior_site));
    // After an import the state has no environment, so this plan makes the first one.
    let is_old = |prior: &SelfHostedIntegrationModel| {
        prior.api_key.is_null() && !prior.self_hosted().environment.is_null()
    };
    if planned.api_key.is_null() && !prior.is_some_and(is_old) {
        diagnostics.push(messages::no_api_key());
    }
}
