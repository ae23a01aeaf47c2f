//! Failures of the API as users read them, in one place.

use crate::conductorone::{Cause, Error};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

use super::problems::api as problems;

/// Every failure of the API ends here, so that all of them read alike: what happened, what to do, and the error itself
/// with the server's own words.
impl From<Error> for Diagnostics {
    fn from(error: Error) -> Self {
        api(&error).into()
    }
}

/// The diagnostic for a failed call.
pub(super) fn api(error: &Error) -> Diagnostic {
    let said = capitalised(&error.to_string());
    match error {
        Error::Setup(_) => problems::http_client(&said),
        Error::InvalidId(_) => problems::invalid_id(&said),
        Error::EmptySecret { .. } => problems::empty_secret(&said),
        Error::Cancelled { .. } => problems::cancelled(&said),
        Error::DeadlinePassed { .. } => problems::took_too_long(&said),
        other => match other.cause() {
            Some(cause) => call(cause, &said),
            None => problems::request_failed(&said),
        },
    }
}

fn call(cause: &Cause, said: &str) -> Diagnostic {
    match cause {
        Cause::Unsendable(_) => problems::unsendable(said),
        Cause::Dns(_) => problems::host_not_found(said),
        Cause::Refused(_) | Cause::Unreachable(_) | Cause::ConnectTimeout(_) => {
            problems::unreachable(said)
        }
        Cause::Tls(_) => problems::not_trusted(said),
        Cause::Timeout(_) | Cause::ConnectionLost(_) => problems::no_answer(said),
        Cause::Redirect { .. }
        | Cause::NotJson { .. }
        | Cause::TooLarge { .. }
        | Cause::Unexpected { .. } => problems::unexpected_answer(said),
        Cause::CredentialsRefused { .. } => problems::credentials_refused(said),
        Cause::OidcTokenExpired(_) => problems::oidc_token_expired(said),
        Cause::TokenType(_) => problems::token_type(said),
        Cause::EmptyToken => problems::no_token(said),
        Cause::Status { status, .. } => match status {
            401 => problems::token_refused(said),
            403 => problems::not_allowed(said),
            404 => problems::not_found(said),
            409 => problems::conflict(said),
            429 => problems::rate_limited(said),
            500.. => problems::server_failed(said),
            _ => problems::request_refused(said),
        },
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters
        .next()
        .map(|first| first.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), characters.as_str())
}
