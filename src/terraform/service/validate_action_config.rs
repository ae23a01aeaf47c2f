//! `ValidateActionConfig`: validates the configuration of an action.

use super::decode::decode_block;
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::proto::validate_action_config::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn validate_action_config(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let action = self.action(&request.action_type)?;
        let config = decode_block(request.config.as_ref(), action.schema()?)?;
        Ok(Response {
            diagnostics: action.validate(config).into(),
        })
    }
}
