//! The listener: HTTP/1.1 and HTTP/2, plain or over TLS.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::select;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::emulation::Emulation;
use crate::exchange::Connection;
use crate::observer::Observer;

/// How connections are served.
#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) emulation: Arc<Emulation>,
    pub(crate) router: Router,
    pub(crate) observer: Option<Observer>,
}

// The acceptor of TLS has no `Debug`.
impl fmt::Debug for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Service").finish_non_exhaustive()
    }
}

impl Service {
    /// Starts to serve.
    pub(crate) fn start(self, listener: TcpListener) -> Server {
        let stop = CancellationToken::new();
        let serving = tokio::spawn(self.serve(listener, stop.clone()));
        Server { stop, serving }
    }

    /// Serves until `stop` is cancelled, then closes every connection.
    async fn serve(self, listener: TcpListener, stop: CancellationToken) {
        let connections = TaskTracker::new();
        while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
            // Ignores a connection that closed before it was accepted.
            let Ok((stream, _)) = accepted else { continue };
            connections.spawn(self.clone().open(stream, stop.child_token()));
        }
        // A client that comes now is refused, as by a process that has ended.
        drop(listener);
        connections.close();
        connections.wait().await;
    }

    async fn open(self, stream: TcpStream, closing: CancellationToken) {
        let number = self.emulation.traffic().connections.opened();
        let connection = Connection {
            emulation: Arc::clone(&self.emulation),
            router: self.router,
            number,
            observer: self.observer,
            closing: closing.clone(),
        };
        let answer = move |request| connection.clone().answer(request);
        converse(stream, self.tls, closing, answer).await;
        self.emulation.traffic().connections.closed();
    }
}

/// A running server. It stops when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl Server {
    /// Closes the listener and every connection. Requests without an answer are carried out or not.
    pub(crate) async fn stop(mut self) {
        self.stop.cancel();
        // A panic in the server does not matter any more.
        let _ = (&mut self.serving).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Answers the requests of one connection until it closes or `closing` is cancelled.
pub(crate) async fn converse<A, F>(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    closing: CancellationToken,
    answer: A,
) where
    A: Fn(Request<Incoming>) -> F + Send + 'static,
    F: Future<Output = Result<Response, Infallible>> + Send + 'static,
{
    // Responses are small, so waiting for more data would only delay them.
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else {
        return drive(stream, closing, answer).await;
    };
    // Without a handshake, there is no client to respond to.
    if let Some(Ok(stream)) = closing.run_until_cancelled(tls.accept(stream)).await {
        drive(stream, closing, answer).await;
    }
}

async fn drive<A, F>(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    closing: CancellationToken,
    answer: A,
) where
    A: Fn(Request<Incoming>) -> F + Send + 'static,
    F: Future<Output = Result<Response, Infallible>> + Send + 'static,
{
    let service = service_fn(answer);
    let builder = auto::Builder::new(TokioExecutor::new());
    let serving = builder.serve_connection(TokioIo::new(stream), service);
    select! {
        () = closing.cancelled() => {}
        // The way a client disconnects does not matter.
        _ = serving => {}
    }
}
