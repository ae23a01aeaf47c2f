//! `MoveResourceState`: converts the state of another resource type or provider, for `moved` blocks.

use super::identity::identity_of;
use super::raw_state::{convert_state, refuse_newer_version, upgrade_state};
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::managed::AnyResource;
use crate::terraform::messages;
use crate::terraform::private_state::PrivateState;
use crate::terraform::proto::move_resource_state::{Request, Response};
use crate::terraform::proto::{DynamicValue, ResourceIdentityData};
use crate::terraform::provider::Provider;
use crate::terraform::state_migration::StateMover;
use crate::terraform::value::Value;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn move_resource_state(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let resource = self.resource(&request.target_type_name)?;
        let type_name = &request.source_type_name;
        let raw = request.source_state.as_ref();
        let (state, private) = if type_name == resource.type_name() {
            // The provider has another address, because it comes from a mirror or a fork, or because its namespace was
            // renamed.
            refuse_newer_version(resource, request.source_schema_version)?;
            let state = upgrade_state(resource, raw, request.source_schema_version);
            (state, request.source_private)
        } else {
            let mover = find_mover(resource, &request.source_provider_address, type_name)?;
            let state = convert_state(resource, mover, raw);
            (state, PrivateState::default().encode())
        };
        let moved = state.and_then(|state| Ok((required_identity(resource, &state)?, state)));
        let (identity, state) = moved.map_err(|reason| {
            messages::moved_state_unreadable(type_name, resource.type_name(), &reason)
        })?;
        Ok(Response {
            target_state: Some(DynamicValue::encode(&state)),
            target_private: private,
            target_identity: Some(identity),
            ..Response::default()
        })
    }
}

fn find_mover<C>(
    resource: &dyn AnyResource<C>,
    provider_address: &str,
    type_name: &str,
) -> Result<&'static StateMover, Diagnostics> {
    let mut movers = resource.moves().iter();
    movers
        .find(|mover| mover.accepts(provider_address, type_name))
        .ok_or_else(|| no_mover(resource, provider_address, type_name))
}

/// Returns the identity of a moved object. Without a complete identity, the next read would not find the object.
fn required_identity<C>(
    resource: &dyn AnyResource<C>,
    state: &Value,
) -> Result<ResourceIdentityData, String> {
    identity_of(resource, state).ok_or_else(|| {
        let parts = resource.identity().join(" and ");
        format!("it does not identify the object, which requires {parts}")
    })
}

fn no_mover<C>(resource: &dyn AnyResource<C>, provider: &str, type_name: &str) -> Diagnostics {
    let target = resource.type_name();
    let sources: Vec<_> = resource
        .moves()
        .iter()
        .map(|mover| format!("{} of {}", mover.type_name, mover.provider))
        .collect();
    let sources = if sources.is_empty() {
        "none".to_owned()
    } else {
        sources.join(", ")
    };
    messages::no_state_mover(type_name, provider, target, &sources).into()
}
