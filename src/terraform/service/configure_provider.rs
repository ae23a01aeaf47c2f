//! `ConfigureProvider`: creates the client of the remote API.

use std::sync::Arc;

use super::decode::decode_block;
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::model::to_model;
use crate::terraform::proto::configure_provider::{Request, Response};
use crate::terraform::provider::{Configured, Provider};

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn configure_provider(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let config = decode_block(request.config.as_ref(), self.config_schema.get()?)?;
        let config = to_model(config)?;
        let configured = self
            .provider
            .configure(config, &request.terraform_version)?;
        self.set_configured(match configured {
            Configured::Ready(client) => Configured::Ready(Arc::new(client)),
            Configured::Unknown => Configured::Unknown,
        });
        Ok(Response::default())
    }
}
