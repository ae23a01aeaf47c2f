//! `ValidateEphemeralResourceConfig`: validates the configuration of an ephemeral resource.

use super::decode::decode_object;
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::proto::validate_ephemeral_resource_config::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn validate_ephemeral_resource_config(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let resource = self.ephemeral_resource(&request.type_name)?;
        let config = decode_object(request.config.as_ref(), resource.schema()?)?;
        Ok(Response {
            diagnostics: resource.validate(config).into(),
        })
    }
}
