//! The gRPC server. It accepts connections, with TLS if Terraform asked for it.

use std::time::Duration;

use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::service::Routes;

use super::listener::{Connection, Listener};
use super::tls_handshakes::{Eviction, TlsHandshakes};

/// A client that connects and sends nothing must not keep its task forever.
const TLS_HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// How long the server waits for open connections, so that the answer to Shutdown is sent. Terraform kills the process
/// after two seconds.
const SHUTDOWN_GRACE_PERIOD: Duration = Duration::from_millis(500);

/// Serves gRPC on any number of connections at the same time.
pub(super) struct Server {
    routes: Routes,
    tls: Option<TlsAcceptor>,
    connections: watch::Sender<usize>,
}

impl Server {
    pub(super) fn new(routes: Routes, tls: Option<TlsAcceptor>) -> Self {
        Self {
            routes,
            tls,
            connections: watch::Sender::new(0),
        }
    }

    /// Returns the number of connected clients that have finished their TLS handshake.
    pub(super) fn connections(&self) -> watch::Receiver<usize> {
        self.connections.subscribe()
    }

    /// Serves until `stop` is cancelled. A failed connection does not stop the server. The server does not wait for calls
    /// that are still running.
    pub(super) async fn serve(self, listener: Listener, stop: CancellationToken) {
        let tasks = TaskTracker::new();
        let mut handshakes = TlsHandshakes::default();
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = stop.cancelled() => break,
            };
            match accepted {
                Ok(stream) => {
                    tasks.spawn(self.connection(stream, handshakes.begin(), stop.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "failed to accept a connection");
                    // The process is most likely out of file descriptors, so a connection has to end before the next attempt.
                    handshakes.drop_oldest();
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        drop(listener);
        tasks.close();
        // Terraform keeps some streams open, so the wait needs a limit.
        let _ = tokio::time::timeout(SHUTDOWN_GRACE_PERIOD, tasks.wait()).await;
    }

    fn connection(
        &self,
        stream: Box<dyn Connection>,
        eviction: Eviction,
        stop: CancellationToken,
    ) -> impl Future<Output = ()> + use<> {
        let (routes, tls) = (self.routes.clone(), self.tls.clone());
        let connections = self.connections.clone();
        async move {
            let stream = match tls {
                Some(tls) => match authenticate(&tls, stream, eviction).await {
                    Some(stream) => stream,
                    None => return,
                },
                None => stream,
            };
            connections.send_modify(|count| *count += 1);
            serve_connection(stream, routes, stop).await;
            connections.send_modify(|count| *count -= 1);
        }
    }
}

async fn authenticate(
    tls: &TlsAcceptor,
    stream: Box<dyn Connection>,
    eviction: Eviction,
) -> Option<Box<dyn Connection>> {
    let handshake = tokio::time::timeout(TLS_HANDSHAKE_LIMIT, tls.accept(stream));
    let handshake = tokio::select! {
        handshake = handshake => handshake,
        () = eviction.wait() => {
            tracing::warn!("too many TLS handshakes in progress: dropped the oldest one");
            return None;
        }
    };
    match handshake {
        Ok(Ok(stream)) => Some(Box::new(stream)),
        Ok(Err(error)) => {
            tracing::warn!(%error, "a client failed the TLS handshake");
            None
        }
        Err(_) => {
            tracing::warn!("a client did not finish its TLS handshake in time");
            None
        }
    }
}

async fn serve_connection(stream: Box<dyn Connection>, routes: Routes, stop: CancellationToken) {
    let connection = http2::Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes));
    let mut connection = std::pin::pin!(connection);
    let served = tokio::select! {
        served = &mut connection => served,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended with an error");
    }
}
