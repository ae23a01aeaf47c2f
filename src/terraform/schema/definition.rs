//! Schemas and attributes.

use serde::{Deserialize, Serialize};

use super::format::Format;
use crate::terraform::types::Type;
use crate::terraform::value::{Data, Set, Value};

/// A flag of an attribute. Declarations set flags with `#[schemars(extend("x-terraform" = [Optional, Computed]))]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttributeFlag {
    /// The user must set it.
    Required,
    /// The user may set it.
    Optional,
    /// The provider may set it if the user does not.
    Computed,
    /// Terraform hides the value in its output.
    Sensitive,
    /// Terraform never stores the value in a plan or in the state.
    WriteOnly,
    /// A change destroys the object and creates a new one.
    ForcesReplacement,
}

/// The schema of a resource, a data source, any other type, or the provider.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// The version of the stored state. Each change that requires a state upgrade increments it.
    pub version: i64,
    /// The description, in Markdown.
    pub description: String,
    /// Why the type is deprecated and what replaces it, if it is deprecated.
    pub deprecated: Option<String>,
    /// The attributes, sorted by name.
    pub attributes: Vec<Attribute>,
}

/// One attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// The name in a configuration.
    pub name: String,
    /// The description, in Markdown.
    pub description: String,
    /// The type of the attribute.
    pub ty: AttributeType,
    /// The flags.
    pub flags: Vec<AttributeFlag>,
    /// The value in a new object if the user sets none.
    pub default: Option<Value>,
    /// The rules for the value.
    pub rules: Rules,
    /// Why the attribute is deprecated and what replaces it, if it is deprecated. Declarations set it with
    /// `#[schemars(extend("x-deprecated" = "Use other instead."))]`.
    pub deprecated: Option<String>,
    /// For a required attribute: why a configuration that Terraform generates can lack it.
    pub why_missing: Option<String>,
}

/// The type of an attribute, with the attributes of nested objects.
#[derive(Debug, Clone, PartialEq)]
pub enum AttributeType {
    /// A type without nested attributes.
    Plain(Type),
    /// A nested object.
    SingleNested(Vec<Attribute>),
    /// A list of nested objects.
    ListNested(Vec<Attribute>),
}

/// The rules for a value, beyond its type. They come from the JSON Schema keywords.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rules {
    /// The format of a string.
    pub format: Option<Format>,
    /// The minimum of a whole number.
    pub minimum: Option<i64>,
    /// The maximum of a whole number.
    pub maximum: Option<i64>,
    /// Whether a collection must have at least one element.
    pub not_empty: bool,
    /// The allowed strings. Empty means that any string is allowed.
    pub one_of: Vec<String>,
    /// The rules for each element or entry of a collection.
    pub items: Option<Box<Self>>,
}

impl Schema {
    /// Returns the type of the whole object.
    pub fn value_type(&self) -> Type {
        object_type(&self.attributes)
    }
}

fn object_type(attributes: &[Attribute]) -> Type {
    let types = attributes
        .iter()
        .map(|attribute| (attribute.name.clone(), attribute.value_type()));
    Type::Object(types.collect())
}

impl Attribute {
    /// Returns the type of the value.
    pub fn value_type(&self) -> Type {
        match &self.ty {
            AttributeType::Plain(ty) => ty.clone(),
            AttributeType::SingleNested(attributes) => object_type(attributes),
            AttributeType::ListNested(attributes) => Type::List(Box::new(object_type(attributes))),
        }
    }

    /// Returns whether the attribute has this flag.
    pub fn is(&self, flag: AttributeFlag) -> bool {
        self.flags.contains(&flag)
    }

    /// Returns whether two values have the same meaning even if they are written differently.
    pub fn semantically_equal(&self, left: &Value, right: &Value) -> bool {
        semantically_equal(&self.ty, &self.rules, left, right)
    }
}

fn semantically_equal(ty: &AttributeType, rules: &Rules, left: &Value, right: &Value) -> bool {
    if left == right {
        return true;
    }
    match (left, right) {
        (Value::Known(Data::String(left)), Value::Known(Data::String(right))) => rules
            .format
            .is_some_and(|format| format.semantically_equal(left, right)),
        (Value::Known(Data::Map(_)), Value::Known(Data::Map(_))) => match ty {
            AttributeType::SingleNested(attributes) => {
                objects_semantically_equal(attributes, left, right)
            }
            AttributeType::Plain(_) | AttributeType::ListNested(_) => false,
        },
        (Value::Known(Data::List(left)), Value::Known(Data::List(right))) => match ty {
            AttributeType::ListNested(attributes) if left.len() == right.len() => left
                .iter()
                .zip(right)
                .all(|(left, right)| objects_semantically_equal(attributes, left, right)),
            _ => false,
        },
        (Value::Known(Data::Set(left)), Value::Known(Data::Set(right))) => {
            let Some(format) = rules.items.as_ref().and_then(|items| items.format) else {
                return false;
            };
            normalized(format, left) == normalized(format, right)
        }
        _ => false,
    }
}

fn objects_semantically_equal(attributes: &[Attribute], left: &Value, right: &Value) -> bool {
    let same = |attribute: &Attribute| {
        attribute.semantically_equal(
            left.attribute(&attribute.name),
            right.attribute(&attribute.name),
        )
    };
    left == right
        || left.as_map().is_some() && right.as_map().is_some() && attributes.iter().all(same)
}

fn normalized(format: Format, set: &Set) -> Set {
    let normal = |element: &Value| match element {
        Value::Known(Data::String(text)) => match (format.normalize)(text) {
            Ok(normal) => Value::Known(Data::String(normal)),
            Err(_) => element.clone(),
        },
        other => other.clone(),
    };
    set.iter().map(normal).collect()
}
