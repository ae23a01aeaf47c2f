//! Raw state: state as Terraform stored it, possibly by an older release or by another resource type.

use serde_json::Value as Json;

use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::managed::AnyResource;
use crate::terraform::messages;
use crate::terraform::proto::RawState;
use crate::terraform::state_migration::{StateMover, StoredAttributes, upgrade};
use crate::terraform::value::{Value, json};

/// Returns an error if the state has a newer version than the schema. Terraform checks this itself before an upgrade, but not
/// before a move.
pub(super) fn refuse_newer_version<C>(
    resource: &dyn AnyResource<C>,
    version: i64,
) -> Result<(), Diagnostics> {
    let newest = resource.schema()?.version;
    if version <= newest {
        return Ok(());
    }
    Err(messages::newer_version("state", resource.type_name(), &version, &newest).into())
}

/// Upgrades the state of an object of this resource type. The error is the reason why that is impossible.
pub(super) fn upgrade_state<C>(
    resource: &dyn AnyResource<C>,
    raw: Option<&RawState>,
    version: i64,
) -> Result<Value, String> {
    let schema = resource.schema().map_err(|invalid| invalid.cause)?;
    let raw = present(raw)?;
    if version == schema.version {
        // The state is decoded directly, so that numbers keep all their digits.
        return decode(&raw.json, resource);
    }
    let upgraded = upgrade(resource.upgrades(), version, attributes(raw)?);
    decode(&encode(upgraded), resource)
}

/// Converts the state of an object of another resource type. The error is the reason why that is impossible.
pub(super) fn convert_state<C>(
    resource: &dyn AnyResource<C>,
    mover: &StateMover,
    raw: Option<&RawState>,
) -> Result<Value, String> {
    let source = attributes(present(raw)?)?;
    decode(&encode(mover.convert(source)), resource)
}

fn present(raw: Option<&RawState>) -> Result<&RawState, String> {
    let raw = raw.ok_or("it is missing")?;
    if raw.json.is_empty() {
        return Err("it has the format of Terraform 0.11 or earlier".to_owned());
    }
    Ok(raw)
}

fn attributes(raw: &RawState) -> Result<StoredAttributes, String> {
    match serde_json::from_slice(&raw.json) {
        Ok(Json::Object(attributes)) => Ok(attributes),
        _ => Err("it is not a JSON object".to_owned()),
    }
}

fn encode(attributes: StoredAttributes) -> Vec<u8> {
    Json::Object(attributes).to_string().into_bytes()
}

fn decode<C>(state: &[u8], resource: &dyn AnyResource<C>) -> Result<Value, String> {
    let schema = resource.schema().map_err(|invalid| invalid.cause)?;
    match json::decode(state, &schema.value_type()) {
        Ok(Value::Null) => Err("it is empty".to_owned()),
        Ok(state) => Ok(state),
        Err(error) if error.path.is_root() => Err(error.to_string()),
        Err(error) => Err(format!("{}: {error}", error.path)),
    }
}
