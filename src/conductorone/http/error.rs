//! The errors of calls.

use std::fmt;
use std::time::Duration;

use http::Method;

use super::call_context::{Interruption, Purpose, TimeLimit};
use super::cause::{Cause, ProxyFault};
use super::host::BaseUrl;
use super::path::InvalidId;
use super::server_message::ServerMessage;

/// Why a call failed. Never contains a secret or a body.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The HTTP client cannot be built, for example because there are no root certificates.
    #[error("the HTTP client cannot be set up: {0}")]
    Setup(String),
    /// The request was not sent because an HTTP header cannot contain the token, for example because it contains a
    /// line break.
    #[error(transparent)]
    Unsendable(Cause),
    /// The request was not sent because an ID is empty or would address another object.
    #[error(transparent)]
    InvalidId(#[from] InvalidId),
    /// The request was not sent because a secret setting is empty. ConductorOne would delete the stored secret.
    #[error("the secret setting {key} is empty, which would delete the stored secret")]
    EmptySecret {
        /// The key of the setting.
        key: String,
    },
    /// The caller canceled the call.
    #[error("canceled{}", after(.last.as_deref()))]
    Cancelled {
        /// The failed attempt before the error, if there was one.
        last: Option<Box<CallError>>,
        /// The purpose of the operation.
        purpose: Purpose,
    },
    /// The deadline passed, or would pass before the next attempt.
    #[error(transparent)]
    DeadlinePassed(Box<DeadlineError>),
    /// The request failed and will not be retried.
    #[error(transparent)]
    Call(#[from] Box<CallError>),
}

/// An operation that did not end before its deadline.
#[derive(Clone, Debug, Default)]
pub struct DeadlineError {
    /// What the operation was waiting for, such as `the connector to show`.
    pub awaited: Option<String>,
    /// The time allowed, and the setting that it comes from.
    pub limit: Option<TimeLimit>,
    /// The purpose of the operation.
    pub purpose: Purpose,
    /// The failed attempt before the error, if there was one.
    pub last: Option<Box<CallError>>,
}

/// A request that failed, with all its attempts.
#[derive(Clone, Debug)]
pub struct CallError {
    /// The HTTP method.
    pub method: Method,
    /// The host.
    pub server: BaseUrl,
    /// The path without the query.
    pub path: String,
    /// The number of attempts to send the request.
    pub attempts: u32,
    /// The time since the first attempt, including waits.
    pub elapsed: Duration,
    /// Why the last attempt failed.
    pub cause: Cause,
    /// Whether the request is a write and the server may have processed one of its attempts.
    pub may_have_happened: bool,
}

impl Error {
    /// Returns the HTTP status of an unsuccessful response, including redirects.
    pub fn status(&self) -> Option<u16> {
        self.cause().and_then(Cause::status)
    }

    /// Returns why the request failed. Returns `None` if the caller ended the call.
    pub fn cause(&self) -> Option<&Cause> {
        match self {
            Self::Call(error) => Some(&error.cause),
            Self::Unsendable(cause) => Some(cause),
            _ => None,
        }
    }

    /// Returns whether the error leaves open if a write happened.
    pub fn is_ambiguous(&self) -> bool {
        self.last_failure()
            .is_some_and(|error| error.may_have_happened)
    }

    /// The caller canceled the call.
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled { .. })
    }

    /// Returns whether the error is about the connection to ConductorOne or about the credentials, so that other
    /// requests fail in the same way.
    pub fn is_about_access(&self) -> bool {
        self.is_lasting() || self.cause().is_some_and(Cause::is_network)
    }

    /// Returns whether the error is about access and persists, so that no other request would succeed.
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

    /// Returns whether the API reports that the object does not exist, or that the caller may not see it. A web page
    /// with status 404 comes from elsewhere, and does not count.
    pub fn is_not_found(&self) -> bool {
        matches!(self.cause(), Some(Cause::Status { status: 404, message }) if *message != ServerMessage::Html)
    }

    /// Adds what the operation was waiting for when the deadline passed, unless the error already has it.
    #[must_use]
    pub fn awaiting(mut self, what: &str) -> Self {
        if let Self::DeadlinePassed(error) = &mut self {
            error.awaited.get_or_insert_with(|| what.to_owned());
        }
        self
    }

    /// Returns the last failed attempt, even if another event ended the call.
    pub fn last_failure(&self) -> Option<&CallError> {
        match self {
            Self::Call(error) => Some(error),
            Self::Cancelled { last, .. } => last.as_deref(),
            Self::DeadlinePassed(error) => error.last.as_deref(),
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

    /// Adds the failed attempt that came before this error. The server may have processed that attempt.
    pub(super) fn following(mut self, earlier: Option<CallError>) -> Self {
        let Some(earlier) = earlier else { return self };
        match &mut self {
            Self::Call(error) => error.may_have_happened |= earlier.may_have_happened,
            Self::Cancelled { last, .. } => *last = Some(Box::new(earlier)),
            Self::DeadlinePassed(error) => error.last = Some(Box::new(earlier)),
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

/// Returns `None` if the object does not exist.
pub(crate) fn none_if_not_found<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Err(error) if error.is_not_found() => Ok(None),
        result => result.map(Some),
    }
}

/// Returns `None` if the object does not exist or if the tenant does not have the operation.
pub(crate) fn none_if_unavailable<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        // A web page counts too, because an unknown path may lead to the web application.
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
    fn messages_name_the_request_and_the_cause() {
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
                "no complete response within 30s (after 3 attempts in 1.2 s)",
            ),
            (
                Cause::Unexpected {
                    object: "a connector",
                },
                1,
                "the response does not contain a connector",
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
    fn a_cancellation_keeps_the_failed_attempt() {
        let error = Error::interrupted(Interruption::Cancelled(Purpose::Read))
            .following(failed(forbidden(), 1));
        assert!(error.is_cancelled() && error.is_ambiguous() && error.status().is_none());
        let text = error.to_string();
        assert!(
            text.starts_with("canceled before another attempt at GET https://acme"),
            "{text}"
        );
    }

    #[test]
    fn a_web_page_is_not_a_missing_object() {
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
