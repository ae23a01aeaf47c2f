//! Access tokens: fetched with the first call that needs one, shared by all calls, renewed before they expire.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use http::HeaderValue;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::call_context::CallContext;
use super::cause::Cause;
use super::clock::NOTABLE_OFFSET;
use super::credentials::Credentials;
use super::error::{CallError, Error};
use super::exchange::Exchange;
use super::grant::Grant;
use super::json_fields::{or_default, secret};
use super::notices::Notice;
use super::redact;
use super::request::Request;
use super::transport::Transport;

/// A token is renewed this long before it expires, or after nine tenths of its life if that is later.
const RENEW_AHEAD: Duration = Duration::from_secs(30);

/// Where tokens come from.
#[derive(Debug)]
pub(super) enum TokenSource {
    /// One that was given.
    Fixed(Arc<Token>),
    /// The token endpoint.
    Endpoint(Endpoint),
}

/// The token endpoint, and the token it issued last.
#[derive(Debug)]
pub(super) struct Endpoint {
    grant: Arc<Grant>,
    /// Held while a token is fetched: whoever waits for it finds the outcome.
    latest: Mutex<Latest>,
    /// How many fetches have ended.
    fetches: AtomicU64,
    /// Whether assertions are dated by the server's clock, because it refused one that was dated by this machine's.
    by_server_clock: AtomicBool,
}

#[derive(Debug, Default)]
struct Latest {
    token: Option<Arc<Token>>,
    /// The fetch that failed last, by its number, and why.
    failure: Option<(u64, Box<CallError>)>,
}

/// An access token, as the value of an `Authorization` header.
pub(super) struct Token {
    pub(super) header: HeaderValue,
    renew_at: Option<Instant>,
}

/// The answer of `POST /auth/v1/token`.
#[derive(Deserialize)]
struct TokenResponse {
    #[serde(default, deserialize_with = "secret")]
    access_token: Option<SecretString>,
    #[serde(default, deserialize_with = "or_default")]
    token_type: String,
    #[serde(default)]
    expires_in: Value,
}

impl TokenSource {
    /// `audience` is the host that is called.
    pub(super) fn new(credentials: Credentials, audience: &str) -> Result<Self, Cause> {
        let grant = match credentials {
            Credentials::AccessToken(token) => {
                return Token::new(&token, None).map(Arc::new).map(Self::Fixed);
            }
            Credentials::OidcToken { client_id, token } => Grant::Exchange { client_id, token },
            Credentials::ClientCredentials { client_id, secret } => Grant::Assertion {
                client_id,
                secret,
                audience: audience.to_owned(),
            },
        };
        let (latest, fetches) = (Mutex::default(), AtomicU64::new(0));
        Ok(Self::Endpoint(Endpoint {
            grant: Arc::new(grant),
            latest,
            fetches,
            by_server_clock: AtomicBool::default(),
        }))
    }

    /// Whether a new token can be had when the server refuses one.
    pub(super) fn is_renewable(&self) -> bool {
        matches!(self, Self::Endpoint(_))
    }

    /// A token other than `rejected`, which the server refused.
    pub(super) async fn token(
        &self,
        transport: &Transport,
        context: &CallContext,
        rejected: Option<&Arc<Token>>,
    ) -> Result<Arc<Token>, Error> {
        match self {
            Self::Fixed(token) => Ok(Arc::clone(token)),
            Self::Endpoint(endpoint) => endpoint.token(transport, context, rejected).await,
        }
    }
}

impl Endpoint {
    async fn token(
        &self,
        transport: &Transport,
        context: &CallContext,
        rejected: Option<&Arc<Token>>,
    ) -> Result<Arc<Token>, Error> {
        let began = self.fetches.load(Ordering::Acquire);
        let mut latest = context
            .wait(self.latest.lock())
            .await
            .map_err(|stop| Error::interrupted(stop).awaiting("an access token"))?;
        let usable = |token: &&Arc<Token>| {
            token.is_fresh() && rejected.is_none_or(|bad| !Arc::ptr_eq(token, bad))
        };
        if let Some(token) = latest.token.as_ref().filter(usable) {
            return Ok(Arc::clone(token));
        }
        // A fetch that failed while this call waited for it failed for this call too: with wrong credentials, a hundred
        // calls must not ask a hundred times.
        if let Some((_, error)) = latest
            .failure
            .as_ref()
            .filter(|(number, _)| *number > began)
        {
            return Err(Error::Call(error.clone()));
        }
        let fetched = self.fetch(transport, context).await;
        let number = self.fetches.fetch_add(1, Ordering::AcqRel) + 1;
        match &fetched {
            Ok(token) => {
                *latest = Latest {
                    token: Some(Arc::clone(token)),
                    failure: None,
                }
            }
            Err(Error::Call(error)) => latest.failure = Some((number, error.clone())),
            // This caller had no time to wait, others may have.
            Err(_) => {}
        }
        fetched
    }

    /// Asks for a token. Where the server refuses and its clock differs from this machine's, that may be why: the request
    /// is dated once more, by the server's clock.
    async fn fetch(
        &self,
        transport: &Transport,
        context: &CallContext,
    ) -> Result<Arc<Token>, Error> {
        let by_server_clock = self.by_server_clock.load(Ordering::Acquire);
        let known = transport.clock().offset();
        let first = known.filter(|_| by_server_clock || !self.grant.is_dated());
        let refused = match self.request_token(transport, context, first).await {
            Err(error) if is_refusal(&error) => error,
            outcome => return outcome,
        };
        let ahead = transport
            .clock()
            .offset()
            .filter(|ahead| self.grant.is_dated() && ahead.abs() > NOTABLE_OFFSET);
        if by_server_clock || ahead.is_none() {
            return Err(credentials_refused(refused, &self.grant, transport, ahead));
        }
        let outcome = self.request_token(transport, context, ahead).await;
        if outcome.is_ok() {
            self.by_server_clock.store(true, Ordering::Release);
            transport.notice(Notice::ClockOff(ahead.unwrap_or_default()));
        }
        outcome.map_err(|error| credentials_refused(error, &self.grant, transport, ahead))
    }

    /// Asks once. `ahead` is how far the server's clock is ahead, where its time counts.
    async fn request_token(
        &self,
        transport: &Transport,
        context: &CallContext,
        ahead: Option<SignedDuration>,
    ) -> Result<Arc<Token>, Error> {
        let asked = Instant::now();
        let request = Request::token(Arc::clone(&self.grant), ahead);
        let mut answer = Exchange::new(transport, &request, context).run().await?;
        let issued: TokenResponse = answer.read("an access token", Ok).await?;
        issued
            .into_token(asked)
            .map(Arc::new)
            .map_err(|cause| answer.unusable(cause))
    }
}

impl Token {
    fn new(secret: &SecretString, renew_at: Option<Instant>) -> Result<Self, Cause> {
        let mut header = HeaderValue::try_from(format!("Bearer {}", secret.expose_secret()))
            .map_err(|_| {
                Cause::Unsendable(
                    "the access token holds characters that no HTTP header may hold".to_owned(),
                )
            })?;
        header.set_sensitive(true);
        redact::remember(secret.expose_secret());
        Ok(Self { header, renew_at })
    }

    fn is_fresh(&self) -> bool {
        self.renew_at.is_none_or(|at| Instant::now() < at)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("renew_at", &self.renew_at)
            .finish_non_exhaustive()
    }
}

impl TokenResponse {
    /// The token, if it is one that can be used. `asked` is when it was asked for.
    fn into_token(self, asked: Instant) -> Result<Token, Cause> {
        if !self.token_type.is_empty() && !self.token_type.eq_ignore_ascii_case("bearer") {
            return Err(Cause::TokenType(self.token_type.into()));
        }
        let lifetime = lifetime(&self.expires_in);
        let renew_at = lifetime
            .and_then(|life| asked.checked_add(life.saturating_sub(RENEW_AHEAD.min(life / 10))));
        Token::new(&self.access_token.ok_or(Cause::EmptyToken)?, renew_at)
    }
}

/// Reads `expires_in`, whole seconds. Without one, or with zero, a token is used until it is refused.
fn lifetime(expires_in: &Value) -> Option<Duration> {
    let seconds = expires_in
        .as_u64()
        .or_else(|| expires_in.as_str()?.parse().ok())?;
    (seconds > 0).then(|| Duration::from_secs(seconds))
}

/// Whether the token endpoint does not accept what it was sent.
fn is_refusal(error: &Error) -> bool {
    matches!(
        error.cause(),
        Some(Cause::Status {
            status: 400 | 401 | 403,
            ..
        })
    )
}

/// Says of an answer of the token endpoint that it is about the credentials. `ahead` is how far the server's clock is
/// ahead, where that may be the reason.
fn credentials_refused(
    error: Error,
    grant: &Grant,
    transport: &Transport,
    ahead: Option<SignedDuration>,
) -> Error {
    let Error::Call(mut call) = error else {
        return error;
    };
    call.cause = match call.cause {
        Cause::Status {
            status: status @ (400 | 401 | 403),
            message,
        } => match grant.expired_before(transport.clock().at(Timestamp::now())) {
            Some(expiry) => Cause::OidcTokenExpired(expiry),
            None => Cause::CredentialsRefused {
                status,
                message,
                ahead,
            },
        },
        cause => cause,
    };
    Error::Call(call)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};
    use tokio::time::Instant;

    use super::super::cause::Cause;
    use super::{TokenResponse, lifetime};

    fn token(answer: Value) -> Result<Option<Duration>, Cause> {
        let asked = Instant::now();
        let answer: TokenResponse =
            serde_json::from_value(answer).map_err(|_| Cause::Unexpected {
                object: "a token answer",
            })?;
        answer
            .into_token(asked)
            .map(|token| token.renew_at.map(|at| at - asked))
    }

    #[test]
    fn answers_of_the_token_endpoint() {
        let cases = [
            (
                json!({"access_token": "t", "token_type": "Bearer", "expires_in": 3600}),
                Ok(Some(3570)),
            ),
            (
                json!({"access_token": "t", "token_type": "bearer", "expires_in": "100"}),
                Ok(Some(90)),
            ),
            (json!({"access_token": "t", "token_type": null}), Ok(None)),
            (
                json!({"access_token": "t", "token_type": "DPoP"}),
                Err(Cause::TokenType("DPoP".into())),
            ),
            (
                json!({"access_token": "", "token_type": "Bearer"}),
                Err(Cause::EmptyToken),
            ),
            (json!({}), Err(Cause::EmptyToken)),
        ];
        for (answer, expected) in cases {
            assert_eq!(
                token(answer.clone()),
                expected.map(|life| life.map(Duration::from_secs)),
                "{answer}"
            );
        }
        assert!(matches!(
            token(json!({"access_token": "a\nb"})),
            Err(Cause::Unsendable(_))
        ));
    }

    #[test]
    fn a_lifetime_that_is_none() {
        assert!(
            [json!(0), json!(-1), json!("soon"), json!(null)]
                .iter()
                .all(|value| lifetime(value).is_none())
        );
    }
}
