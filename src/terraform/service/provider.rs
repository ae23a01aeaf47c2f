//! What there is, and the provider's own configuration.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Served, locked, read_block};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::function::{Function, Parameter};
use crate::terraform::managed::typed;
use crate::terraform::proto;
use crate::terraform::provider::{Configured, Provider};
use crate::terraform::value::Value;

const CAPABILITIES: proto::ServerCapabilities = proto::ServerCapabilities {
    plan_destroy: true,
    get_provider_schema_optional: true,
    move_resource_state: true,
    generate_resource_config: true,
};

impl<P: Provider> Served<P> {
    pub(in crate::terraform) async fn get_metadata(
        &self,
        _: proto::get_metadata::Request,
    ) -> Result<proto::get_metadata::Response, Diagnostics> {
        use proto::get_metadata::{
            DataSourceMetadata, FunctionMetadata, ListResourceMetadata, ResourceMetadata,
        };
        let names = |name: &&str| (*name).to_owned();
        let resources = self.resources.keys().map(names);
        let data_sources = self.data_sources.keys().map(names);
        let list_resources = self.list_resources.keys().map(names);
        let functions = self.functions.keys().map(names);
        Ok(proto::get_metadata::Response {
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
            functions: functions.map(|name| FunctionMetadata { name }).collect(),
            ..proto::get_metadata::Response::default()
        })
    }

    pub(in crate::terraform) async fn get_provider_schema(
        &self,
        _: proto::get_provider_schema::Request,
    ) -> Result<proto::get_provider_schema::Response, Diagnostics> {
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
        Ok(proto::get_provider_schema::Response {
            provider: Some(self.config_schema.get()?.to_proto()),
            resource_schemas: resources.collect::<Result<_, Diagnostic>>()?,
            data_source_schemas: data_sources.collect::<Result<_, Diagnostic>>()?,
            list_resource_schemas: list_resources.collect::<Result<_, Diagnostic>>()?,
            functions: self.signatures(),
            server_capabilities: Some(CAPABILITIES),
            ..proto::get_provider_schema::Response::default()
        })
    }

    pub(in crate::terraform) async fn get_functions(
        &self,
        _: proto::get_functions::Request,
    ) -> Result<proto::get_functions::Response, Diagnostics> {
        Ok(proto::get_functions::Response {
            functions: self.signatures(),
            ..proto::get_functions::Response::default()
        })
    }

    fn signatures(&self) -> HashMap<String, proto::Function> {
        let functions = self.functions.iter();
        functions
            .map(|(name, function)| ((*name).to_owned(), signature(function.as_ref())))
            .collect()
    }

    fn config(&self, config: Option<&proto::DynamicValue>) -> Result<Value, Diagnostic> {
        read_block(config, self.config_schema.get()?)
    }

    pub(in crate::terraform) async fn validate_provider_config(
        &self,
        request: proto::validate_provider_config::Request,
    ) -> Result<proto::validate_provider_config::Response, Diagnostics> {
        let config = self.config(request.config.as_ref())?;
        let schema = self.config_schema.get()?;
        let diagnostics = schema.validate(config, |config, diagnostics| {
            self.provider.validate(config, diagnostics);
        });
        Ok(proto::validate_provider_config::Response {
            diagnostics: diagnostics.into(),
        })
    }

    pub(in crate::terraform) async fn configure_provider(
        &self,
        request: proto::configure_provider::Request,
    ) -> Result<proto::configure_provider::Response, Diagnostics> {
        let config = typed(self.config(request.config.as_ref())?)?;
        let configured = match self
            .provider
            .configure(config, &request.terraform_version)?
        {
            Configured::Ready(client) => Configured::Ready(Arc::new(client)),
            Configured::Unknown => Configured::Unknown,
        };
        *locked(&self.configured) = Some(configured);
        locked(&self.told).clear();
        Ok(proto::configure_provider::Response::default())
    }

    pub(in crate::terraform) async fn stop_provider(
        &self,
        _: proto::stop_provider::Request,
    ) -> Result<proto::stop_provider::Response, Diagnostics> {
        self.stop();
        Ok(proto::stop_provider::Response::default())
    }
}

fn signature(function: &dyn Function) -> proto::Function {
    let signature = function.signature();
    let parameter = |parameter: Parameter| proto::function::Parameter {
        name: parameter.name.to_owned(),
        r#type: parameter.ty.to_bytes(),
        allow_null_value: parameter.nullable,
        allow_unknown_values: parameter.takes_unknown,
        description: parameter.description.to_owned(),
        description_kind: proto::StringKind::Markdown.into(),
    };
    proto::Function {
        parameters: signature.parameters.into_iter().map(parameter).collect(),
        r#return: Some(proto::function::Return {
            r#type: signature.returns.to_bytes(),
        }),
        summary: signature.summary.to_owned(),
        description: signature.description.to_owned(),
        description_kind: proto::StringKind::Markdown.into(),
        ..proto::Function::default()
    }
}
