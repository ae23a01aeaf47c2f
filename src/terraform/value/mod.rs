//! Values: known, null or unknown, at every level.

pub mod json;
pub mod msgpack;
mod number;
mod secret;
mod set;
mod typed;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

pub use number::Number;
pub use secret::Secret;
pub use set::Set;
pub(crate) use typed::model;
pub use typed::{Attributes, Fields, Mismatch, Typed};

use super::path::{Path, Step};
use super::types::Type;

/// Values that one object may hold, those inside other values included. In memory, each takes many times its bytes.
const MOST_VALUES: usize = 200_000;

/// A value that may be absent, or not known before apply.
///
/// The parameter is what is known: a Rust type in the attributes of a resource, [`Data`] where the type is found out at
/// run time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value<T = Data> {
    /// The value itself.
    Known(T),
    /// Not set.
    #[default]
    Null,
    /// Set, but only apply will tell to what.
    Unknown,
}

impl<T> Value<T> {
    /// The value, where it is known and not null.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// The value, where it is known and not null.
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// Whether the value is absent.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether apply will tell.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Applies `change` to what is known.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Value<U> {
        match self {
            Self::Known(value) => Value::Known(change(value)),
            Self::Null => Value::Null,
            Self::Unknown => Value::Unknown,
        }
    }
}

impl<T> From<Option<T>> for Value<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Known)
    }
}

/// A known value of any type.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Data {
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    String(String),
    /// A list or a tuple.
    List(Vec<Value>),
    /// A set.
    Set(Set),
    /// A map or an object.
    Map(BTreeMap<String, Value>),
    /// A value of a type that the schema leaves open.
    Dynamic(Type, Box<Value>),
}

/// Shows the shape and hides the content, which may be a secret.
impl fmt::Debug for Data {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(_) => formatter.write_str("bool"),
            Self::Number(_) => formatter.write_str("number"),
            Self::String(_) => formatter.write_str("string"),
            Self::List(items) => items.fmt(formatter),
            Self::Set(items) => items.fmt(formatter),
            Self::Map(items) => items.fmt(formatter),
            Self::Dynamic(_, value) => value.fmt(formatter),
        }
    }
}

impl Value {
    /// Whether neither the value nor anything inside it is unknown.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Unknown => false,
            Self::Known(data) => match data {
                Data::Bool(_) | Data::Number(_) | Data::String(_) => true,
                Data::List(items) => items.iter().all(Self::is_wholly_known),
                Data::Set(items) => items.iter().all(Self::is_wholly_known),
                Data::Map(items) => items.values().all(Self::is_wholly_known),
                Data::Dynamic(_, value) => value.is_wholly_known(),
            },
        }
    }

    /// The attributes or entries, where the value is a known object or map.
    pub fn as_map(&self) -> Option<&BTreeMap<String, Self>> {
        match self {
            Self::Known(Data::Map(items)) => Some(items),
            _ => None,
        }
    }

    /// An attribute of an object; null where there is no such object.
    pub fn attribute(&self, name: &str) -> &Self {
        self.as_map()
            .and_then(|items| items.get(name))
            .unwrap_or(&Self::Null)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Known(Data::String(text.to_owned()))
    }
}

/// A value that does not fit the type that the schema gives it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct Malformed {
    /// Where in the object.
    pub path: Path,
    /// What is wrong there, without the value itself.
    pub problem: String,
}

impl Malformed {
    fn new(problem: impl Into<String>) -> Self {
        Self {
            path: Path::default(),
            problem: problem.into(),
        }
    }

    fn too_many_values() -> Self {
        Self::new(format!("there are more than {MOST_VALUES} values in it"))
    }

    fn expected(ty: &Type) -> Self {
        Self::new(format!("{} is expected", ty.name()))
    }

    fn under(self, step: Step) -> Self {
        Self {
            path: self.path.under(step),
            ..self
        }
    }

    /// At the set itself, because its elements have no address.
    fn in_set(self) -> Self {
        Self {
            path: Path::default(),
            ..self
        }
    }
}
