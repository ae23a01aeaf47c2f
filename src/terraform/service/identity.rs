//! Resource identity: the attributes that identify an object. Terraform stores them beside the state.

use std::collections::BTreeMap;

use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::managed::AnyResource;
use crate::terraform::messages;
use crate::terraform::model::invalid_value;
use crate::terraform::proto::{DynamicValue, ResourceIdentityData};
use crate::terraform::schema::{Attribute, Schema, validate_required};
use crate::terraform::types::Type;
use crate::terraform::value::{Data, Value};

/// The version of all identity schemas. No identity has changed yet.
pub(super) const IDENTITY_VERSION: i64 = 0;

/// Returns the identity of the object in `state`, or `None` if a part of it is not known.
pub(super) fn identity_of<C>(
    resource: &dyn AnyResource<C>,
    state: &Value,
) -> Option<ResourceIdentityData> {
    let part = |name: &&str| match state.attribute(name) {
        Value::Known(data) => Some(((*name).to_owned(), Value::Known(data.clone()))),
        Value::Null | Value::Unknown => None,
    };
    let parts = resource.identity().iter().map(part);
    let identity = Value::Known(Data::Map(parts.collect::<Option<BTreeMap<_, _>>>()?));
    Some(identity_message(&identity))
}

/// Returns the protocol message for an identity.
pub(super) fn identity_message(identity: &Value) -> ResourceIdentityData {
    ResourceIdentityData {
        identity_data: Some(DynamicValue::encode(identity)),
    }
}

/// Returns the state from which the object with this identity can be read.
pub(super) fn state_from_identity<C>(
    resource: &dyn AnyResource<C>,
    identity: &ResourceIdentityData,
) -> Result<Value, Diagnostics> {
    let schema = resource.schema()?;
    let names = resource.identity();
    let ty = identity_type(schema, names);
    let identity = DynamicValue::decode(identity.identity_data.as_ref(), &ty)
        .map_err(|error| invalid_value(&error))?;
    let Value::Known(Data::Map(parts)) = identity else {
        return Err(messages::empty_identity(resource.type_name()).into());
    };
    let diagnostics = validate_required(identity_attributes(schema, names), &parts);
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    let unset = schema
        .attributes
        .iter()
        .map(|attribute| (attribute.name.clone(), Value::Null));
    Ok(Value::Known(Data::Map(unset.chain(parts).collect())))
}

/// Returns the attributes of an identity.
pub(super) fn identity_attributes<'a>(
    schema: &'a Schema,
    names: &'static [&'static str],
) -> impl Iterator<Item = &'a Attribute> {
    let attributes = schema.attributes.iter();
    attributes.filter(|attribute| names.contains(&attribute.name.as_str()))
}

/// Returns the type of an identity.
pub(super) fn identity_type(schema: &Schema, names: &'static [&'static str]) -> Type {
    let types = identity_attributes(schema, names)
        .map(|attribute| (attribute.name.clone(), attribute.value_type()));
    Type::Object(types.collect())
}
