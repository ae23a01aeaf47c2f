//! All RPCs of protocol 6.11, and the methods that serve them.

use std::pin::Pin;
use std::sync::Arc;

use tokio_stream::Stream;
use tonic::{Request, Response, Status, Streaming};

use super::respond::{respond, respond_with_events};
use super::served_provider::ServedProvider;
use crate::terraform::proto::{self, provider_server as server};
use crate::terraform::provider::Provider;

pub(super) struct GrpcService<P: Provider>(pub(super) Arc<ServedProvider<P>>);

type EventStream<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// Returns the error of the state store RPCs. Terraform calls them only for providers whose schema has a state store.
fn no_state_stores() -> Status {
    Status::unimplemented("this provider has no state stores")
}

/// Implements the generated service trait. The methods differ only in their names, so a macro writes them.
///
/// - `served`: RPCs that a method of [`ServedProvider`] with the same name serves.
/// - `state_stores`: RPCs for state stores. They return a gRPC error.
macro_rules! rpcs {
    (
        served { $($served:ident)* }
        state_stores { $($store:ident)* }
    ) => {
        #[tonic::async_trait]
        impl<P: Provider> server::Provider for GrpcService<P> {
            $(async fn $served(
                &self,
                request: Request<proto::$served::Request>,
            ) -> Result<Response<proto::$served::Response>, Status> {
                let served = Arc::clone(&self.0);
                respond(stringify!($served), async move {
                    let result = served.$served(request.into_inner()).await;
                    result.map_err(|failure| served.report(failure))
                })
                .await
            })*

            $(async fn $store(
                &self,
                _: Request<proto::$store::Request>,
            ) -> Result<Response<proto::$store::Response>, Status> {
                Err(no_state_stores())
            })*

            type ListResourceStream = EventStream<proto::list_resource::Event>;

            async fn list_resource(
                &self,
                request: Request<proto::list_resource::Request>,
            ) -> Result<Response<Self::ListResourceStream>, Status> {
                let served = Arc::clone(&self.0);
                let listed = respond_with_events("list_resource", |events| async move {
                    let result = Arc::clone(&served).list_resource(request.into_inner(), events);
                    result.await.map_err(|failure| served.report(failure))
                });
                Ok(Response::new(Box::pin(listed)))
            }

            type InvokeActionStream = EventStream<proto::invoke_action::Event>;

            async fn invoke_action(
                &self,
                request: Request<proto::invoke_action::Request>,
            ) -> Result<Response<Self::InvokeActionStream>, Status> {
                let served = Arc::clone(&self.0);
                let invoked = respond_with_events("invoke_action", |events| async move {
                    let result = served.invoke_action(request.into_inner(), events).await;
                    result.map_err(|failure| served.report(failure))
                });
                Ok(Response::new(Box::pin(invoked)))
            }

            type ReadStateBytesStream = EventStream<proto::read_state_bytes::ResponseChunk>;

            async fn read_state_bytes(
                &self,
                _: Request<proto::read_state_bytes::Request>,
            ) -> Result<Response<Self::ReadStateBytesStream>, Status> {
                Err(no_state_stores())
            }

            async fn write_state_bytes(
                &self,
                _: Request<Streaming<proto::write_state_bytes::RequestChunk>>,
            ) -> Result<Response<proto::write_state_bytes::Response>, Status> {
                Err(no_state_stores())
            }
        }
    };
}

rpcs! {
    served {
        get_metadata get_provider_schema get_resource_identity_schemas get_functions
        validate_provider_config configure_provider stop_provider
        validate_resource_config upgrade_resource_state upgrade_resource_identity read_resource
        plan_resource_change apply_resource_change import_resource_state move_resource_state
        generate_resource_config
        validate_data_resource_config read_data_source validate_list_resource_config call_function
        validate_ephemeral_resource_config open_ephemeral_resource renew_ephemeral_resource close_ephemeral_resource
        validate_action_config plan_action
    }
    state_stores {
        validate_state_store_config configure_state_store lock_state unlock_state get_states delete_state
    }
}
