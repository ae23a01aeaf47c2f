//! `ValidateDataResourceConfig`: validates the configuration of a data source.

use super::decode::decode_object;
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::proto::validate_data_resource_config::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn validate_data_resource_config(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let source = self.data_source(&request.type_name)?;
        let config = decode_object(request.config.as_ref(), source.schema()?)?;
        Ok(Response {
            diagnostics: source.validate(config).into(),
        })
    }
}
