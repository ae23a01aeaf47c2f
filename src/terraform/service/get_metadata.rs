//! `GetMetadata`: the names of everything that the provider has.

use super::capabilities::CAPABILITIES;
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::proto::get_metadata::{
    ActionMetadata, DataSourceMetadata, EphemeralResourceMetadata, FunctionMetadata,
    ListResourceMetadata, Request, ResourceMetadata, Response,
};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn get_metadata(
        &self,
        _: Request,
    ) -> Result<Response, Diagnostics> {
        let owned = |name: &&str| (*name).to_owned();
        let resources = self.resources.keys().map(owned);
        let data_sources = self.data_sources.keys().map(owned);
        let list_resources = self.list_resources.keys().map(owned);
        let ephemeral_resources = self.ephemeral_resources.keys().map(owned);
        let actions = self.actions.keys().map(owned);
        let functions = self.functions.keys().map(owned);
        Ok(Response {
            server_capabilities: Some(CAPABILITIES),
            resources: resources
                .map(|type_name| ResourceMetadata { type_name })
                .collect(),
            data_sources: data_sources
                .map(|type_name| DataSourceMetadata { type_name })
                .collect(),
            list_resources: list_resources
                .map(|type_name| ListResourceMetadata { type_name })
                .collect(),
            ephemeral_resources: ephemeral_resources
                .map(|type_name| EphemeralResourceMetadata { type_name })
                .collect(),
            actions: actions
                .map(|type_name| ActionMetadata { type_name })
                .collect(),
            functions: functions.map(|name| FunctionMetadata { name }).collect(),
            ..Response::default()
        })
    }
}
