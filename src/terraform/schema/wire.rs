//! Schemas as Terraform reads them.

use super::{Attribute, Behaviour, Schema, Shape};
use crate::terraform::proto::{self, schema::object::NestingMode};

impl Schema {
    /// The message of `GetProviderSchema`.
    pub(in crate::terraform) fn to_proto(&self) -> proto::Schema {
        proto::Schema {
            version: self.version,
            block: Some(proto::schema::Block {
                attributes: self.attributes.iter().map(Attribute::to_proto).collect(),
                description: self.description.clone(),
                description_kind: proto::StringKind::Markdown.into(),
                ..proto::schema::Block::default()
            }),
        }
    }
}

impl Attribute {
    fn to_proto(&self) -> proto::schema::Attribute {
        let (r#type, nested_type) = match &self.shape {
            Shape::Plain(ty) => (ty.to_bytes(), None),
            Shape::Object(attributes) => {
                (Vec::new(), Some(nested(attributes, NestingMode::Single)))
            }
            Shape::Objects(attributes) => (Vec::new(), Some(nested(attributes, NestingMode::List))),
        };
        proto::schema::Attribute {
            name: self.name.clone(),
            r#type,
            nested_type,
            description: self.description.clone(),
            description_kind: proto::StringKind::Markdown.into(),
            required: self.is(Behaviour::Required),
            optional: self.is(Behaviour::Optional),
            computed: self.is(Behaviour::Computed),
            sensitive: self.is(Behaviour::Sensitive),
            write_only: self.is(Behaviour::WriteOnly),
            ..proto::schema::Attribute::default()
        }
    }
}

fn nested(attributes: &[Attribute], nesting: NestingMode) -> proto::schema::Object {
    proto::schema::Object {
        attributes: attributes.iter().map(Attribute::to_proto).collect(),
        nesting: nesting.into(),
        ..proto::schema::Object::default()
    }
}
