//! `ValidateProviderConfig`: validates the `provider` block.

use super::decode::decode_block;
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::proto::validate_provider_config::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn validate_provider_config(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let schema = self.config_schema.get()?;
        let config = decode_block(request.config.as_ref(), schema)?;
        let diagnostics = schema.validate(config, |config, diagnostics| {
            self.provider.validate(config, diagnostics);
        });
        Ok(Response {
            diagnostics: diagnostics.into(),
        })
    }
}
