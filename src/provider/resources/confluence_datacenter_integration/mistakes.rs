//! What can be wrong with a `confluence_datacenter_integration`, in the user's words.

use crate::provider::rules::needs;
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
        (password && no_name).then(|| needs("password", "username", "username = \"svc-c1\"")),
        (name && no_password).then(|| needs("username", "password", "password = var.password")),
        (token && name && password).then(ignored_password),
        (no_token && no_name && no_password).then(no_sign_in),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn ignored_password() -> Diagnostic {
    Diagnostic::warning(
        "User name and password are ignored",
        "The connector signs in with the access token and ignores username and password beside it. Remove one or the \
         other.",
    )
    .on("username")
}

fn no_sign_in() -> Diagnostic {
    Diagnostic::warning(
        "Environment is not complete",
        "Neither access_token nor username and password are set, so environment lacks them. Give the connector \
         BATON_ACCESS_TOKEN, or BATON_USERNAME and BATON_PASSWORD, by other means.",
    )
    .on("access_token")
}
