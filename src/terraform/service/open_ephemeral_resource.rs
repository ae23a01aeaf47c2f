//! `OpenEphemeralResource`: opens an ephemeral resource, in each plan and in each apply.

use super::decode::decode_object;
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::messages;
use crate::terraform::proto::DynamicValue;
use crate::terraform::proto::open_ephemeral_resource::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn open_ephemeral_resource(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let resource = self.ephemeral_resource(&request.type_name)?;
        let config = decode_object(request.config.as_ref(), resource.schema()?)?;
        let context = self
            .context()?
            .ok_or_else(|| messages::too_early(&format!("open {}", request.type_name)))?;
        let (opened, lease) = resource.open(context, config).await?;
        Ok(Response {
            result: Some(DynamicValue::encode(&opened)),
            renew_at: lease.renew_at.map(Into::into),
            private: Some(lease.private.encode()),
            diagnostics: self.report(Diagnostics::default()).into(),
            ..Response::default()
        })
    }
}
