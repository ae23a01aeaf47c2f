//! What can be wrong with a `confluence_datacenter_integration`, in the user's words.

use crate::provider::problems::settings as problems;
use crate::terraform::diagnostics::Diagnostic;

use super::Model;

/// What is wrong between attributes of a configuration.
pub(super) fn of(config: &Model) -> Vec<Diagnostic> {
    // What is unknown may turn out to be null, and so may break no rule yet.
    let (name, no_name) = (config.username.known().is_some(), config.username.is_null());
    let (password, no_password) = (config.password.known().is_some(), config.password.is_null());
    let (token, no_token) = (
        config.access_token.known().is_some(),
        config.access_token.is_null(),
    );
    [
        (password && no_name)
            .then(|| problems::incomplete("password", "username", "username = \"svc-c1\"")),
        (name && no_password)
            .then(|| problems::incomplete("username", "password", "password = var.password")),
        (token && name && password).then(problems::ignored_password),
        (no_token && no_name && no_password).then(problems::no_sign_in),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The warning for a connection that a plan makes unencrypted. Inside a cluster that is common, so that it is no error.
pub(super) fn unencrypted(planned: &Model, prior: Option<&Model>) -> Option<Diagnostic> {
    let hostname = planned.hostname.known()?;
    let is_new = prior.is_none_or(|prior| prior.hostname != planned.hostname);
    let is_plain = hostname.to_ascii_lowercase().starts_with("http://");
    (is_new && is_plain).then(|| problems::unencrypted(hostname))
}
