//! `GetResourceIdentitySchemas`: the schemas of the resource identities.

use std::collections::HashMap;

use super::identity::{IDENTITY_VERSION, identity_attributes};
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::proto::ResourceIdentitySchema;
use crate::terraform::proto::get_resource_identity_schemas::{Request, Response};
use crate::terraform::proto::resource_identity_schema::IdentityAttribute;
use crate::terraform::provider::Provider;
use crate::terraform::schema::Attribute;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn get_resource_identity_schemas(
        &self,
        _: Request,
    ) -> Result<Response, Diagnostics> {
        let schemas = self.resources.iter().map(|(name, resource)| {
            let attributes = identity_attributes(resource.schema()?, resource.identity());
            let schema = ResourceIdentitySchema {
                version: IDENTITY_VERSION,
                identity_attributes: attributes.map(to_proto).collect(),
            };
            Ok(((*name).to_owned(), schema))
        });
        Ok(Response {
            identity_schemas: schemas.collect::<Result<HashMap<_, _>, Diagnostic>>()?,
            ..Response::default()
        })
    }
}

fn to_proto(attribute: &Attribute) -> IdentityAttribute {
    IdentityAttribute {
        name: attribute.name.clone(),
        r#type: attribute.value_type().to_bytes(),
        required_for_import: true,
        optional_for_import: false,
        description: attribute.description.clone(),
    }
}
