//! `ValidateListResourceConfig`: validates the configuration of a list resource.

use super::decode::decode_block;
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::proto::validate_list_resource_config::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn validate_list_resource_config(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let list = self.list_resource_type(&request.type_name)?;
        let config = decode_block(request.config.as_ref(), list.schema()?)?;
        Ok(Response {
            diagnostics: list.validate(config).into(),
        })
    }
}
