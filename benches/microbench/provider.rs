//! The provider in this process, called as Terraform calls it, but without a connection.

use tokio::runtime::{Builder, Runtime};
use tonic::service::Routes;

use crate::wire::tfplugin6::provider_client::ProviderClient;
use crate::wire::tfplugin6::{
    ClientCapabilities, DynamicValue, get_provider_schema, plan_resource_change,
};

/// An unconfigured provider. Its plans do not ask ConductorOne.
#[derive(Debug)]
pub(crate) struct Provider {
    runtime: Runtime,
    client: ProviderClient<Routes>,
}

impl Provider {
    pub(crate) fn new() -> Self {
        let service = terraform_provider_confluence::provider::service();
        Self {
            runtime: Builder::new_current_thread().build().expect("a runtime"),
            client: ProviderClient::new(service.routes),
        }
    }

    /// `GetProviderSchema`.
    pub(crate) fn schema(&mut self) -> get_provider_schema::Response {
        let request = get_provider_schema::Request {};
        let response = self
            .runtime
            .block_on(self.client.get_provider_schema(request));
        response.expect("a response").into_inner()
    }

    /// `PlanResourceChange`, with encoded objects. Returns the encoded planned state.
    pub(crate) fn plan(&mut self, name: &str, prior: &[u8], config: &[u8]) -> Vec<u8> {
        let dynamic = |msgpack: &[u8]| {
            Some(DynamicValue {
                msgpack: msgpack.to_vec(),
                json: Vec::new(),
            })
        };
        let request = plan_resource_change::Request {
            type_name: name.to_owned(),
            prior_state: dynamic(prior),
            proposed_new_state: dynamic(config),
            config: dynamic(config),
            client_capabilities: Some(ClientCapabilities {
                write_only_attributes_allowed: true,
                ..Default::default()
            }),
            ..Default::default()
        };
        let response = self
            .runtime
            .block_on(self.client.plan_resource_change(request));
        let response = response.expect("a response").into_inner();
        assert_eq!(response.diagnostics, [], "{name}: the plan failed");
        response.planned_state.expect("a state").msgpack
    }
}
