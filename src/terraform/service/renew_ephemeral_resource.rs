//! `RenewEphemeralResource`: renews an open ephemeral resource. Its values stay as they are.

use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::messages;
use crate::terraform::private_state::PrivateState;
use crate::terraform::proto::renew_ephemeral_resource::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn renew_ephemeral_resource(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let resource = self.ephemeral_resource(&request.type_name)?;
        let context = self
            .context()?
            .ok_or_else(|| messages::too_early(&format!("renew {}", request.type_name)))?;
        let private = PrivateState::decode(request.private());
        let renewed = resource.renew(context, private).await?;
        Ok(Response {
            renew_at: renewed.lease.renew_at.map(Into::into),
            private: Some(renewed.lease.private.encode()),
            diagnostics: self.report(renewed.warnings).into(),
        })
    }
}
