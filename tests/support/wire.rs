//! The messages and clients of `proto/`, and the clients' HTTP/2 channel.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tonic::body::Body;
use tower::Service;

mod generated {
    #![allow(
        dead_code,
        deprecated,
        missing_debug_implementations,
        unreachable_pub,
        unused_qualifications,
        clippy::allow_attributes,
        clippy::pedantic,
        reason = "generated; proto/ describes it"
    )]

    pub(crate) mod tfplugin6 {
        tonic::include_proto!("tfplugin6");
    }
    pub(crate) mod goplugin {
        tonic::include_proto!("plugin");
    }
    pub(crate) mod health {
        tonic::include_proto!("grpc.health.v1");
    }
}

pub(crate) use generated::{goplugin, health, tfplugin6};

/// A byte stream to the plugin.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for S {}

/// One HTTP/2 connection, shared by its clones.
#[derive(Clone, Debug)]
pub(crate) struct Channel(SendRequest<Body>);

impl Channel {
    /// Uses HTTP/2 over `stream` in the background while a clone exists.
    pub(crate) async fn over(stream: impl Stream) -> io::Result<Self> {
        let (sender, connection) = http2::Builder::new(TokioExecutor::new())
            .handshake(TokioIo::new(stream))
            .await
            .map_err(io::Error::other)?;
        // Calls over the connection report how it ended.
        tokio::spawn(connection);
        Ok(Self(sender))
    }
}

impl Service<Request<Body>> for Channel {
    type Response = Response<Incoming>;
    type Error = hyper::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let path = request.uri().path().to_owned();
        // Generated clients set only the path, but HTTP/2 requires the other parts.
        *request.uri_mut() = format!("http://localhost{path}")
            .parse()
            .expect("a valid URI");
        Box::pin(self.0.send_request(request))
    }
}
