//! The client. Each area of the API adds its calls to it.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::de::{DeserializeOwned, IgnoredAny};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;

use super::call::ApiResponse;
use super::call_context::{CallContext, Purpose, TimeLimit};
use super::cause::Cause;
use super::error::Error;
use super::exchange::Exchange;
use super::notices::Notice;
use super::request::{Effect, Request};
use super::response_body::{Decoded, Decoder, decoder};
use super::settings::ClientSettings;
use super::tasks::join;
use super::token::{IssuedToken, Token, TokenSource};
use super::transport::Transport;

/// A client for one tenant. Its clones share the connections, the access token and the limit of concurrent requests.
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
    context: CallContext,
}

#[derive(Debug)]
struct Shared {
    transport: Transport,
    tokens: TokenSource,
}

impl Client {
    /// Creates a client without making a request. The first call gets the access token.
    ///
    /// Fails if the HTTP client cannot be built, or if an HTTP header cannot contain the access token.
    pub fn new(settings: ClientSettings) -> Result<Self, Error> {
        let transport = Transport::new(&settings)?;
        let tokens = TokenSource::new(settings.credentials, settings.base_url.host())
            .map_err(Error::Unsendable)?;
        Ok(Self {
            shared: Arc::new(Shared { transport, tokens }),
            context: CallContext::default(),
        })
    }

    /// Returns a client whose calls stop waiting when they are canceled or when the deadline passes.
    ///
    /// A request in flight always runs to its end, so that its outcome is known. A call can therefore outlive its
    /// deadline by one request timeout.
    pub fn within(&self, cancellation: CancellationToken, deadline: Instant) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            context: CallContext {
                cancellation,
                deadline: Some(deadline),
                purpose: self.context.purpose,
                limit: None,
            },
        }
    }

    /// Returns a client for an operation with this purpose.
    pub fn meant_for(mut self, purpose: Purpose) -> Self {
        self.context.purpose = purpose;
        self
    }

    /// Returns a client whose errors name the setting that its deadline comes from.
    #[must_use]
    pub fn limited_by(mut self, limit: TimeLimit) -> Self {
        self.context.limit = Some(limit);
        self
    }

    /// Waits for `event`, which must be safe to drop. `awaited` describes the event, as in [`DeadlineError::awaited`].
    ///
    /// [`DeadlineError::awaited`]: super::DeadlineError::awaited
    pub async fn wait_for<F: Future>(&self, awaited: &str, event: F) -> Result<F::Output, Error> {
        let interrupted = |interruption| Error::interrupted(interruption).awaiting(awaited);
        self.context.wait(event).await.map_err(interrupted)
    }

    /// Gets an access token unless there is one already. Only a call shows whether the API accepts a configured token.
    pub async fn sign_in(&self) -> Result<(), Error> {
        self.access_token(Duration::MAX).await.map(drop)
    }

    /// Returns the notices for the user since the last call of this method.
    pub fn take_notices(&self) -> Vec<Notice> {
        self.shared.transport.take_notices()
    }

    /// Sleeps between two polls. Fails early with [`Error::Cancelled`] or [`Error::DeadlinePassed`].
    pub async fn pause(&self, duration: Duration) -> Result<(), Error> {
        self.context
            .sleep(duration)
            .await
            .map_err(Error::interrupted)
    }

    /// Returns the time of the server's clock, or of this machine's clock before the first response. Compare this time
    /// with times that ConductorOne reports.
    pub fn server_time(&self) -> Timestamp {
        self.shared.transport.clock().at(Timestamp::now())
    }

    /// Returns how long calls may still wait, or `None` if they have no limit.
    pub fn time_left(&self) -> Option<Duration> {
        self.context.time_left()
    }

    /// Returns an access token that was issued less than `max_age` ago: `POST /auth/v1/token` if there is none. A
    /// configured token has any age.
    ///
    /// The request runs in its own task, as in [`Self::send_and_decode`].
    pub async fn access_token(&self, max_age: Duration) -> Result<IssuedToken, Error> {
        let (shared, context) = (Arc::clone(&self.shared), self.context.clone());
        let issue = async move {
            let Shared { transport, tokens } = &*shared;
            tokens.issue(transport, &context, max_age).await
        };
        let task = tokio::spawn(issue.in_current_span());
        join(AbortOnDropHandle::new(task).await).await
    }

    /// Sends a request and takes `object` out of its response with `pick`.
    pub(crate) async fn call<T: DeserializeOwned + 'static, R: Send + 'static>(
        &self,
        request: &Request,
        object: &'static str,
        pick: impl FnOnce(T) -> Option<R> + Send + 'static,
    ) -> Result<R, Error> {
        let pick = move |response| pick(response).ok_or(Cause::Unexpected { object });
        let (picked, _) = self.send(request, object, pick).await?;
        Ok(picked)
    }

    /// Sends a request and takes `object` out of its response with `pick`, which can fail. Also returns the response.
    pub(crate) async fn send<T: DeserializeOwned + 'static, R: Send + 'static>(
        &self,
        request: &Request,
        object: &'static str,
        pick: impl FnOnce(T) -> Result<R, Cause> + Send + 'static,
    ) -> Result<(R, ApiResponse), Error> {
        let decoder = decoder(object, pick);
        let (value, mut response) = self.send_and_decode(request, decoder).await?;
        Ok((response.object(value, object)?, response))
    }

    /// Sends a request and decodes its response.
    ///
    /// The request runs in its own task, so that it releases its permits, its connection and the lock on the token
    /// even if nobody polls this call. A stream, for example, polls only some of its futures. Dropping the call ends a
    /// read, but not a write.
    async fn send_and_decode(
        &self,
        request: &Request,
        decoder: Decoder,
    ) -> Result<(Decoded, ApiResponse), Error> {
        let (shared, context) = (Arc::clone(&self.shared), self.context.clone());
        let (effect, request) = (request.effect, request.clone());
        let exchange = async move {
            let mut response = shared.exchange(&request, &context).await?;
            Ok((response.decode(decoder).await?, response))
        };
        let task = tokio::spawn(exchange.in_current_span());
        join(match effect {
            Effect::ReadOnly => AbortOnDropHandle::new(task).await,
            Effect::Idempotent | Effect::NonIdempotent => task.await,
        })
        .await
    }

    /// Sends a request and ignores the content of a successful response.
    pub(crate) async fn run(&self, request: &Request) -> Result<(), Error> {
        self.call(request, "an object", |_: IgnoredAny| Some(()))
            .await
    }

    /// Sends a request that deletes something. Succeeds if the object does not exist.
    pub(crate) async fn remove(&self, request: &Request) -> Result<(), Error> {
        match self.run(request).await {
            Err(error) if error.is_not_found() => Ok(()),
            result => result,
        }
    }
}

impl Shared {
    /// Sends a request with an access token. If the server refuses the token, sends the request once more with a new one.
    async fn exchange(
        &self,
        request: &Request,
        context: &CallContext,
    ) -> Result<ApiResponse, Error> {
        let Self { transport, tokens } = self;
        let mut exchange = Exchange::new(transport, request, context);
        let mut refused = None;
        loop {
            let is_other = |token: &Arc<Token>| {
                refused
                    .as_ref()
                    .is_none_or(|refused| !Arc::ptr_eq(token, refused))
            };
            let token = tokens.token(transport, context, &is_other);
            let token = match exchange.wait_for("for an access token", token).await {
                Ok(token) => token,
                Err(error) => return Err(exchange.stopped(error)),
            };
            match exchange.attempt(Some(&token.header)).await? {
                Ok(body) => return Ok(exchange.into_response(body)),
                Err(failure)
                    if failure.cause.status() == Some(401)
                        && refused.is_none()
                        && tokens.is_renewable() =>
                {
                    exchange.record(failure);
                    refused = Some(token);
                }
                Err(failure) => exchange.wait_to_retry(failure).await?,
            }
        }
    }
}
