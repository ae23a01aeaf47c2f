//! Identity: the few attributes that find an object, which Terraform keeps beside the state.

use std::collections::{BTreeMap, HashMap};

use super::Served;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::managed::{AnyResource, malformed};
use crate::terraform::problems;
use crate::terraform::proto::{self, DynamicValue, ResourceIdentityData};
use crate::terraform::provider::Provider;
use crate::terraform::schema::{Attribute, Schema, check_set};
use crate::terraform::types::Type;
use crate::terraform::value::{Data, Value, json};

/// The version of every identity: none has changed yet.
const VERSION: i64 = 0;

impl<P: Provider> Served<P> {
    pub(in crate::terraform) async fn get_resource_identity_schemas(
        &self,
        _: proto::get_resource_identity_schemas::Request,
    ) -> Result<proto::get_resource_identity_schemas::Response, Diagnostics> {
        let schemas = self.resources.iter().map(|(name, resource)| {
            let attributes = attributes(resource.schema()?, resource.identity());
            let schema = proto::ResourceIdentitySchema {
                version: VERSION,
                identity_attributes: attributes.map(to_proto).collect(),
            };
            Ok(((*name).to_owned(), schema))
        });
        Ok(proto::get_resource_identity_schemas::Response {
            identity_schemas: schemas.collect::<Result<HashMap<_, _>, Diagnostic>>()?,
            ..proto::get_resource_identity_schemas::Response::default()
        })
    }

    pub(in crate::terraform) async fn upgrade_resource_identity(
        &self,
        request: proto::upgrade_resource_identity::Request,
    ) -> Result<proto::upgrade_resource_identity::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        if request.version > VERSION {
            let newer = problems::newer_version;
            let type_name = resource.type_name();
            return Err(newer("identity", type_name, &request.version, &VERSION).into());
        }
        let stored = request.raw_identity.unwrap_or_default().json;
        let ty = identity_type(resource.schema()?, resource.identity());
        let identity = json::decode(&stored, &ty).map_err(|error| malformed(&error))?;
        Ok(proto::upgrade_resource_identity::Response {
            upgraded_identity: Some(ResourceIdentityData {
                identity_data: Some(DynamicValue::of(&identity)),
            }),
            ..proto::upgrade_resource_identity::Response::default()
        })
    }
}

/// The identity of the object in `state`; none while a part of it is not known.
pub(super) fn of<C>(resource: &dyn AnyResource<C>, state: &Value) -> Option<ResourceIdentityData> {
    let part = |name: &&str| match state.attribute(name) {
        Value::Known(data) => Some(((*name).to_owned(), Value::Known(data.clone()))),
        Value::Null | Value::Unknown => None,
    };
    let parts = resource.identity().iter().map(part);
    let identity = Value::Known(Data::Map(parts.collect::<Option<BTreeMap<_, _>>>()?));
    Some(ResourceIdentityData {
        identity_data: Some(DynamicValue::of(&identity)),
    })
}

/// The state from which the object with this identity can be read.
pub(super) fn import<C>(
    resource: &dyn AnyResource<C>,
    identity: &ResourceIdentityData,
) -> Result<Value, Diagnostics> {
    let schema = resource.schema()?;
    let names = resource.identity();
    let ty = identity_type(schema, names);
    let identity = DynamicValue::read(identity.identity_data.as_ref(), &ty)
        .map_err(|error| malformed(&error))?;
    let Value::Known(Data::Map(parts)) = identity else {
        let problem =
            problems::unsupported(resource.type_name(), "be imported by an empty identity");
        return Err(problem.into());
    };
    let mistakes = check_set(attributes(schema, names), &parts);
    if mistakes.has_errors() {
        return Err(mistakes);
    }
    let unset = schema
        .attributes
        .iter()
        .map(|attribute| (attribute.name.clone(), Value::Null));
    Ok(Value::Known(Data::Map(unset.chain(parts).collect())))
}

fn attributes<'a>(
    schema: &'a Schema,
    names: &'static [&'static str],
) -> impl Iterator<Item = &'a Attribute> {
    let attributes = schema.attributes.iter();
    attributes.filter(|attribute| names.contains(&attribute.name.as_str()))
}

fn identity_type(schema: &Schema, names: &'static [&'static str]) -> Type {
    let types = attributes(schema, names).map(|attribute| (attribute.name.clone(), attribute.ty()));
    Type::Object(types.collect())
}

fn to_proto(attribute: &Attribute) -> proto::resource_identity_schema::IdentityAttribute {
    proto::resource_identity_schema::IdentityAttribute {
        name: attribute.name.clone(),
        r#type: attribute.ty().to_bytes(),
        required_for_import: true,
        optional_for_import: false,
        description: attribute.description.clone(),
    }
}
