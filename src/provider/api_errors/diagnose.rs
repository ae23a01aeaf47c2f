//! Conversion of API errors to diagnostics. All errors are converted here.

use std::time::Duration;

use jiff::{SignedDuration, Unit};

use crate::conductorone::{Cause, DeadlineError, Error, Notice, ProxyFault, Purpose, TimeLimit};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

use super::messages;
use crate::terraform::schema::duration_text;

/// Each diagnostic says what happened and what to do, and contains the error with the server's message.
impl From<Error> for Diagnostics {
    fn from(error: Error) -> Self {
        diagnose(&error).into()
    }
}

/// Returns the diagnostic for a failed call. An error that affects every call is shared, so it is reported in full only once.
pub(crate) fn diagnose(error: &Error) -> Diagnostic {
    let diagnostic = diagnose_error(error);
    if error.is_about_access() {
        diagnostic.shared()
    } else {
        diagnostic
    }
}

/// Returns the diagnostic for a notice, which does not belong to a failure.
pub(crate) fn diagnose_notice(notice: Notice) -> Diagnostic {
    match notice {
        Notice::ClockOff(ahead) => messages::clock_off(&clock_off(ahead)),
    }
}

/// Describes the clock of this machine if ConductorOne's clock is ahead by this duration.
pub(crate) fn clock_off(ahead: SignedDuration) -> String {
    let difference = ahead.abs().round(Unit::Second).unwrap_or(ahead.abs());
    let side = if ahead.is_negative() {
        "ahead of"
    } else {
        "behind"
    };
    format!("{difference:#} {side}")
}

fn diagnose_error(error: &Error) -> Diagnostic {
    let text = capitalize(&error.to_string());
    match error {
        Error::Setup(_) => messages::http_client(&text),
        Error::InvalidId(_) => messages::invalid_id(&text),
        Error::EmptySecret { .. } => messages::empty_secret(&text),
        // The state contains the completed steps of a change, so the next apply continues it.
        Error::Cancelled { purpose, .. } => match purpose {
            Purpose::Change => messages::change_cancelled(&text),
            Purpose::Action => messages::action_cancelled(&text),
            Purpose::Read => messages::cancelled(&text),
        },
        Error::DeadlinePassed(overrun) => took_too_long(overrun),
        other => match other.cause() {
            Some(cause) => diagnose_cause(cause, &text),
            None => messages::request_failed(&text),
        },
    }
}

/// Returns the diagnostic for an operation that took too long: what it waited for, how long, and which limit to raise.
fn took_too_long(overrun: &DeadlineError) -> Diagnostic {
    let awaited = overrun.awaited.as_deref().unwrap_or("ConductorOne");
    let last = overrun.last.as_ref();
    let last = last.map_or_else(String::new, |last| format!("The last attempt: {last}"));
    let Some(limit) = overrun.limit else {
        return messages::gave_up_waiting(awaited, &last);
    };
    let (time, example) = (duration_text(limit.time), double_timeout(limit));
    let tell = match overrun.purpose {
        Purpose::Change => messages::change_took_too_long,
        Purpose::Action => messages::action_took_too_long,
        Purpose::Read => messages::took_too_long,
    };
    let problem = tell(awaited, &time, limit.setting, &example, &last);
    problem.on("timeouts")
}

/// Returns an assignment that doubles a time limit.
pub(crate) fn double_timeout(limit: TimeLimit) -> String {
    let name = limit.setting.rsplit('.').next().unwrap_or_default();
    let longer = duration_text(limit.time.saturating_mul(2).max(Duration::from_mins(1)));
    format!("timeouts = {{ {name} = {longer:?} }}")
}

/// Returns the diagnostic for the cause of a failed call. `error` is the text of the error.
pub(crate) fn diagnose_cause(cause: &Cause, error: &str) -> Diagnostic {
    match cause {
        Cause::Unsendable(_) => messages::unsendable(error),
        Cause::Dns(_) => messages::host_not_found(error),
        Cause::Refused(_) | Cause::Unreachable(_) | Cause::ConnectTimeout(_) => {
            messages::unreachable(error)
        }
        Cause::Proxy {
            proxy,
            variable,
            fault,
            ..
        } => match fault {
            ProxyFault::Credentials => messages::proxy_credentials(proxy, variable, error),
            ProxyFault::Name => messages::proxy_not_found(proxy, variable, error),
            ProxyFault::Connection => messages::proxy_unreachable(proxy, variable, error),
        },
        Cause::Tls(_) => messages::not_trusted(error),
        Cause::Timeout(_) | Cause::ConnectionLost(_) => messages::no_answer(error),
        Cause::Redirect { .. }
        | Cause::NotJson { .. }
        | Cause::TooLarge { .. }
        | Cause::Unexpected { .. } => messages::unexpected_answer(error),
        Cause::CredentialsRefused { ahead: None, .. } => messages::credentials_refused(error),
        Cause::CredentialsRefused {
            ahead: Some(ahead), ..
        } => messages::credentials_or_clock_refused(&clock_off(*ahead), error),
        Cause::OidcTokenExpired(_) => messages::oidc_token_expired(error),
        Cause::TokenType(_) => messages::token_type(error),
        Cause::EmptyToken => messages::no_token(error),
        Cause::Status { status, .. } => match status {
            401 => messages::token_refused(error),
            403 => messages::not_allowed(error),
            404 => messages::not_found(error),
            409 => messages::conflict(error),
            429 => messages::rate_limited(error),
            500.. => messages::server_failed(error),
            _ => messages::request_refused(error),
        },
    }
}

fn capitalize(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters
        .next()
        .map(|first| first.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), characters.as_str())
}
