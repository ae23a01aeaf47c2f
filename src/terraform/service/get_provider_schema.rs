//! `GetProviderSchema`: the schemas of the provider, its resources, data sources, list resources and functions.

use super::capabilities::CAPABILITIES;
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
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
        Ok(Response {
            provider: Some(self.config_schema.get()?.to_proto()),
            resource_schemas: resources.collect::<Result<_, Diagnostic>>()?,
            data_source_schemas: data_sources.collect::<Result<_, Diagnostic>>()?,
            list_resource_schemas: list_resources.collect::<Result<_, Diagnostic>>()?,
            functions: self.function_signatures(),
            server_capabilities: Some(CAPABILITIES),
            ..Response::default()
        })
    }
}
