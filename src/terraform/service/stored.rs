//! State that was stored earlier: by this release, by an older one, or as an object of another type.

use serde_json::Value as Json;

use super::{Served, identity};
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::managed::AnyResource;
use crate::terraform::private::Private;
use crate::terraform::problems;
use crate::terraform::proto::{self, DynamicValue, RawState, ResourceIdentityData};
use crate::terraform::provider::Provider;
use crate::terraform::stored::{Attributes, Move, upgraded};
use crate::terraform::value::{Value, json};

impl<P: Provider> Served<P> {
    pub(in crate::terraform) async fn upgrade_resource_state(
        &self,
        request: proto::upgrade_resource_state::Request,
    ) -> Result<proto::upgrade_resource_state::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        refuse_newer(resource, request.version)?;
        let state = current(resource, request.raw_state.as_ref(), request.version);
        let state = state.map_err(|problem| {
            problems::stored_state_unreadable(&request.type_name, &request.version, &problem)
        })?;
        // This call needs no configured provider.
        if let Ok(Some(with)) = self.environment() {
            resource.seen(with, state.clone());
        }
        Ok(proto::upgrade_resource_state::Response {
            upgraded_state: Some(DynamicValue::of(&state)),
            ..proto::upgrade_resource_state::Response::default()
        })
    }

    pub(in crate::terraform) async fn move_resource_state(
        &self,
        request: proto::move_resource_state::Request,
    ) -> Result<proto::move_resource_state::Response, Diagnostics> {
        let resource = self.resource(&request.target_type_name)?;
        let type_name = &request.source_type_name;
        let (state, private) = if type_name == resource.type_name() {
            // The same type under another provider address: a mirror, a fork, or a namespace that has been renamed.
            refuse_newer(resource, request.source_schema_version)?;
            let raw = request.source_state.as_ref();
            let state = current(resource, raw, request.source_schema_version);
            (state, request.source_private)
        } else {
            let known = source(resource, &request.source_provider_address, type_name)?;
            let state = renamed(resource, known, request.source_state.as_ref());
            (state, Private::default().to_bytes())
        };
        let moved = state.and_then(|state| Ok((identified(resource, &state)?, state)));
        let (identity, state) = moved.map_err(|problem| {
            problems::moved_state_unreadable(type_name, resource.type_name(), &problem)
        })?;
        Ok(proto::move_resource_state::Response {
            target_state: Some(DynamicValue::of(&state)),
            target_private: private,
            target_identity: Some(identity),
            ..proto::move_resource_state::Response::default()
        })
    }
}

/// The move that takes an object of another type.
fn source<C>(
    resource: &dyn AnyResource<C>,
    provider_address: &str,
    type_name: &str,
) -> Result<&'static Move, Diagnostics> {
    let mut moves = resource.moves().iter();
    moves
        .find(|known| known.fits(provider_address, type_name))
        .ok_or_else(|| no_move(resource, provider_address, type_name))
}

/// Terraform refuses such a state itself before an upgrade, but not before a move.
fn refuse_newer<C>(resource: &dyn AnyResource<C>, version: i64) -> Result<(), Diagnostics> {
    let newest = resource.schema()?.version;
    if version <= newest {
        return Ok(());
    }
    Err(problems::newer_version("state", resource.type_name(), &version, &newest).into())
}

/// The identity of a moved object. Without all of its parts, the next read would not find the object.
fn identified<C>(
    resource: &dyn AnyResource<C>,
    state: &Value,
) -> Result<ResourceIdentityData, String> {
    identity::of(resource, state).ok_or_else(|| {
        let parts = resource.identity().join(" and ");
        format!("it does not say which object it belongs to, for which {parts} must be set")
    })
}

/// The stored object in the current schema.
fn current<C>(
    resource: &dyn AnyResource<C>,
    raw: Option<&RawState>,
    version: i64,
) -> Result<Value, String> {
    let schema = resource.schema().map_err(|broken| broken.cause)?;
    let raw = stored(raw)?;
    if version == schema.version {
        // As it is: numbers keep all their digits.
        return decoded(&raw.json, resource);
    }
    let upgraded = upgraded(resource.upgrades(), version, attributes(raw)?);
    decoded(&in_json(upgraded), resource)
}

/// An object of another type in the current schema.
fn renamed<C>(
    resource: &dyn AnyResource<C>,
    known: &Move,
    raw: Option<&RawState>,
) -> Result<Value, String> {
    let theirs = attributes(stored(raw)?)?;
    decoded(&in_json(known.rename(theirs)), resource)
}

fn stored(raw: Option<&RawState>) -> Result<&RawState, String> {
    let raw = raw.ok_or("there is none")?;
    if raw.json.is_empty() {
        return Err("it is in the form of Terraform 0.11 or earlier".to_owned());
    }
    Ok(raw)
}

fn attributes(raw: &RawState) -> Result<Attributes, String> {
    match serde_json::from_slice(&raw.json) {
        Ok(Json::Object(attributes)) => Ok(attributes),
        _ => Err("it is not a JSON object".to_owned()),
    }
}

fn in_json(attributes: Attributes) -> Vec<u8> {
    Json::Object(attributes).to_string().into_bytes()
}

fn decoded<C>(state: &[u8], resource: &dyn AnyResource<C>) -> Result<Value, String> {
    let schema = resource.schema().map_err(|broken| broken.cause)?;
    match json::decode(state, &schema.ty()) {
        Ok(Value::Null) => Err("it is empty".to_owned()),
        Ok(state) => Ok(state),
        Err(error) if error.path.is_root() => Err(error.to_string()),
        Err(error) => Err(format!("{}: {error}", error.path)),
    }
}

fn no_move<C>(resource: &dyn AnyResource<C>, provider: &str, type_name: &str) -> Diagnostics {
    let target = resource.type_name();
    let known: Vec<_> = resource
        .moves()
        .iter()
        .map(|known| format!("{} of {}", known.type_name, known.provider))
        .collect();
    let known = if known.is_empty() {
        "no other type".to_owned()
    } else {
        known.join(", ")
    };
    problems::no_move(type_name, provider, target, &known).into()
}
