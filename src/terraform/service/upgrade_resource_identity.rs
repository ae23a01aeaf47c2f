//! `UpgradeResourceIdentity`: converts a stored identity to the current schema.

use super::identity::{IDENTITY_VERSION, identity_message, identity_type};
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::messages;
use crate::terraform::model::invalid_value;
use crate::terraform::proto::upgrade_resource_identity::{Request, Response};
use crate::terraform::provider::Provider;
use crate::terraform::value::json;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn upgrade_resource_identity(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        if request.version > IDENTITY_VERSION {
            let newer = messages::newer_version;
            let type_name = resource.type_name();
            return Err(newer("identity", type_name, &request.version, &IDENTITY_VERSION).into());
        }
        let stored = request.raw_identity.unwrap_or_default().json;
        let ty = identity_type(resource.schema()?, resource.identity());
        let identity = json::decode(&stored, &ty).map_err(|error| invalid_value(&error))?;
        Ok(Response {
            upgraded_identity: Some(identity_message(&identity)),
            ..Response::default()
        })
    }
}
