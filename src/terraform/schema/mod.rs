//! Schemas: what a resource's attributes are called, of which type they are, and how they behave.

mod check;
mod describe;
mod format;
mod lazy;
mod wire;

use serde::{Deserialize, Serialize};

pub(super) use check::check_set;
pub use describe::json_schema;
pub use format::{COMMON_FORMATS, Format, duration, duration_text};
pub(super) use lazy::LazySchema;

use super::types::Type;
use super::value::{Data, Set, Value};

/// What Terraform must know about an attribute beyond its type. Written as
/// `#[schemars(extend("x-terraform" = [Optional, Computed]))]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Behaviour {
    /// The user must set it.
    Required,
    /// The user may set it.
    Optional,
    /// The provider sets it, where the user does not.
    Computed,
    /// Terraform hides it in its output.
    Sensitive,
    /// Never in plan or state.
    WriteOnly,
    /// Changing it means destroying the object and creating another one.
    ForcesReplacement,
}

/// The attributes of a resource, a data source or the provider itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// Of the stored state; raised with each change that needs an upgrade.
    pub version: i64,
    /// What users read about the whole, in Markdown.
    pub description: String,
    /// Sorted by name.
    pub attributes: Vec<Attribute>,
}

/// One attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// As in a configuration.
    pub name: String,
    /// What users read about it, in Markdown.
    pub description: String,
    /// What it holds.
    pub shape: Shape,
    /// How it behaves.
    pub behaviours: Vec<Behaviour>,
    /// What a new object gets where the user sets nothing.
    pub default: Option<Value>,
    /// What its value must satisfy.
    pub rules: Rules,
    /// For a required one: why it can be missing in a configuration that Terraform has generated.
    pub why_missing: Option<String>,
}

/// What an attribute holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A value of a plain type.
    Plain(Type),
    /// An object with attributes of its own.
    Object(Vec<Attribute>),
    /// Objects in an order, all of them with these attributes.
    Objects(Vec<Attribute>),
}

/// What a value must satisfy beyond its type. All of them come from the JSON Schema's keywords of the same names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rules {
    /// The form of a string.
    pub format: Option<Format>,
    /// The least whole number.
    pub minimum: Option<i64>,
    /// The greatest whole number.
    pub maximum: Option<i64>,
    /// Whether a collection must have an element.
    pub not_empty: bool,
    /// The only strings allowed; empty: any.
    pub one_of: Vec<String>,
    /// Rules for each element or entry.
    pub items: Option<Box<Self>>,
}

impl Schema {
    /// The type of the whole object.
    pub fn ty(&self) -> Type {
        object_type(&self.attributes)
    }
}

fn object_type(attributes: &[Attribute]) -> Type {
    let types = attributes
        .iter()
        .map(|attribute| (attribute.name.clone(), attribute.ty()));
    Type::Object(types.collect())
}

impl Attribute {
    /// The type of its value.
    pub fn ty(&self) -> Type {
        match &self.shape {
            Shape::Plain(ty) => ty.clone(),
            Shape::Object(attributes) => object_type(attributes),
            Shape::Objects(attributes) => Type::List(Box::new(object_type(attributes))),
        }
    }

    /// Whether it behaves so.
    pub fn is(&self, behaviour: Behaviour) -> bool {
        self.behaviours.contains(&behaviour)
    }

    /// Whether two values mean the same, however they are spelled.
    pub fn means_the_same(&self, left: &Value, right: &Value) -> bool {
        means_the_same(&self.shape, &self.rules, left, right)
    }
}

fn means_the_same(shape: &Shape, rules: &Rules, left: &Value, right: &Value) -> bool {
    if left == right {
        return true;
    }
    match (left, right) {
        (Value::Known(Data::String(left)), Value::Known(Data::String(right))) => {
            rules.format.is_some_and(|format| format.same(left, right))
        }
        (Value::Known(Data::Map(_)), Value::Known(Data::Map(_))) => match shape {
            Shape::Object(attributes) => objects_mean_the_same(attributes, left, right),
            Shape::Plain(_) | Shape::Objects(_) => false,
        },
        (Value::Known(Data::List(left)), Value::Known(Data::List(right))) => match shape {
            Shape::Objects(attributes) if left.len() == right.len() => left
                .iter()
                .zip(right)
                .all(|(left, right)| objects_mean_the_same(attributes, left, right)),
            _ => false,
        },
        (Value::Known(Data::Set(left)), Value::Known(Data::Set(right))) => {
            let Some(format) = rules.items.as_ref().and_then(|items| items.format) else {
                return false;
            };
            normal_forms(format, left) == normal_forms(format, right)
        }
        _ => false,
    }
}

fn objects_mean_the_same(attributes: &[Attribute], left: &Value, right: &Value) -> bool {
    let same = |attribute: &Attribute| {
        attribute.means_the_same(
            left.attribute(&attribute.name),
            right.attribute(&attribute.name),
        )
    };
    left == right
        || left.as_map().is_some() && right.as_map().is_some() && attributes.iter().all(same)
}

fn normal_forms(format: Format, set: &Set) -> Set {
    let normal = |element: &Value| match element {
        Value::Known(Data::String(text)) => match (format.normalise)(text) {
            Ok(normal) => Value::Known(Data::String(normal)),
            Err(_) => element.clone(),
        },
        other => other.clone(),
    };
    set.iter().map(normal).collect()
}
