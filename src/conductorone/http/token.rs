//! Access tokens. The first call gets a token, all calls share it, and it is renewed before it expires.

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
use super::clock::MIN_NOTABLE_OFFSET;
use super::credentials::Credentials;
use super::error::{CallError, Error};
use super::exchange::Exchange;
use super::grant::Grant;
use super::json_fields::{or_default, secret};
use super::notices::Notice;
use super::redact;
use super::request::Request;
use super::response_body::decoder;
use super::transport::Transport;

/// How long before its expiry a token is renewed. A short-lived token is renewed after nine tenths of its lifetime.
const RENEW_AHEAD: Duration = Duration::from_secs(30);

/// An access token for other programs.
#[derive(Debug)]
pub struct IssuedToken {
    /// The token.
    pub token: SecretString,
    /// When the token expires by this machine's clock, in whole seconds. `None` if the server did not say, or if the
    /// token was configured.
    pub expires_at: Option<Timestamp>,
    /// When the token should be renewed. `None` if the expiry is unknown.
    pub renew_at: Option<Timestamp>,
}

/// The source of access tokens.
#[derive(Debug)]
pub(super) enum TokenSource {
    /// A configured token.
    Fixed(Arc<Token>),
    /// The token endpoint.
    Endpoint(Endpoint),
}

/// The token endpoint, and the latest token that it issued.
#[derive(Debug)]
pub(super) struct Endpoint {
    grant: Arc<Grant>,
    /// Locked while a token is requested. Other calls wait for the lock and then use the result.
    latest: Mutex<Latest>,
    /// The number of completed requests for a token.
    fetches: AtomicU64,
    /// Whether assertions use the server's time, because the server rejected one with this machine's time.
    by_server_clock: AtomicBool,
}

#[derive(Debug, Default)]
struct Latest {
    token: Option<Arc<Token>>,
    /// The number and the error of the latest request that failed.
    failure: Option<(u64, Box<CallError>)>,
}

/// An access token, as the value of an `Authorization` header.
pub(super) struct Token {
    pub(super) header: HeaderValue,
    secret: SecretString,
    requested_at: Instant,
    lifetime: Option<Duration>,
}

/// Whether a caller can use a token that need not be renewed yet.
type IsUsable<'a> = dyn Fn(&Arc<Token>) -> bool + Send + Sync + 'a;

/// The response of `POST /auth/v1/token`.
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
    /// Creates a source. `audience` is the host of the API.
    pub(super) fn new(credentials: Credentials, audience: &str) -> Result<Self, Cause> {
        let grant = match credentials {
            Credentials::AccessToken(token) => {
                return Token::new(token, Instant::now(), None)
                    .map(Arc::new)
                    .map(Self::Fixed);
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

    /// Returns whether the source can issue a new token after the server refused one.
    pub(super) fn is_renewable(&self) -> bool {
        matches!(self, Self::Endpoint(_))
    }

    /// Returns a token that `is_usable`.
    pub(super) async fn token(
        &self,
        transport: &Transport,
        context: &CallContext,
        is_usable: &IsUsable<'_>,
    ) -> Result<Arc<Token>, Error> {
        match self {
            Self::Fixed(token) => Ok(Arc::clone(token)),
            Self::Endpoint(endpoint) => endpoint.token(transport, context, is_usable).await,
        }
    }

    /// Returns a token that was issued less than `max_age` ago.
    pub(super) async fn issue(
        &self,
        transport: &Transport,
        context: &CallContext,
        max_age: Duration,
    ) -> Result<IssuedToken, Error> {
        let is_young = |token: &Arc<Token>| token.requested_at.elapsed() < max_age;
        let token = self.token(transport, context, &is_young).await?;
        Ok(token.issued())
    }
}

impl Endpoint {
    async fn token(
        &self,
        transport: &Transport,
        context: &CallContext,
        is_usable: &IsUsable<'_>,
    ) -> Result<Arc<Token>, Error> {
        let fetches_before = self.fetches.load(Ordering::Acquire);
        let mut latest = context
            .wait(self.latest.lock())
            .await
            .map_err(|interruption| Error::interrupted(interruption).awaiting("an access token"))?;
        let usable = |token: &&Arc<Token>| token.is_fresh() && is_usable(token);
        if let Some(token) = latest.token.as_ref().filter(usable) {
            return Ok(Arc::clone(token));
        }
        // A request that failed while this call waited for it counts for this call too: with wrong credentials, a
        // hundred calls must not send a hundred requests.
        if let Some((_, error)) = latest
            .failure
            .as_ref()
            .filter(|(number, _)| *number > fetches_before)
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
            // This caller was canceled or ran out of time. Others may have more time.
            Err(_) => {}
        }
        fetched
    }

    /// Requests a token. If the server rejects the request and its clock differs from the time in the request, requests
    /// one more time with the server's time. This machine's clock may be wrong, or may have jumped since the latest
    /// response.
    async fn fetch(
        &self,
        transport: &Transport,
        context: &CallContext,
    ) -> Result<Arc<Token>, Error> {
        let by_server_clock = self.by_server_clock.load(Ordering::Acquire);
        let known = transport.clock().offset();
        let first = known.filter(|_| by_server_clock || !self.grant.is_dated());
        let rejection = match self.request_token(transport, context, first).await {
            Err(error) if is_rejection(&error) => error,
            outcome => return outcome,
        };
        let ahead = transport.clock().offset();
        let ahead = ahead.filter(|_| self.grant.is_dated());
        let is_notable = |offset: &SignedDuration| offset.abs() > MIN_NOTABLE_OFFSET;
        let possible_reason = ahead.filter(is_notable);
        let refused = |error| credentials_refused(error, &self.grant, transport, possible_reason);
        let jump = ahead.map(|ahead| ahead.saturating_sub(first.unwrap_or_default()));
        if jump.is_none_or(|jump| !is_notable(&jump)) {
            return Err(refused(rejection));
        }
        let outcome = self.request_token(transport, context, ahead).await;
        if outcome.is_ok() && !self.by_server_clock.swap(true, Ordering::AcqRel) {
            transport.add_notice(Notice::ClockOff(ahead.unwrap_or_default()));
        }
        outcome.map_err(refused)
    }

    /// Sends one request for a token. `ahead` is the offset of the server's clock, if its time applies.
    async fn request_token(
        &self,
        transport: &Transport,
        context: &CallContext,
        ahead: Option<SignedDuration>,
    ) -> Result<Arc<Token>, Error> {
        let requested_at = Instant::now();
        let request = Request::token(Arc::clone(&self.grant), ahead);
        let mut response = Exchange::new(transport, &request, context).run().await?;
        let object = "an access token";
        let decoder = decoder(object, Ok::<TokenResponse, _>);
        let value = response.decode(decoder).await?;
        let issued: TokenResponse = response.object(value, object)?;
        issued
            .into_token(requested_at)
            .map(Arc::new)
            .map_err(|cause| response.unusable(cause))
    }
}

impl Token {
    fn new(
        secret: SecretString,
        requested_at: Instant,
        lifetime: Option<Duration>,
    ) -> Result<Self, Cause> {
        let mut header = HeaderValue::try_from(format!("Bearer {}", secret.expose_secret()))
            .map_err(|_| {
                Cause::Unsendable(
                    "the access token contains characters that an HTTP header cannot contain"
                        .to_owned(),
                )
            })?;
        header.set_sensitive(true);
        redact::remember(secret.expose_secret());
        Ok(Self {
            header,
            secret,
            requested_at,
            lifetime,
        })
    }

    /// Returns whether the token need not be renewed yet.
    fn is_fresh(&self) -> bool {
        self.renew_after()
            .is_none_or(|age| self.requested_at.elapsed() < age)
    }

    /// Returns the age at which the token is renewed.
    fn renew_after(&self) -> Option<Duration> {
        let lifetime = self.lifetime?;
        Some(lifetime.saturating_sub(RENEW_AHEAD.min(lifetime / 10)))
    }

    fn issued(&self) -> IssuedToken {
        let now = Timestamp::now();
        let requested_at = now.checked_sub(self.requested_at.elapsed()).unwrap_or(now);
        let at = |age: Option<Duration>| requested_at.checked_add(age?).ok();
        let whole_seconds = |time: Timestamp| Timestamp::from_second(time.as_second()).ok();
        IssuedToken {
            token: self.secret.clone(),
            expires_at: at(self.lifetime).and_then(whole_seconds),
            renew_at: at(self.renew_after()),
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("requested_at", &self.requested_at)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

impl TokenResponse {
    /// Returns the token if it can be used. `requested_at` is when it was requested.
    fn into_token(self, requested_at: Instant) -> Result<Token, Cause> {
        if !self.token_type.is_empty() && !self.token_type.eq_ignore_ascii_case("bearer") {
            return Err(Cause::TokenType(self.token_type.into()));
        }
        let token = self.access_token.ok_or(Cause::EmptyToken)?;
        Token::new(token, requested_at, lifetime(&self.expires_in))
    }
}

/// Parses `expires_in`, in whole seconds. A token without a lifetime, or with zero, is used until the server refuses
/// it.
fn lifetime(expires_in: &Value) -> Option<Duration> {
    let seconds = expires_in
        .as_u64()
        .or_else(|| expires_in.as_str()?.parse().ok())?;
    (seconds > 0).then(|| Duration::from_secs(seconds))
}

/// Returns whether the token endpoint rejected the request.
fn is_rejection(error: &Error) -> bool {
    matches!(
        error.cause(),
        Some(Cause::Status {
            status: 400 | 401 | 403,
            ..
        })
    )
}

/// Converts a rejection by the token endpoint to an error about the credentials. `ahead` is the offset of the server's
/// clock, if it may be the reason.
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

    fn token(response: Value) -> Result<Option<Duration>, Cause> {
        let requested_at = Instant::now();
        let response: TokenResponse =
            serde_json::from_value(response).map_err(|_| Cause::Unexpected {
                object: "a token response",
            })?;
        response
            .into_token(requested_at)
            .map(|token| token.renew_after())
    }

    #[test]
    fn token_responses_are_converted() {
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
        for (response, expected) in cases {
            assert_eq!(
                token(response.clone()),
                expected.map(|life| life.map(Duration::from_secs)),
                "{response}"
            );
        }
        assert!(matches!(
            token(json!({"access_token": "a\nb"})),
            Err(Cause::Unsendable(_))
        ));
    }

    #[test]
    fn an_unusable_lifetime_is_ignored() {
        assert!(
            [json!(0), json!(-1), json!("soon"), json!(null)]
                .iter()
                .all(|value| lifetime(value).is_none())
        );
    }
}
