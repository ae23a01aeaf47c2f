//! Limits the number of connections to the number of concurrent requests.
//!
//! The HTTP client opens a connection as soon as a request finds none idle, even if another request is about to end.
//! With HTTP/1.1, it would soon have more connections than `max_concurrent_requests`. With HTTP/2, one connection
//! serves all requests.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tower_layer::Layer;
use tower_service::Service;

/// How long a request waits for an idle connection when the limit is reached. If none is idle by then, one has been
/// closed.
const MAX_WAIT_FOR_IDLE: Duration = Duration::from_millis(500);

tokio::task_local! {
    /// Set while a request waits for a connection. When the request gets another connection first, the HTTP client
    /// continues to connect in its own task, where this variable is not set.
    static WAITING: ();
}

/// Marks a request as waiting for a connection.
pub(super) async fn mark_as_waiting<T>(request: impl Future<Output = T>) -> T {
    WAITING.scope((), request).await
}

/// Limits the connections that the HTTP client opens.
#[derive(Clone, Debug)]
pub(super) struct ConnectionLimit {
    connections: u32,
    opened: Arc<AtomicU32>,
}

impl ConnectionLimit {
    pub(super) fn new(connections: u32) -> Self {
        Self {
            connections,
            opened: Arc::default(),
        }
    }

    /// Returns whether another connection may be opened at once, and counts it.
    fn has_room(&self) -> bool {
        let taken = |opened: u32| (opened < self.connections).then_some(opened + 1);
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

/// An HTTP connector with a connection limit.
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
                tokio::time::sleep(MAX_WAIT_FOR_IDLE).await;
                if WAITING.try_with(|()| ()).is_err() {
                    return Err("another connection became idle".into());
                }
            }
            connect.await
        })
    }
}
