//! `PlanAction`: checks the configuration of an action, which may have unknown values.

use super::decode::decode_block;
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::proto::plan_action::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn plan_action(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let action = self.action(&request.action_type)?;
        let config = decode_block(request.config.as_ref(), action.schema()?)?;
        // While the provider's configuration is unknown, nothing can be checked.
        let diagnostics = match self.context()? {
            Some(context) => action.plan(context, config).await?,
            None => Diagnostics::default(),
        };
        Ok(Response {
            diagnostics: self.report(diagnostics).into(),
            ..Response::default()
        })
    }
}
