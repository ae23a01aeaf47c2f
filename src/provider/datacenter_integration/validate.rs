//! Validation of `confluence_datacenter_integration`.

use crate::provider::connector::SelfHostedModel;
use crate::provider::connector::messages as connector_messages;
use crate::provider::datacenter_integration::messages;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::value::Value;

use super::attributes::DatacenterIntegrationModel;

/// Validates the rules between the attributes of a configuration.
pub(super) fn validate(config: &DatacenterIntegrationModel, diagnostics: &mut Diagnostics) {
    // An unknown value may become null, so it breaks no rule yet.
    if config.password.known().is_some() && config.username.is_null() {
        let example = "username = \"svc-c1\"";
        diagnostics.push(connector_messages::incomplete(
            "password", "username", example,
        ));
    }
    if config.username.known().is_some() && config.password.is_null() {
        let example = "password = var.password";
        diagnostics.push(connector_messages::incomplete(
            "username", "password", example,
        ));
    }
}

/// Adds warnings about a creation or a change from `prior`.
pub(super) fn validate_change(
    planned: &DatacenterIntegrationModel,
    prior: Option<&DatacenterIntegrationModel>,
    diagnostics: &mut Diagnostics,
) {
    diagnostics.extend(diagnose_unencrypted(planned, prior));
    diagnostics.extend(diagnose_sign_in(planned, prior));
}

/// Returns the warning for a new unencrypted connection. It is not an error, because this is common inside a cluster.
fn diagnose_unencrypted(
    planned: &DatacenterIntegrationModel,
    prior: Option<&DatacenterIntegrationModel>,
) -> Option<Diagnostic> {
    let hostname = planned.hostname.known()?;
    let is_new = prior.is_none_or(|prior| prior.hostname != planned.hostname);
    let is_plain = hostname.to_ascii_lowercase().starts_with("http://");
    (is_new && is_plain).then(|| messages::unencrypted(hostname))
}

/// Returns the warning about the sign-in to Confluence.
fn diagnose_sign_in(
    planned: &DatacenterIntegrationModel,
    prior: Option<&DatacenterIntegrationModel>,
) -> Option<Diagnostic> {
    let login = |model: &DatacenterIntegrationModel| {
        let DatacenterIntegrationModel {
            access_token,
            username,
            password,
            ..
        } = model;
        (access_token.clone(), username.clone(), password.clone())
    };
    // After an import the state has no environment, so this plan makes the first one.
    let is_old = |prior: &DatacenterIntegrationModel| {
        login(prior) == login(planned) && !prior.self_hosted().environment.is_null()
    };
    if prior.is_some_and(is_old) {
        return None;
    }
    match login(planned) {
        (Value::Null, Value::Null, Value::Null) => Some(messages::no_sign_in()),
        (Value::Known(_), Value::Known(_), Value::Known(_)) => Some(messages::ignored_password()),
        _ => None,
    }
}
