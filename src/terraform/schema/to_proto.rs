//! Conversion of schemas to protocol messages.

use super::definition::{Attribute, AttributeFlag, AttributeType, Schema};
use crate::terraform::proto::{self, schema::object::NestingMode};

impl Schema {
    /// Returns the message for `GetProviderSchema`.
    pub(in crate::terraform) fn to_proto(&self) -> proto::Schema {
        proto::Schema {
            version: self.version,
            block: Some(proto::schema::Block {
                attributes: self.attributes.iter().map(Attribute::to_proto).collect(),
                description: self.description.clone(),
                description_kind: proto::StringKind::Markdown.into(),
                deprecated: self.deprecated.is_some(),
                deprecation_message: self.deprecated.clone().unwrap_or_default(),
                ..proto::schema::Block::default()
            }),
        }
    }
}

impl Attribute {
    fn to_proto(&self) -> proto::schema::Attribute {
        let (r#type, nested_type) = match &self.ty {
            AttributeType::Plain(ty) => (ty.to_bytes(), None),
            AttributeType::SingleNested(attributes) => {
                (Vec::new(), Some(nested(attributes, NestingMode::Single)))
            }
            AttributeType::ListNested(attributes) => {
                (Vec::new(), Some(nested(attributes, NestingMode::List)))
            }
        };
        proto::schema::Attribute {
            name: self.name.clone(),
            r#type,
            nested_type,
            description: self.description.clone(),
            description_kind: proto::StringKind::Markdown.into(),
            required: self.is(AttributeFlag::Required),
            optional: self.is(AttributeFlag::Optional),
            computed: self.is(AttributeFlag::Computed),
            sensitive: self.is(AttributeFlag::Sensitive),
            write_only: self.is(AttributeFlag::WriteOnly),
            deprecated: self.deprecated.is_some(),
            deprecation_message: self.deprecated.clone().unwrap_or_default(),
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
