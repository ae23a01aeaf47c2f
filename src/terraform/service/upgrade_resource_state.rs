//! `UpgradeResourceState`: converts a stored state to the current schema.

use super::raw_state::{refuse_newer_version, upgrade_state};
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::messages;
use crate::terraform::proto::DynamicValue;
use crate::terraform::proto::upgrade_resource_state::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn upgrade_resource_state(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        refuse_newer_version(resource, request.version)?;
        let state = upgrade_state(resource, request.raw_state.as_ref(), request.version);
        let state = state.map_err(|reason| {
            messages::stored_state_unreadable(&request.type_name, &request.version, &reason)
        })?;
        // An upgrade does not require a configured provider.
        if let Ok(Some(context)) = self.context() {
            resource.record_in_state(context.client(), state.clone());
        }
        Ok(Response {
            upgraded_state: Some(DynamicValue::encode(&state)),
            ..Response::default()
        })
    }
}
