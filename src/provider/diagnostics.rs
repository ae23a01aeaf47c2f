//! Failures of the API as users read them, in one place.

use std::time::Duration;

use jiff::{SignedDuration, Unit};

use crate::conductorone::{Cause, Error, Limit, Notice, Overrun, ProxyFault, Purpose};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

use super::problems::api as problems;
use crate::terraform::schema::duration_text;

/// Every failure of the API ends here, so that all of them read alike: what happened, what to do, and the error itself
/// with the server's own words.
impl From<Error> for Diagnostics {
    fn from(error: Error) -> Self {
        api(&error).into()
    }
}

/// The diagnostic for a failed call. What fails every call in the same way is told in full only once.
pub(super) fn api(error: &Error) -> Diagnostic {
    let diagnostic = problem(error);
    if error.is_about_access() {
        diagnostic.shared()
    } else {
        diagnostic
    }
}

/// What the user should know although nothing failed.
pub(super) fn notice(notice: Notice) -> Diagnostic {
    match notice {
        Notice::ClockOff(ahead) => problems::clock_off(&clock_off(ahead)),
    }
}

/// How the clock of this machine stands, where ConductorOne's is ahead by this.
fn clock_off(ahead: SignedDuration) -> String {
    let difference = ahead.abs().round(Unit::Second).unwrap_or(ahead.abs());
    let side = if ahead.is_negative() {
        "ahead of"
    } else {
        "behind"
    };
    format!("{difference:#} {side}")
}

fn problem(error: &Error) -> Diagnostic {
    let said = capitalised(&error.to_string());
    match error {
        Error::Setup(_) => problems::http_client(&said),
        Error::InvalidId(_) => problems::invalid_id(&said),
        Error::EmptySecret { .. } => problems::empty_secret(&said),
        // What is done already is in the state, so that only a change can be taken up again.
        Error::Cancelled { purpose, .. } => match purpose {
            Purpose::Change => problems::change_cancelled(&said),
            Purpose::Look => problems::cancelled(&said),
        },
        Error::DeadlinePassed(overrun) => took_too_long(overrun),
        other => match other.cause() {
            Some(cause) => call(cause, &said),
            None => problems::request_failed(&said),
        },
    }
}

/// The diagnostic for an operation that ran out of time: what it waited for, how long, and what to raise.
fn took_too_long(overrun: &Overrun) -> Diagnostic {
    let awaited = overrun.awaited.as_deref().unwrap_or("ConductorOne");
    let last = overrun.last.as_ref();
    let last = last.map_or_else(String::new, |last| format!("The last attempt: {last}"));
    let Some(limit) = overrun.limit else {
        return problems::gave_up_waiting(awaited, &last);
    };
    let (time, example) = (duration_text(limit.time), example(limit));
    let tell = match overrun.purpose {
        Purpose::Change => problems::change_took_too_long,
        Purpose::Look => problems::took_too_long,
    };
    let problem = tell(awaited, &time, limit.setting, &example, &last);
    problem.on("timeouts")
}

/// How the user allows twice the time.
pub(super) fn example(limit: Limit) -> String {
    let name = limit.setting.rsplit('.').next().unwrap_or_default();
    let longer = duration_text(limit.time.saturating_mul(2).max(Duration::from_mins(1)));
    format!("timeouts = {{ {name} = {longer:?} }}")
}

fn call(cause: &Cause, said: &str) -> Diagnostic {
    match cause {
        Cause::Unsendable(_) => problems::unsendable(said),
        Cause::Dns(_) => problems::host_not_found(said),
        Cause::Refused(_) | Cause::Unreachable(_) | Cause::ConnectTimeout(_) => {
            problems::unreachable(said)
        }
        Cause::Proxy {
            proxy,
            variable,
            fault,
            ..
        } => match fault {
            ProxyFault::Credentials => problems::proxy_credentials(proxy, variable, said),
            ProxyFault::Name => problems::proxy_not_found(proxy, variable, said),
            ProxyFault::Connection => problems::proxy_unreachable(proxy, variable, said),
        },
        Cause::Tls(_) => problems::not_trusted(said),
        Cause::Timeout(_) | Cause::ConnectionLost(_) => problems::no_answer(said),
        Cause::Redirect { .. }
        | Cause::NotJson { .. }
        | Cause::TooLarge { .. }
        | Cause::Unexpected { .. } => problems::unexpected_answer(said),
        Cause::CredentialsRefused { ahead: None, .. } => problems::credentials_refused(said),
        Cause::CredentialsRefused {
            ahead: Some(ahead), ..
        } => problems::credentials_or_clock_refused(&clock_off(*ahead), said),
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
