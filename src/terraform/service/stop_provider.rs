//! `StopProvider`: cancels the running calls after an interrupt.

use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::proto::stop_provider::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn stop_provider(
        &self,
        _: Request,
    ) -> Result<Response, Diagnostics> {
        self.interrupt();
        Ok(Response::default())
    }
}
