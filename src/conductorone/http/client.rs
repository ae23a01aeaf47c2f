//! The client that the areas of the API add their calls to.

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
use super::settings::ClientSettings;
use super::tasks::join;
use super::token::TokenSource;
use super::transport::Transport;

/// A client for one tenant. Clones share connections, the access token and the limit on concurrent requests.
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
    /// Makes a client, and no request: the access token is fetched by the first call.
    ///
    /// Fails if the HTTP client cannot be built, or if a given access token can't be sent in a header.
    pub fn new(settings: ClientSettings) -> Result<Self, Error> {
        let transport = Transport::new(&settings)?;
        let tokens = TokenSource::new(settings.credentials, settings.base_url.host())
            .map_err(Error::Unsendable)?;
        Ok(Self {
            shared: Arc::new(Shared { transport, tokens }),
            context: CallContext::default(),
        })
    }

    /// The same client, whose calls end their waits when cancelled or when the deadline has passed.
    ///
    /// A request in flight is not cut off: it is let finish or time out, so that its outcome is known. A call can thus
    /// outlive its deadline by one request timeout.
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

    /// The same client, for an operation of this purpose.
    pub fn meant_for(mut self, purpose: Purpose) -> Self {
        self.context.purpose = purpose;
        self
    }

    /// The same client, whose errors name the limit that its deadline comes from.
    #[must_use]
    pub fn limited_by(mut self, limit: TimeLimit) -> Self {
        self.context.limit = Some(limit);
        self
    }

    /// Waits for `event`, which must do no harm when dropped. `awaited` says what for, as in [`DeadlineError::awaited`].
    ///
    /// [`DeadlineError::awaited`]: super::DeadlineError::awaited
    pub async fn wait_for<F: Future>(&self, awaited: &str, event: F) -> Result<F::Output, Error> {
        let stopped = |stop| Error::interrupted(stop).awaiting(awaited);
        self.context.wait(event).await.map_err(stopped)
    }

    /// What the user should know although nothing failed. Each notice is handed over once.
    pub fn take_notices(&self) -> Vec<Notice> {
        self.shared.transport.notices()
    }

    /// Waits, for callers that poll. Ends early with [`Error::Cancelled`] or [`Error::DeadlinePassed`].
    pub async fn pause(&self, duration: Duration) -> Result<(), Error> {
        self.context
            .sleep(duration)
            .await
            .map_err(Error::interrupted)
    }

    /// The time by the server's clock, if an answer has given it; otherwise by this machine's. Compare it with times
    /// that ConductorOne reports.
    pub fn server_time(&self) -> Timestamp {
        self.shared.transport.clock().at(Timestamp::now())
    }

    /// How long calls may go on waiting; none: for ever.
    pub fn time_left(&self) -> Option<Duration> {
        self.context.time_left()
    }

    /// Sends a request and takes `object` out of its answer.
    pub(crate) async fn call<T: DeserializeOwned + 'static, R: Send + 'static>(
        &self,
        request: &Request,
        object: &'static str,
        pick: impl FnOnce(T) -> Option<R> + Send + 'static,
    ) -> Result<R, Error> {
        let pick = move |answer| pick(answer).ok_or(Cause::Unexpected { object });
        let (picked, _) = self.send(request, object, pick).await?;
        Ok(picked)
    }

    /// The same where `pick` says what is wrong with the answer. Also gives the answer that was read.
    ///
    /// A task of its own does that, so that its permits, its connection and the lock on the token come free although nobody
    /// polls this call: of several futures, a stream polls only those that it has room for. A read ends with the call, a
    /// write that has begun does not.
    pub(crate) async fn send<T: DeserializeOwned + 'static, R: Send + 'static>(
        &self,
        request: &Request,
        object: &'static str,
        pick: impl FnOnce(T) -> Result<R, Cause> + Send + 'static,
    ) -> Result<(R, ApiResponse), Error> {
        let (shared, context) = (Arc::clone(&self.shared), self.context.clone());
        let (effect, request) = (request.effect, request.clone());
        let exchange = async move {
            let mut answer = shared.exchange(&request, &context).await?;
            Ok((answer.read(object, pick).await?, answer))
        };
        let task = tokio::spawn(exchange.in_current_span());
        join(match effect {
            Effect::ReadOnly => AbortOnDropHandle::new(task).await,
            Effect::Idempotent | Effect::NonIdempotent => task.await,
        })
        .await
    }

    /// Sends a request whose answer says nothing but that it succeeded.
    pub(crate) async fn run(&self, request: &Request) -> Result<(), Error> {
        self.call(request, "an object", |_: IgnoredAny| Some(()))
            .await
    }

    /// Sends a request that removes something. It succeeds if there is nothing to remove any more.
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
            let token = tokens.token(transport, context, refused.as_ref());
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
