//! The helper services of a go-plugin process.

use std::pin::Pin;

use tokio_stream::Stream;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::{Request, Response, Status, Streaming};

use super::farewell::Farewell;
use super::proto::goplugin::grpc_broker_server::{GrpcBroker, GrpcBrokerServer};
use super::proto::goplugin::grpc_controller_server::{GrpcController, GrpcControllerServer};
use super::proto::goplugin::grpc_stdio_server::{GrpcStdio, GrpcStdioServer};
use super::proto::goplugin::{ConnInfo, Empty, StdioData};
use super::proto::health::health_check_response::ServingStatus;
use super::proto::health::health_server::{Health, HealthServer};
use super::proto::health::{HealthCheckRequest, HealthCheckResponse};

/// The name under which go-plugin asks for the process's health.
const PLUGIN: &str = "plugin";

type Silence<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// A stream that stays open and never says anything.
fn silence<T: Send + 'static>() -> Response<Silence<T>> {
    Response::new(Box::pin(tokio_stream::pending()))
}

/// Adds controller, stdio, broker and health to `routes`; Shutdown awaits `farewell` and cancels `stop`.
pub(super) fn add_to(routes: Routes, stop: &CancellationToken, farewell: Farewell) -> Routes {
    let stop = stop.clone();
    routes
        .add_service(GrpcControllerServer::new(Controller { stop, farewell }))
        .add_service(GrpcStdioServer::new(Stdio))
        .add_service(GrpcBrokerServer::new(Broker))
        .add_service(HealthServer::new(Healthy))
}

struct Controller {
    stop: CancellationToken,
    farewell: Farewell,
}

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.farewell.clone().await;
        self.stop.cancel();
        Ok(Response::new(Empty {}))
    }
}

struct Stdio;

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    type StreamStdioStream = Silence<StdioData>;

    async fn stream_stdio(
        &self,
        _: Request<()>,
    ) -> Result<Response<Self::StreamStdioStream>, Status> {
        Ok(silence())
    }
}

struct Broker;

#[tonic::async_trait]
impl GrpcBroker for Broker {
    type StartStreamStream = Silence<ConnInfo>;

    async fn start_stream(
        &self,
        _: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<Self::StartStreamStream>, Status> {
        Ok(silence())
    }
}

struct Healthy;

impl Healthy {
    fn status(service: &str) -> Option<ServingStatus> {
        ["", PLUGIN]
            .contains(&service)
            .then_some(ServingStatus::Serving)
    }
}

#[tonic::async_trait]
impl Health for Healthy {
    type WatchStream = Silence<HealthCheckResponse>;

    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        let status = Self::status(&request.into_inner().service)
            .ok_or_else(|| Status::not_found("no such service"))?;
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
        // The status never changes: say it once and keep the stream open.
        let first = tokio_stream::once(Ok(HealthCheckResponse { status }));
        let updates = tokio_stream::StreamExt::chain(first, tokio_stream::pending());
        Ok(Response::new(Box::pin(updates)))
    }
}
