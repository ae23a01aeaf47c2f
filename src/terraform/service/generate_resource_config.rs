//! `GenerateResourceConfig`: generates a configuration for an imported object.

use super::decode::decode_object;
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::messages;
use crate::terraform::proto::DynamicValue;
use crate::terraform::proto::generate_resource_config::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn generate_resource_config(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let schema = self.resource(&request.type_name)?.schema()?;
        let state = decode_object(request.state.as_ref(), schema)?;
        if state.is_null() {
            // Terraform 1.14.0 sends no state and would generate an empty resource block.
            return Err(messages::no_state_to_generate_from(&request.type_name).into());
        }
        Ok(Response {
            config: Some(DynamicValue::encode(&schema.configuration(&state))),
            ..Response::default()
        })
    }
}
