//! The gRPC service of a provider. Each RPC that the provider serves has a file with its name; the other files are helpers.

mod apply_resource_change;
mod call_function;
mod capabilities;
mod close_ephemeral_resource;
mod configure_provider;
mod decode;
mod function_signature;
mod generate_resource_config;
mod get_functions;
mod get_metadata;
mod get_provider_schema;
mod get_resource_identity_schemas;
mod grpc_service;
mod identity;
mod import_resource_state;
mod invoke_action;
mod list_resource;
mod move_resource_state;
mod open_ephemeral_resource;
mod plan_action;
mod plan_resource_change;
mod raw_state;
mod read_data_source;
mod read_resource;
mod renew_ephemeral_resource;
mod respond;
mod served_provider;
mod shared_errors;
mod stop_provider;
mod upgrade_resource_identity;
mod upgrade_resource_state;
mod validate_action_config;
mod validate_data_resource_config;
mod validate_ephemeral_resource_config;
mod validate_list_resource_config;
mod validate_provider_config;
mod validate_resource_config;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tonic::service::Routes;

use super::proto::provider_server::ProviderServer;
use super::provider::Provider;
use grpc_service::GrpcService;
pub(super) use served_provider::ServedProvider;

/// The maximum size of a message in bytes. Providers written in Go have the same limit.
const MAX_MESSAGE_SIZE: usize = 256 << 20;

/// The gRPC service of a provider.
#[expect(
    missing_debug_implementations,
    reason = "neither field has anything to show"
)]
pub struct ProviderService {
    /// The gRPC routes.
    pub routes: Routes,
    /// Work that runs after Terraform has saved its state and before the process ends.
    pub shutdown_hook: BoxFuture<'static, ()>,
}

impl ProviderService {
    /// Creates the service of `provider`.
    pub fn new<P: Provider>(provider: P) -> Self {
        let provider = Arc::new(ServedProvider::new(provider));
        let server = ProviderServer::new(GrpcService(Arc::clone(&provider)))
            .max_decoding_message_size(MAX_MESSAGE_SIZE)
            .max_encoding_message_size(MAX_MESSAGE_SIZE);
        Self {
            routes: Routes::new(server),
            shutdown_hook: Box::pin(async move { provider.before_shutdown().await }),
        }
    }
}
