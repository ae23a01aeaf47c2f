//! `GetProviderSchema`: the schemas of the provider and of everything that it has.

use super::capabilities::CAPABILITIES;
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::proto::ActionSchema;
use crate::terraform::proto::get_provider_schema::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn get_provider_schema(
        &self,
        _: Request,
    ) -> Result<Response, Diagnostics> {
        let resources = self
            .resources
            .iter()
            .map(|(name, resource)| Ok(((*name).to_owned(), resource.schema()?.to_proto())));
        let data_sources = self
            .data_sources
            .iter()
            .map(|(name, source)| Ok(((*name).to_owned(), source.schema()?.to_proto())));
        let list_resources = self
            .list_resources
            .iter()
            .map(|(name, list)| Ok(((*name).to_owned(), list.schema()?.to_proto())));
        let ephemeral_resources = self
            .ephemeral_resources
            .iter()
            .map(|(name, resource)| Ok(((*name).to_owned(), resource.schema()?.to_proto())));
        let actions = self.actions.iter().map(|(name, action)| {
            let schema = Some(action.schema()?.to_proto());
            Ok(((*name).to_owned(), ActionSchema { schema }))
        });
        Ok(Response {
            provider: Some(self.config_schema.get()?.to_proto()),
            resource_schemas: resources.collect::<Result<_, Diagnostic>>()?,
            data_source_schemas: data_sources.collect::<Result<_, Diagnostic>>()?,
            list_resource_schemas: list_resources.collect::<Result<_, Diagnostic>>()?,
            ephemeral_resource_schemas: ephemeral_resources.collect::<Result<_, Diagnostic>>()?,
            action_schemas: actions.collect::<Result<_, Diagnostic>>()?,
            functions: self.function_signatures(),
            server_capabilities: Some(CAPABILITIES),
            ..Response::default()
        })
    }
}
