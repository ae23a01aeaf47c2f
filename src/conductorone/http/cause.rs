//! Why a request failed, and what that means for repeating it.

use std::error::Error as StdError;
use std::io;
use std::iter::successors;
use std::time::Duration;

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};

use super::dns::DnsFailure;
use super::peer_text::PeerText;
use super::proxy::Proxy;
use super::server_message::ServerMessage;
use super::settings::Timeouts;

/// Why a request failed. Whatever text of the other side it holds is a [`PeerText`].
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The request could not be put together, for example because a token holds a line break.
    #[error("the request cannot be sent: {0}")]
    Unsendable(String),
    /// The host name has no address.
    #[error("{0}")]
    Dns(PeerText),
    /// Nothing listens at the address.
    #[error("connection refused: {0}")]
    Refused(PeerText),
    /// No connection for another reason: no route, a connection closed during the handshake.
    #[error("no connection: {0}")]
    Unreachable(PeerText),
    /// No connection within this time.
    #[error("no connection within {0:?}")]
    ConnectTimeout(Duration),
    /// The proxy opened no connection to the host.
    #[error("no connection through the proxy {proxy}: {problem}")]
    Proxy {
        /// The proxy, without user name and password.
        proxy: String,
        /// The environment variable that names it.
        variable: &'static str,
        /// What is at fault.
        fault: ProxyFault,
        /// What happened.
        problem: PeerText,
    },
    /// The server's certificate or its TLS is not acceptable, for example because its issuer is unknown.
    #[error("no trusted TLS connection: {0}")]
    Tls(PeerText),
    /// The request was sent, and no complete answer came within this time.
    #[error("no complete answer within {0:?}")]
    Timeout(Duration),
    /// The connection broke after the request was sent.
    #[error("the connection was lost before the answer was complete: {0}")]
    ConnectionLost(PeerText),
    /// The server answered with an error status.
    #[error("HTTP {}{message}", status_line(*.status))]
    Status {
        /// The HTTP status.
        status: u16,
        /// What the server said.
        message: ServerMessage,
    },
    /// The server sent the client elsewhere. Redirects are never followed: they change the meaning of a path.
    #[error(
        "HTTP {}: redirected{}, which the API never does; is this the tenant's own host?",
        status_line(*.status), towards(.host.as_ref())
    )]
    Redirect {
        /// The HTTP status.
        status: u16,
        /// The host it points to, if that is another one.
        host: Option<PeerText>,
    },
    /// Success, but the content is not JSON: the request reached something else than the API.
    #[error(
        "the answer is {}, not JSON; the request did not reach the API",
        if *.html { "an HTML page" } else { "not readable" }
    )]
    NotJson {
        /// Whether it is an HTML page, such as the web application or a proxy sends.
        html: bool,
    },
    /// The answer holds more than any that the API gives.
    #[error("the answer holds more than {limit} {what}")]
    TooLarge {
        /// The greatest number.
        limit: usize,
        /// What there are so many of, such as `bytes` or `rows in one page`.
        what: &'static str,
    },
    /// Success and JSON, but without the object that was asked for.
    #[error("the answer does not hold {object}")]
    Unexpected {
        /// The object that was expected.
        object: &'static str,
    },
    /// The token endpoint does not accept the credentials.
    #[error("the credentials were refused: HTTP {}{message}", status_line(*.status))]
    CredentialsRefused {
        /// The HTTP status.
        status: u16,
        /// What the server said.
        message: ServerMessage,
        /// How far the server's clock is ahead of this machine's, where that may be the reason.
        ahead: Option<SignedDuration>,
    },
    /// The OIDC token that was to be exchanged has expired.
    #[error("the OIDC token expired at {0:.0}; get a new one, in HCP Terraform by a new run")]
    OidcTokenExpired(Timestamp),
    /// The token endpoint issued a token that is no bearer token. With `DPoP` every call would need a proof.
    #[error(
        "the token issued is of type {0:?}, not Bearer; use a credential that does not require DPoP"
    )]
    TokenType(PeerText),
    /// The token endpoint answered with success but without a token.
    #[error("the token endpoint answered without an access token")]
    EmptyToken,
}

/// What is at fault where a proxy opens no connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProxyFault {
    /// The proxy wants a user name and a password, or does not accept those that it got.
    Credentials,
    /// The proxy's name has no address.
    Name,
    /// The proxy cannot be reached, or cannot reach the host.
    Connection,
}

/// How the HTTP library says that a proxy does not accept the credentials. It has no types for that.
const PROXY_REFUSALS: [&str; 3] = [
    "tunnel error: proxy authorization required",
    "SOCKS error: credentials not accepted",
    "SOCKS error: server does not support user/pass authentication",
];

/// What a failure says about the request: whether it was acted on, and whether another attempt can help.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum FailureClass {
    /// Not acted on. Another attempt may do better, whatever the request.
    NotProcessed,
    /// It may have been acted on. Another attempt may do better.
    Ambiguous,
    /// It may have been acted on. Another attempt would end the same way.
    AmbiguousFinal,
    /// Not acted on, and it never will be.
    Final,
}

impl Cause {
    /// The one table behind retries and [`Error::is_ambiguous`](super::Error::is_ambiguous).
    pub(super) fn class(&self) -> FailureClass {
        match self {
            Self::Dns(_)
            | Self::Refused(_)
            | Self::Unreachable(_)
            | Self::ConnectTimeout(_)
            | Self::Proxy {
                fault: ProxyFault::Name | ProxyFault::Connection,
                ..
            }
            | Self::Status { status: 429, .. } => FailureClass::NotProcessed,
            Self::Timeout(_)
            | Self::ConnectionLost(_)
            | Self::Status {
                status: 500 | 502..=504,
                ..
            } => FailureClass::Ambiguous,
            // A gateway answers 408 and 499 when it stopped listening, not when the service stopped working.
            Self::Status {
                status: 408 | 499 | 505..,
                ..
            }
            | Self::NotJson { .. }
            | Self::TooLarge { .. }
            | Self::Unexpected { .. } => FailureClass::AmbiguousFinal,
            Self::Unsendable(_)
            | Self::Tls(_)
            | Self::Proxy {
                fault: ProxyFault::Credentials,
                ..
            }
            | Self::Status { .. }
            | Self::Redirect { .. }
            | Self::CredentialsRefused { .. }
            | Self::OidcTokenExpired(_)
            | Self::TokenType(_)
            | Self::EmptyToken => FailureClass::Final,
        }
    }

    /// The HTTP status, where one came that is not success.
    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. }
            | Self::Redirect { status, .. }
            | Self::CredentialsRefused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// The host, or the proxy before it, cannot be reached.
    pub(super) fn is_network(&self) -> bool {
        matches!(
            self,
            Self::Dns(_)
                | Self::Refused(_)
                | Self::Unreachable(_)
                | Self::ConnectTimeout(_)
                | Self::Proxy { .. }
                | Self::Tls(_)
        )
    }

    /// The same where connections go through `proxy`: what cannot be found or reached is the proxy then.
    pub(super) fn through_proxy(self, proxy: Option<&Proxy>) -> Self {
        let Some(proxy) = proxy else { return self };
        let fault = match &self {
            Self::Unreachable(text) if PROXY_REFUSALS.contains(&&**text) => ProxyFault::Credentials,
            Self::Dns(_) => ProxyFault::Name,
            Self::Refused(_) | Self::Unreachable(_) | Self::ConnectTimeout(_) => {
                ProxyFault::Connection
            }
            _ => return self,
        };
        Self::Proxy {
            proxy: proxy.to_string(),
            variable: proxy.variable(),
            fault,
            problem: match self {
                Self::Unreachable(problem) => problem,
                other => other.to_string().into(),
            },
        }
    }

    /// Sorts a failure of the HTTP client. `timeouts` are those of the attempt.
    pub(super) fn from_client_error(error: &reqwest::Error, timeouts: Timeouts) -> Self {
        if error.is_builder() {
            return Self::Unsendable(root_cause(error));
        }
        if !error.is_connect() {
            return if error.is_timeout() {
                Self::Timeout(timeouts.attempt)
            } else {
                Self::ConnectionLost(root_cause(error).into())
            };
        }
        if let Some(dns) = chain(error).find_map(|e| e.downcast_ref::<DnsFailure>()) {
            return Self::Dns(dns.to_string().into());
        }
        if let Some(tls) = chain(error).find_map(|e| e.downcast_ref::<rustls::Error>()) {
            return Self::Tls(tls.to_string().into());
        }
        if error.is_timeout() {
            return Self::ConnectTimeout(timeouts.connect);
        }
        let refused = |e: &io::Error| e.kind() == io::ErrorKind::ConnectionRefused;
        if chain(error).filter_map(|e| e.downcast_ref()).any(refused) {
            Self::Refused(root_cause(error).into())
        } else {
            Self::Unreachable(root_cause(error).into())
        }
    }
}

/// An error and everything that led to it.
///
/// [`io::Error::source`] skips the error it wraps, and that is where rustls puts its own.
fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    successors(Some(error), |&error| {
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}

/// The text of the first cause. The outer ones repeat the URL, query included.
pub(super) fn root_cause(error: &reqwest::Error) -> String {
    chain(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn status_line(status: u16) -> String {
    let reason = StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason());
    reason.map_or_else(|| status.to_string(), |reason| format!("{status} {reason}"))
}

fn towards(host: Option<&PeerText>) -> String {
    host.map(|host| format!(" to {host}")).unwrap_or_default()
}
