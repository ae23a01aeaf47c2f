//! `ValidateResourceConfig`: validates the configuration of a resource.

use super::decode::decode_object;
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::proto::validate_resource_config::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn validate_resource_config(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let schema = resource.schema()?;
        let config = decode_object(request.config.as_ref(), schema)?;
        let capabilities = request.client_capabilities.unwrap_or_default();
        let mut diagnostics = Diagnostics::default();
        if !capabilities.write_only_attributes_allowed {
            diagnostics.append(schema.refuse_write_only(&config));
        }
        diagnostics.append(resource.validate(config));
        Ok(Response {
            diagnostics: diagnostics.into(),
        })
    }
}
