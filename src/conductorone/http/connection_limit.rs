//! No more connections than requests that may be in flight.
//!
//! A request that finds no idle connection opens one at once, although one of those that are open is about to come free:
//! over HTTP/1.1 there would soon be more of them than `max_concurrent_requests`. Over HTTP/2 one serves all.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tower_layer::Layer;
use tower_service::Service;

/// How long a request waits for a connection to come free where all that there may be were opened. None coming free in
/// this time means that one was closed.
const PATIENCE: Duration = Duration::from_millis(500);

tokio::task_local! {
    /// Set while a request waits for its connection. The HTTP client goes on connecting in a task of its own when the
    /// request has got another connection in the meantime, and there this is not set.
    static WAITING: ();
}

/// Marks a request as one that waits for a connection.
pub(super) async fn waiting<T>(request: impl Future<Output = T>) -> T {
    WAITING.scope((), request).await
}

/// Keeps the HTTP client from opening more connections than this.
#[derive(Clone, Debug)]
pub(super) struct ConnectionLimit {
    connections: usize,
    opened: Arc<AtomicUsize>,
}

impl ConnectionLimit {
    pub(super) fn new(connections: usize) -> Self {
        Self {
            connections,
            opened: Arc::default(),
        }
    }

    /// Whether another connection may be opened at once.
    fn has_room(&self) -> bool {
        let taken = |opened: usize| (opened < self.connections).then_some(opened + 1);
        self.opened
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken)
            .is_ok()
    }
}

impl<S> Layer<S> for ConnectionLimit {
    type Service = LimitedConnector<S>;

    fn layer(&self, connector: S) -> LimitedConnector<S> {
        LimitedConnector {
            connector,
            limit: self.clone(),
        }
    }
}

/// A connector that opens no more connections than it may.
#[derive(Clone, Debug)]
pub(super) struct LimitedConnector<S> {
    connector: S,
    limit: ConnectionLimit,
}

type BoxError = Box<dyn Error + Send + Sync>;

impl<S, R> Service<R> for LimitedConnector<S>
where
    S: Service<R, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, destination: R) -> Self::Future {
        let connect = self.connector.call(destination);
        let limit = self.limit.clone();
        Box::pin(async move {
            if !limit.has_room() {
                tokio::time::sleep(PATIENCE).await;
                if WAITING.try_with(|()| ()).is_err() {
                    return Err("another connection came free".into());
                }
            }
            connect.await
        })
    }
}
