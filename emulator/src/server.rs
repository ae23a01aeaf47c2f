//! The listener: HTTP/1.1 and HTTP/2, plain or over TLS.

use std::convert::Infallible;
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
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::emulation::Emulation;
use crate::exchange::Connection;
use crate::observer::Observer;

/// Serves until `stop` is cancelled, then closes every connection.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    emulation: Arc<Emulation>,
    router: Router,
    observer: Option<Observer>,
    stop: CancellationToken,
) {
    let connections = TaskTracker::new();
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        // Ignores a connection that closed before it was accepted.
        let Ok((stream, _)) = accepted else { continue };
        let number = emulation.traffic().connections.opened();
        let connection = Connection {
            emulation: Arc::clone(&emulation),
            router: router.clone(),
            number,
            observer: observer.clone(),
            closing: stop.child_token(),
        };
        let (tls, emulation) = (tls.clone(), Arc::clone(&emulation));
        connections.spawn(async move {
            open(stream, tls, connection).await;
            emulation.traffic().connections.closed();
        });
    }
    connections.close();
    connections.wait().await;
}

async fn open(stream: TcpStream, tls: Option<TlsAcceptor>, connection: Connection) {
    let closing = connection.closing.clone();
    let answer = move |request| connection.clone().answer(request);
    converse(stream, tls, closing, answer).await;
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
