//! `ReadResource`: refreshes the state of an object.

use super::decode::decode_object;
use super::identity::identity_of;
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::messages;
use crate::terraform::private_state::PrivateState;
use crate::terraform::proto::DynamicValue;
use crate::terraform::proto::read_resource::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn read_resource(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let state = decode_object(request.current_state.as_ref(), resource.schema()?)?;
        let Some(context) = self.context()? else {
            return Ok(unrefreshed(request));
        };
        let private = PrivateState::decode(&request.private);
        let outcome = resource.read(context, state, private).await;
        Ok(Response {
            new_state: Some(DynamicValue::encode(&outcome.state)),
            diagnostics: self.report(outcome.diagnostics).into(),
            private: outcome.private.encode(),
            new_identity: identity_of(resource, &outcome.state),
            ..Response::default()
        })
    }
}

/// Returns the state without a refresh, because the provider's configuration is unknown.
fn unrefreshed(request: Request) -> Response {
    let warning = messages::not_refreshed(&request.type_name);
    Response {
        new_state: request.current_state,
        diagnostics: Diagnostics::from(warning).into(),
        private: request.private,
        new_identity: request.current_identity,
        ..Response::default()
    }
}
