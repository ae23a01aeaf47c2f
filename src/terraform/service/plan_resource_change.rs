//! `PlanResourceChange`: plans a creation, an update, a replacement or a destruction.

use super::decode::decode_object;
use super::identity::identity_of;
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::private_state::PrivateState;
use crate::terraform::proto::DynamicValue;
use crate::terraform::proto::plan_resource_change::{Request, Response};
use crate::terraform::provider::Provider;
use crate::terraform::value::Value;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn plan_resource_change(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let schema = resource.schema()?;
        let prior = decode_object(request.prior_state.as_ref(), schema)?;
        let config = decode_object(request.config.as_ref(), schema)?;
        // Planning does not require a configured provider.
        let context = self.context().ok().flatten();
        if config.is_null() {
            let diagnostics = resource.plan_destruction(context, prior).await?;
            return Ok(Response {
                planned_state: Some(DynamicValue::encode(&Value::Null)),
                planned_private: request.prior_private,
                diagnostics: self.report(diagnostics).into(),
                planned_identity: request.prior_identity,
                ..Response::default()
            });
        }
        let private = PrivateState::decode(&request.prior_private);
        let planned = resource.plan(context, prior, config, &private).await?;
        Ok(Response {
            planned_state: Some(DynamicValue::encode(&planned.state)),
            requires_replace: planned.requires_replace.iter().map(Into::into).collect(),
            planned_private: request.prior_private,
            diagnostics: self.report(planned.diagnostics).into(),
            planned_identity: identity_of(resource, &planned.state),
            ..Response::default()
        })
    }
}
