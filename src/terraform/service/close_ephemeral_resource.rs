//! `CloseEphemeralResource`: ends the use of an ephemeral resource. There is nothing to release.

use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::proto::close_ephemeral_resource::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn close_ephemeral_resource(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        self.ephemeral_resource(&request.type_name)?;
        Ok(Response::default())
    }
}
