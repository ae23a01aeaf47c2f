//! `ApplyResourceChange`: creates, updates or deletes an object.

use super::decode::decode_object;
use super::identity::identity_of;
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::managed::Change;
use crate::terraform::messages;
use crate::terraform::private_state::PrivateState;
use crate::terraform::proto::DynamicValue;
use crate::terraform::proto::apply_resource_change::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn apply_resource_change(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let schema = resource.schema()?;
        let context = self.context()?.ok_or_else(messages::unknown_in_apply)?;
        let change = Change {
            prior: decode_object(request.prior_state.as_ref(), schema)?,
            planned: decode_object(request.planned_state.as_ref(), schema)?,
            config: decode_object(request.config.as_ref(), schema)?,
            private: PrivateState::decode(&request.planned_private),
        };
        let outcome = resource.apply(context, change).await;
        Ok(Response {
            new_state: Some(DynamicValue::encode(&outcome.state)),
            private: outcome.private.encode(),
            diagnostics: self.report(outcome.diagnostics).into(),
            new_identity: identity_of(resource, &outcome.state),
            ..Response::default()
        })
    }
}
