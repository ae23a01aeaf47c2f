//! What can be wrong with a `confluence_datacenter_integration`, in the user's words.

use crate::provider::connector::SelfHostedModel;
use crate::provider::problems::settings as problems;
use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::value::Value;

use super::Model;

/// What is wrong between attributes of a configuration.
pub(super) fn of(config: &Model) -> Vec<Diagnostic> {
    // What is unknown may turn out to be null, and so may break no rule yet.
    let (name, no_name) = (config.username.known().is_some(), config.username.is_null());
    let (password, no_password) = (config.password.known().is_some(), config.password.is_null());
    [
        (password && no_name)
            .then(|| problems::incomplete("password", "username", "username = \"svc-c1\"")),
        (name && no_password)
            .then(|| problems::incomplete("username", "password", "password = var.password")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The warnings about a creation, or about a change from `prior`.
pub(super) fn of_change(planned: &Model, prior: Option<&Model>) -> Vec<Diagnostic> {
    let warnings = [unencrypted(planned, prior), sign_in(planned, prior)];
    warnings.into_iter().flatten().collect()
}

/// The warning for a connection that a plan makes unencrypted. Inside a cluster that is common, so it is not an error.
fn unencrypted(planned: &Model, prior: Option<&Model>) -> Option<Diagnostic> {
    let hostname = planned.hostname.known()?;
    let is_new = prior.is_none_or(|prior| prior.hostname != planned.hostname);
    let is_plain = hostname.to_ascii_lowercase().starts_with("http://");
    (is_new && is_plain).then(|| problems::unencrypted(hostname))
}

/// The warnings about the sign-in of a creation, or of a change from `prior`.
fn sign_in(planned: &Model, prior: Option<&Model>) -> Option<Diagnostic> {
    let login = |model: &Model| {
        let Model {
            access_token,
            username,
            password,
            ..
        } = model;
        (access_token.clone(), username.clone(), password.clone())
    };
    // Where the state has no environment, as after an import, this plan makes the first one.
    let is_old = |prior: &Model| {
        login(prior) == login(planned) && !prior.self_hosted().environment.is_null()
    };
    if prior.is_some_and(is_old) {
        return None;
    }
    match login(planned) {
        (Value::Null, Value::Null, Value::Null) => Some(problems::no_sign_in()),
        (Value::Known(_), Value::Known(_), Value::Known(_)) => Some(problems::ignored_password()),
        _ => None,
    }
}
