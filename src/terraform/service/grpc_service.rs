//! All RPCs of protocol 6.11, and the methods that serve them.

use std::pin::Pin;
use std::sync::Arc;

use tokio_stream::Stream;
use tonic::{Request, Response, Status, Streaming};

use super::respond::{respond, respond_with_events};
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::messages::unknown_type;
use crate::terraform::proto::{self, provider_server as server};
use crate::terraform::provider::Provider;

pub(super) struct GrpcService<P: Provider>(pub(super) Arc<ServedProvider<P>>);

type EventStream<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// Returns the error of the state store RPCs. Terraform calls them only for providers whose schema has a state store.
fn no_state_stores() -> Status {
    Status::unimplemented("this provider has no state stores")
}

fn one_event<T: Send + 'static>(event: T) -> Response<EventStream<T>> {
    Response::new(Box::pin(tokio_stream::once(Ok(event))))
}

/// Implements the generated service trait. The methods differ only in their names, so a macro writes them.
///
/// - `served`: RPCs that a method of [`ServedProvider`] with the same name serves.
/// - `absent`: RPCs for kinds of objects that this floor does not support. They return the diagnostic for an unknown type.
/// - `state_stores`: RPCs for state stores. They return a gRPC error.
macro_rules! rpcs {
    (
        served { $($served:ident)* }
        absent { $($absent:ident($kind:literal, $name:ident))* }
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

            $(async fn $absent(
                &self,
                request: Request<proto::$absent::Request>,
            ) -> Result<Response<proto::$absent::Response>, Status> {
                let absent = unknown_type($kind, &request.into_inner().$name);
                respond(stringify!($absent), std::future::ready(Err(absent.into()))).await
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
                use proto::invoke_action::event::{Completed, Type};
                let absent = unknown_type("action", &request.into_inner().action_type);
                let diagnostics = Diagnostics::from(absent).into();
                Ok(one_event(proto::invoke_action::Event {
                    r#type: Some(Type::Completed(Completed { diagnostics })),
                }))
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
    }
    absent {
        validate_ephemeral_resource_config("ephemeral resource", type_name)
        open_ephemeral_resource("ephemeral resource", type_name)
        renew_ephemeral_resource("ephemeral resource", type_name)
        close_ephemeral_resource("ephemeral resource", type_name)
        validate_action_config("action", action_type)
        plan_action("action", action_type)
    }
    state_stores {
        validate_state_store_config configure_state_store lock_state unlock_state get_states delete_state
    }
}
