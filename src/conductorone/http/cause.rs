//! Why a request failed, and whether another attempt can help.

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

/// Why a request failed. Text that came from outside is always a [`PeerText`].
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The request cannot be built, for example because a token contains a line break.
    #[error("the request cannot be sent: {0}")]
    Unsendable(String),
    /// The host name has no address.
    #[error("{0}")]
    Dns(PeerText),
    /// Nothing listens at the address.
    #[error("connection refused: {0}")]
    Refused(PeerText),
    /// The connection failed for another reason: no route, or a connection that was closed during the handshake.
    #[error("cannot connect: {0}")]
    Unreachable(PeerText),
    /// There was no connection within this time.
    #[error("cannot connect within {0:?}")]
    ConnectTimeout(Duration),
    /// The proxy did not open a connection to the host.
    #[error("cannot connect through the proxy {proxy}: {problem}")]
    Proxy {
        /// The proxy's URL without user name and password.
        proxy: String,
        /// The environment variable that configures the proxy.
        variable: &'static str,
        /// The kind of fault.
        fault: ProxyFault,
        /// A description of the fault.
        problem: PeerText,
    },
    /// The server's certificate or its TLS is not acceptable, for example because the issuer is unknown.
    #[error("cannot establish a trusted TLS connection: {0}")]
    Tls(PeerText),
    /// The request was sent, but no complete response came within this time.
    #[error("no complete response within {0:?}")]
    Timeout(Duration),
    /// The connection was lost after the request was sent.
    #[error("the connection was lost before the response was complete: {0}")]
    ConnectionLost(PeerText),
    /// The server responded with an error status.
    #[error("HTTP {}{message}", status_line(*.status))]
    Status {
        /// The HTTP status.
        status: u16,
        /// The server's message.
        message: ServerMessage,
    },
    /// The server redirected the client. The client never follows redirects, because they change the meaning of a
    /// path.
    #[error(
        "HTTP {}: the server redirected the request{}, which the API never does; check that this is the tenant's own host",
        status_line(*.status), towards(.host.as_ref())
    )]
    Redirect {
        /// The HTTP status.
        status: u16,
        /// The host in the redirect, if it is another one.
        host: Option<PeerText>,
    },
    /// The status is a success, but the content is not JSON: the request did not reach the API.
    #[error(
        "the response is {}; the request did not reach the API",
        if *.html { "an HTML page instead of JSON" } else { "not valid JSON" }
    )]
    NotJson {
        /// Whether the content is an HTML page, such as one from the web application or a proxy.
        html: bool,
    },
    /// The response is larger than any that the API sends.
    #[error("the response contains more than {limit} {what}")]
    TooLarge {
        /// The limit.
        limit: usize,
        /// What the limit counts, such as `bytes` or `rows in one page`.
        what: &'static str,
    },
    /// The response is JSON, but does not contain the expected object.
    #[error("the response does not contain {object}")]
    Unexpected {
        /// The expected object.
        object: &'static str,
    },
    /// The token endpoint rejected the credentials.
    #[error("the credentials were refused: HTTP {}{message}", status_line(*.status))]
    CredentialsRefused {
        /// The HTTP status.
        status: u16,
        /// The server's message.
        message: ServerMessage,
        /// The offset of the server's clock from this machine's, if it may be the reason.
        ahead: Option<SignedDuration>,
    },
    /// The OIDC token to exchange has expired.
    #[error("the OIDC token expired at {0:.0}; get a new one (in HCP Terraform, start a new run)")]
    OidcTokenExpired(Timestamp),
    /// The token endpoint issued a token that is not a bearer token. A `DPoP` token would require a proof with each
    /// call.
    #[error(
        "the token endpoint issued a token of type {0:?}, not Bearer; use a credential that does not require DPoP"
    )]
    TokenType(PeerText),
    /// The token endpoint responded with a success status, but without a token.
    #[error("the token endpoint responded without an access token")]
    EmptyToken,
}

/// Why a proxy did not open a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProxyFault {
    /// The proxy requires a user name and a password, or rejected the configured ones.
    Credentials,
    /// The proxy's host name has no address.
    Name,
    /// The client cannot reach the proxy, or the proxy cannot reach the host.
    Connection,
}

/// The HTTP library's messages for rejected proxy credentials. The library has no error types for these cases.
const PROXY_REFUSALS: [&str; 3] = [
    "tunnel error: proxy authorization required",
    "SOCKS error: credentials not accepted",
    "SOCKS error: server does not support user/pass authentication",
];

/// Whether the server may have processed a failed request, and whether another attempt can help.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum FailureClass {
    /// The server did not process the request. Another attempt may succeed, whatever the request is.
    NotProcessed,
    /// The server may have processed the request. Another attempt may succeed.
    Ambiguous,
    /// The server may have processed the request. Another attempt would fail in the same way.
    AmbiguousFinal,
    /// The server did not process the request, and never will.
    Final,
}

impl Cause {
    /// Classifies the failure. Retries and [`Error::is_ambiguous`](super::Error::is_ambiguous) use this table alone.
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
            // A gateway responds with 408 or 499 when it stops waiting. The service may continue to work on the
            // request.
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

    /// Returns the HTTP status of an unsuccessful response.
    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. }
            | Self::Redirect { status, .. }
            | Self::CredentialsRefused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Returns whether the client cannot reach the host or the proxy.
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

    /// Attributes a failure to connect to the proxy, if there is one.
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

    /// Converts an error of the HTTP client. `timeouts` are those of the attempt.
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

/// Returns an error and its chain of causes.
///
/// [`io::Error::source`] skips the error that it wraps, which is where rustls puts its own.
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

/// Returns the message of the root cause. The outer messages repeat the URL with its query.
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

#[cfg(test)]
#[expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
mod tests {
    use std::time::Duration;

    use super::{Cause, PROXY_REFUSALS, Proxy, ProxyFault};

    fn through_proxy(cause: &Cause) -> Cause {
        let proxy = Proxy::parse("proxy.example:3128", "HTTPS_PROXY").expect("a proxy");
        cause.clone().through_proxy(Some(&proxy))
    }

    #[test]
    fn the_proxy_is_at_fault_if_there_is_no_connection() {
        let refusal = |text: &&str| (Cause::Unreachable((*text).into()), ProxyFault::Credentials);
        let cases = PROXY_REFUSALS.iter().map(refusal).chain([
            (Cause::Dns("no address".into()), ProxyFault::Name),
            (Cause::Refused("refused".into()), ProxyFault::Connection),
            (
                Cause::Unreachable("no route".into()),
                ProxyFault::Connection,
            ),
            (
                Cause::ConnectTimeout(Duration::ZERO),
                ProxyFault::Connection,
            ),
        ]);
        for (cause, expected) in cases {
            assert!(cause.is_network(), "{cause}");
            match through_proxy(&cause) {
                Cause::Proxy { fault, .. } => assert_eq!(fault, expected, "{cause}"),
                other => panic!("{cause} became {other}"),
            }
            assert_eq!(cause.clone().through_proxy(None), cause);
        }
    }

    #[test]
    fn other_failures_are_not_those_of_the_proxy() {
        let tls = Cause::Tls("unknown issuer".into());
        assert!(tls.is_network());
        assert_eq!(through_proxy(&tls), tls);
        let lost = Cause::ConnectionLost("reset".into());
        assert!(!lost.is_network());
        assert_eq!(through_proxy(&lost), lost);
    }
}
