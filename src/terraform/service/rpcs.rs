//! Every RPC of protocol 6.11, and who answers it.

use std::pin::Pin;
use std::sync::Arc;

use tokio_stream::Stream;
use tonic::{Request, Response, Status, Streaming};

use super::Served;
use super::reply::{answer, events};
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::problems::unknown_type;
use crate::terraform::proto::{self, provider_server as server};
use crate::terraform::provider::Provider;

pub(super) struct Service<P: Provider>(pub(super) Arc<Served<P>>);

type Events<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// State stores are an experiment of Terraform's, which asks only providers whose schema names one.
fn no_state_stores() -> Status {
    Status::unimplemented("this provider has no state stores")
}

fn one_event<T: Send + 'static>(event: T) -> Response<Events<T>> {
    Response::new(Box::pin(tokio_stream::once(Ok(event))))
}

/// Writes the service's one `impl` block, whose methods differ in their names alone.
macro_rules! rpcs {
    (
        served { $($served:ident)* }
        absent { $($absent:ident($kind:literal, $name:ident))* }
        state_stores { $($store:ident)* }
    ) => {
        #[tonic::async_trait]
        impl<P: Provider> server::Provider for Service<P> {
            $(async fn $served(
                &self,
                request: Request<proto::$served::Request>,
            ) -> Result<Response<proto::$served::Response>, Status> {
                let served = Arc::clone(&self.0);
                answer(stringify!($served), async move {
                    let answer = served.$served(request.into_inner()).await;
                    answer.map_err(|failure| served.tell(failure))
                })
                .await
            })*

            $(async fn $absent(
                &self,
                request: Request<proto::$absent::Request>,
            ) -> Result<Response<proto::$absent::Response>, Status> {
                let absent = unknown_type($kind, &request.into_inner().$name);
                answer(stringify!($absent), std::future::ready(Err(absent.into()))).await
            })*

            $(async fn $store(
                &self,
                _: Request<proto::$store::Request>,
            ) -> Result<Response<proto::$store::Response>, Status> {
                Err(no_state_stores())
            })*

            type ListResourceStream = Events<proto::list_resource::Event>;

            async fn list_resource(
                &self,
                request: Request<proto::list_resource::Request>,
            ) -> Result<Response<Self::ListResourceStream>, Status> {
                let served = Arc::clone(&self.0);
                let found = events("list_resource", |found| async move {
                    let end = Arc::clone(&served).list_resource(request.into_inner(), found);
                    end.await.map_err(|failure| served.tell(failure))
                });
                Ok(Response::new(Box::pin(found)))
            }

            type InvokeActionStream = Events<proto::invoke_action::Event>;

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

            type ReadStateBytesStream = Events<proto::read_state_bytes::ResponseChunk>;

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
