//! `ImportResourceState`: imports an object by its ID or its identity.

use super::identity::{identity_of, state_from_identity};
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::private_state::PrivateState;
use crate::terraform::proto::DynamicValue;
use crate::terraform::proto::import_resource_state::{ImportedResource, Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn import_resource_state(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let state = match &request.identity {
            Some(identity) if request.id.is_empty() => state_from_identity(resource, identity)?,
            _ => resource.import(&request.id)?,
        };
        let imported = ImportedResource {
            type_name: request.type_name,
            state: Some(DynamicValue::encode(&state)),
            private: PrivateState::imported().encode(),
            identity: identity_of(resource, &state),
        };
        Ok(Response {
            imported_resources: vec![imported],
            ..Response::default()
        })
    }
}
