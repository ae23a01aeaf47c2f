//! The helper services of a go-plugin process: controller, stdio, broker and health.

use std::pin::Pin;

use tokio_stream::Stream;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::{Request, Response, Status, Streaming};
use tonic_health::ServingStatus;

use super::proto::grpc_broker_server::{GrpcBroker, GrpcBrokerServer};
use super::proto::grpc_controller_server::{GrpcController, GrpcControllerServer};
use super::proto::grpc_stdio_server::{GrpcStdio, GrpcStdioServer};
use super::proto::{ConnInfo, Empty, StdioData};
use super::shutdown::ShutdownHook;

/// The service name that go-plugin uses in health checks.
const PLUGIN: &str = "plugin";

type MessageStream<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// Returns a stream that stays open and never sends a message.
fn silent_stream<T: Send + 'static>() -> Response<MessageStream<T>> {
    Response::new(Box::pin(tokio_stream::pending()))
}

/// Adds the helper services to `routes`. The Shutdown call awaits `shutdown_hook` and then cancels `stop`.
pub(super) async fn add_to(
    routes: Routes,
    stop: &CancellationToken,
    shutdown_hook: ShutdownHook,
) -> Routes {
    let stop = stop.clone();
    let (health, health_server) = tonic_health::server::health_reporter();
    health
        .set_service_status(PLUGIN, ServingStatus::Serving)
        .await;
    routes
        .add_service(GrpcControllerServer::new(Controller {
            stop,
            shutdown_hook,
        }))
        .add_service(GrpcStdioServer::new(Stdio))
        .add_service(GrpcBrokerServer::new(Broker))
        .add_service(health_server)
}

struct Controller {
    stop: CancellationToken,
    shutdown_hook: ShutdownHook,
}

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.shutdown_hook.clone().await;
        self.stop.cancel();
        Ok(Response::new(Empty {}))
    }
}

struct Stdio;

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    type StreamStdioStream = MessageStream<StdioData>;

    async fn stream_stdio(
        &self,
        _: Request<()>,
    ) -> Result<Response<Self::StreamStdioStream>, Status> {
        Ok(silent_stream())
    }
}

struct Broker;

#[tonic::async_trait]
impl GrpcBroker for Broker {
    type StartStreamStream = MessageStream<ConnInfo>;

    async fn start_stream(
        &self,
        _: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<Self::StartStreamStream>, Status> {
        Ok(silent_stream())
    }
}
