//! What callers learn when a call did not succeed.

use std::fmt;
use std::time::Duration;

use http::Method;

use super::call_context::{Interruption, Purpose, TimeLimit};
use super::cause::{Cause, ProxyFault};
use super::host::BaseUrl;
use super::path::InvalidId;
use super::server_message::ServerMessage;

/// Why a call did not succeed. Never holds a secret or a body.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The HTTP client could not be built, for example because no root certificates were found.
    #[error("the HTTP client cannot be set up: {0}")]
    Setup(String),
    /// Refused before sending: a token that fits no header, for example because it holds a line break.
    #[error(transparent)]
    Unsendable(Cause),
    /// Refused before sending: an ID that is empty, or would address something else.
    #[error(transparent)]
    InvalidId(#[from] InvalidId),
    /// Refused before sending: an empty secret setting. ConductorOne would delete the one it holds.
    #[error("the secret setting {key} is empty, which would delete the stored one")]
    EmptySecret {
        /// The setting's key.
        key: String,
    },
    /// The caller cancelled.
    #[error("cancelled{}", after(.last.as_deref()))]
    Cancelled {
        /// The failure that was to be repeated.
        last: Option<Box<CallError>>,
        /// What the operation was for.
        purpose: Purpose,
    },
    /// The caller's deadline passed, or would have before the server takes another request.
    #[error(transparent)]
    DeadlinePassed(Box<DeadlineError>),
    /// The request was made, or tried, and failed for good.
    #[error(transparent)]
    Call(#[from] Box<CallError>),
}

/// An operation that did not end within the time that the caller allows.
#[derive(Clone, Debug, Default)]
pub struct DeadlineError {
    /// What the operation was waiting for, such as `the connector to show`.
    pub awaited: Option<String>,
    /// The time allowed, and where it is set.
    pub limit: Option<TimeLimit>,
    /// What the operation was for.
    pub purpose: Purpose,
    /// The failure that was to be repeated.
    pub last: Option<Box<CallError>>,
}

/// A request that failed, after all its attempts.
#[derive(Clone, Debug)]
pub struct CallError {
    /// The HTTP method.
    pub method: Method,
    /// The host.
    pub server: BaseUrl,
    /// The path, without the query.
    pub path: String,
    /// How many times the request was sent, or tried to be.
    pub attempts: u32,
    /// Time since the first attempt began, waits included.
    pub elapsed: Duration,
    /// Why the last attempt failed.
    pub cause: Cause,
    /// Whether it is a write, and one of the attempts may have been acted on.
    pub may_have_happened: bool,
}

impl Error {
    /// The HTTP status with which the server refused, redirects included.
    pub fn status(&self) -> Option<u16> {
        self.cause().and_then(Cause::status)
    }

    /// Why the request failed, unless it was given up for the caller's own reasons.
    pub fn cause(&self) -> Option<&Cause> {
        match self {
            Self::Call(error) => Some(&error.cause),
            Self::Unsendable(cause) => Some(cause),
            _ => None,
        }
    }

    /// A write was sent and no conclusive answer came: it may have happened.
    pub fn is_ambiguous(&self) -> bool {
        self.last_failure()
            .is_some_and(|error| error.may_have_happened)
    }

    /// The caller cancelled.
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled { .. })
    }

    /// It is about how ConductorOne is reached or about the credentials, so that other requests fail in the same way.
    pub fn is_about_access(&self) -> bool {
        self.is_lasting() || self.cause().is_some_and(Cause::is_network)
    }

    /// It is about access, and will not pass by itself: no other request would succeed either.
    pub fn is_lasting(&self) -> bool {
        matches!(
            self.cause(),
            Some(
                Cause::Unsendable(_)
                    | Cause::Tls(_)
                    | Cause::Proxy {
                        fault: ProxyFault::Credentials,
                        ..
                    }
                    | Cause::CredentialsRefused { .. }
                    | Cause::OidcTokenExpired(_)
                    | Cause::TokenType(_)
                    | Cause::EmptyToken
                    | Cause::Status { status: 401, .. }
            )
        )
    }

    /// The API says that the object does not exist, or that the caller may not see it. A web page with status 404 comes
    /// from elsewhere and says nothing about the object.
    pub fn is_not_found(&self) -> bool {
        matches!(self.cause(), Some(Cause::Status { status: 404, message }) if *message != ServerMessage::Html)
    }

    /// The same error, with what was being waited for if the deadline passed. The first to say so knows best.
    #[must_use]
    pub fn awaiting(mut self, what: &str) -> Self {
        if let Self::DeadlinePassed(overrun) = &mut self {
            overrun.awaited.get_or_insert_with(|| what.to_owned());
        }
        self
    }

    /// The last attempt that failed, whether or not it is what ended the call.
    pub fn last_failure(&self) -> Option<&CallError> {
        match self {
            Self::Call(error) => Some(error),
            Self::Cancelled { last, .. } => last.as_deref(),
            Self::DeadlinePassed(overrun) => overrun.last.as_deref(),
            Self::Setup(_)
            | Self::Unsendable(_)
            | Self::InvalidId(_)
            | Self::EmptySecret { .. } => None,
        }
    }

    pub(super) fn interrupted(interruption: Interruption) -> Self {
        match interruption {
            Interruption::Cancelled(purpose) => Self::Cancelled {
                last: None,
                purpose,
            },
            Interruption::DeadlinePassed(purpose, limit) => {
                Self::DeadlinePassed(Box::new(DeadlineError {
                    limit,
                    purpose,
                    ..DeadlineError::default()
                }))
            }
        }
    }

    /// The same error, when it came up on the way to repeating `earlier`, which may have happened.
    pub(super) fn following(mut self, earlier: Option<CallError>) -> Self {
        let Some(earlier) = earlier else { return self };
        match &mut self {
            Self::Call(error) => error.may_have_happened |= earlier.may_have_happened,
            Self::Cancelled { last, .. } => *last = Some(Box::new(earlier)),
            Self::DeadlinePassed(overrun) => overrun.last = Some(Box::new(earlier)),
            Self::Setup(_)
            | Self::Unsendable(_)
            | Self::InvalidId(_)
            | Self::EmptySecret { .. } => {}
        }
        self
    }
}

impl std::error::Error for CallError {}

impl std::error::Error for DeadlineError {}

impl fmt::Display for DeadlineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the time allowed has passed{}",
            after(self.last.as_deref())
        )
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            method,
            server,
            path,
            attempts,
            elapsed,
            cause,
            ..
        } = self;
        write!(f, "{method} {server}{path}: {cause}")?;
        if *attempts > 1 {
            write!(
                f,
                " (after {attempts} attempts in {:.1} s)",
                elapsed.as_secs_f64()
            )?;
        }
        Ok(())
    }
}

/// The object, unless it does not exist.
pub(crate) fn none_if_not_found<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Err(error) if error.is_not_found() => Ok(None),
        result => result.map(Some),
    }
}

/// The answer, unless the tenant does not have the operation or what it was asked about.
pub(crate) fn none_if_unavailable<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        // Also as a web page: an unknown path may end up at the web application.
        Err(error) if matches!(error.status(), Some(404 | 501)) => Ok(None),
        result => result.map(Some),
    }
}

fn after(last: Option<&CallError>) -> String {
    last.map(|error| format!(" before another attempt at {error}"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::Method;

    use super::super::call_context::{Interruption, Purpose};
    use super::super::cause::Cause;
    use super::super::host::BaseUrl;
    use super::super::server_message::ServerMessage;
    use super::{CallError, Error};

    fn failed(cause: Cause, attempts: u32) -> Option<CallError> {
        let (path, elapsed) = ("/api/v1/apps".to_owned(), Duration::from_millis(1234));
        let server = BaseUrl::from_tenant_domain("acme").ok()?;
        Some(CallError {
            method: Method::GET,
            server,
            path,
            attempts,
            elapsed,
            cause,
            may_have_happened: true,
        })
    }

    fn forbidden() -> Cause {
        Cause::Status {
            status: 403,
            message: ServerMessage::Text("no".into()),
        }
    }

    #[test]
    fn messages_say_what_was_tried_and_why_it_failed() {
        let cases = [
            (forbidden(), 1, "HTTP 403 Forbidden: no"),
            (
                Cause::Status {
                    status: 599,
                    message: ServerMessage::None,
                },
                1,
                "HTTP 599",
            ),
            (
                Cause::Timeout(Duration::from_secs(30)),
                3,
                "no complete answer within 30s (after 3 attempts in 1.2 s)",
            ),
            (
                Cause::Unexpected {
                    object: "a connector",
                },
                1,
                "the answer does not hold a connector",
            ),
        ];
        for (cause, attempts, expected) in cases {
            let text = failed(cause, attempts).map(|error| error.to_string());
            assert_eq!(
                text,
                Some(format!(
                    "GET https://acme.conductor.one/api/v1/apps: {expected}"
                ))
            );
        }
    }

    #[test]
    fn giving_up_keeps_what_was_to_be_repeated() {
        let error = Error::interrupted(Interruption::Cancelled(Purpose::Read))
            .following(failed(forbidden(), 1));
        assert!(error.is_cancelled() && error.is_ambiguous() && error.status().is_none());
        let text = error.to_string();
        assert!(
            text.starts_with("cancelled before another attempt at GET https://acme"),
            "{text}"
        );
    }

    #[test]
    fn a_web_page_does_not_say_that_an_object_is_gone() {
        for (message, gone) in [(ServerMessage::None, true), (ServerMessage::Html, false)] {
            let error = failed(
                Cause::Status {
                    status: 404,
                    message,
                },
                1,
            )
            .map(|e| Error::from(Box::new(e)));
            assert_eq!(
                error.map(|error| (error.is_not_found(), error.status())),
                Some((gone, Some(404)))
            );
        }
    }
}
