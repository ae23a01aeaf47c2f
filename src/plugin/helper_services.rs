//! The helper services of a go-plugin process: controller, stdio, broker and health.

use std::pin::Pin;

use tokio_stream::Stream;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::{Request, Response, Status, Streaming};

use super::proto::goplugin::grpc_broker_server::{GrpcBroker, GrpcBrokerServer};
use super::proto::goplugin::grpc_controller_server::{GrpcController, GrpcControllerServer};
use super::proto::goplugin::grpc_stdio_server::{GrpcStdio, GrpcStdioServer};
use super::proto::goplugin::{ConnInfo, Empty, StdioData};
use super::proto::health::health_check_response::ServingStatus;
use super::proto::health::health_server::{Health, HealthServer};
use super::proto::health::{HealthCheckRequest, HealthCheckResponse};
use super::shutdown::ShutdownHook;

/// The service name that go-plugin uses in health checks.
const PLUGIN: &str = "plugin";

type MessageStream<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// Returns a stream that stays open and never sends a message.
fn silent_stream<T: Send + 'static>() -> Response<MessageStream<T>> {
    Response::new(Box::pin(tokio_stream::pending()))
}

/// Adds the helper services to `routes`. The Shutdown call awaits `shutdown_hook` and then cancels `stop`.
pub(super) fn add_to(
    routes: Routes,
    stop: &CancellationToken,
    shutdown_hook: ShutdownHook,
) -> Routes {
    let stop = stop.clone();
    routes
        .add_service(GrpcControllerServer::new(Controller {
            stop,
            shutdown_hook,
        }))
        .add_service(GrpcStdioServer::new(Stdio))
        .add_service(GrpcBrokerServer::new(Broker))
        .add_service(HealthServer::new(HealthCheck))
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

struct HealthCheck;

impl HealthCheck {
    fn status(service: &str) -> Option<ServingStatus> {
        ["", PLUGIN]
            .contains(&service)
            .then_some(ServingStatus::Serving)
    }
}

#[tonic::async_trait]
impl Health for HealthCheck {
    type WatchStream = MessageStream<HealthCheckResponse>;

    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        let status = Self::status(&request.into_inner().service)
            .ok_or_else(|| Status::not_found("unknown service"))?;
        Ok(Response::new(HealthCheckResponse {
            status: status.into(),
        }))
    }

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let status = Self::status(&request.into_inner().service)
            .unwrap_or(ServingStatus::ServiceUnknown)
            .into();
        // The status never changes, so the stream sends it once and stays open.
        let first = tokio_stream::once(Ok(HealthCheckResponse { status }));
        let updates = tokio_stream::StreamExt::chain(first, tokio_stream::pending());
        Ok(Response::new(Box::pin(updates)))
    }
}
