//! Accepts connections and serves gRPC on each, behind TLS where the host asked for it.

use std::time::Duration;

use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::service::Routes;

use super::handshakes::{Handshakes, Superseded};
use super::listener::{Listener, Stream};

/// A peer that connects and then says nothing must not keep its task for ever.
const TLS_HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// Time for the answer to Shutdown to leave. Terraform kills the process after two seconds.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Serves gRPC to any number of connections, one after another or at once.
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

    /// How many clients are connected, past their TLS handshake.
    pub(super) fn connections(&self) -> watch::Receiver<usize> {
        self.connections.subscribe()
    }

    /// Serves until `stop`. A connection that fails never stops the loop, and calls that still run are not waited for.
    pub(super) async fn serve(self, listener: Listener, stop: CancellationToken) {
        let tasks = TaskTracker::new();
        let mut handshakes = Handshakes::default();
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
                    tracing::warn!(%error, "a connection could not be accepted");
                    // Out of descriptors, most likely: let a connection end before the next attempt.
                    handshakes.drop_oldest();
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        drop(listener);
        tasks.close();
        // Streams that the host keeps open by design would hold an unlimited wait for ever.
        let _ = tokio::time::timeout(LAST_WORDS, tasks.wait()).await;
    }

    fn connection(
        &self,
        stream: Box<dyn Stream>,
        superseded: Superseded,
        stop: CancellationToken,
    ) -> impl Future<Output = ()> + use<> {
        let (routes, tls) = (self.routes.clone(), self.tls.clone());
        let connections = self.connections.clone();
        async move {
            let stream = match tls {
                Some(tls) => match authenticate(&tls, stream, superseded).await {
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
    stream: Box<dyn Stream>,
    superseded: Superseded,
) -> Option<Box<dyn Stream>> {
    let handshake = tokio::time::timeout(TLS_HANDSHAKE_LIMIT, tls.accept(stream));
    let handshake = tokio::select! {
        handshake = handshake => handshake,
        () = superseded.wait() => {
            tracing::warn!("a client that had not finished its TLS handshake made room for others");
            return None;
        }
    };
    match handshake {
        Ok(Ok(stream)) => Some(Box::new(stream)),
        Ok(Err(error)) => {
            tracing::warn!(%error, "a client was refused");
            None
        }
        Err(_) => {
            tracing::warn!("a client that never finished its TLS handshake was dropped");
            None
        }
    }
}

async fn serve_connection(stream: Box<dyn Stream>, routes: Routes, stop: CancellationToken) {
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
        tracing::debug!(%error, "a connection ended early");
    }
}
