//! Dynamic values. A value is known, null or unknown at every level.

use std::collections::BTreeMap;
use std::fmt;

use super::number::Number;
use crate::terraform::types::Type;

/// A value that is known, null, or unknown until apply.
///
/// `T` is the type of the known value: a Rust type in the attributes of a resource, or [`Data`] if the type is dynamic.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value<T = Data> {
    /// A known value.
    Known(T),
    /// No value.
    #[default]
    Null,
    /// A value that is unknown until apply.
    Unknown,
}

impl<T> Value<T> {
    /// Returns the value if it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// Returns the value if it is known.
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// Returns whether the value is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns whether the value is unknown.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Applies `change` to a known value.
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
    /// A string.
    String(String),
    /// A list or a tuple.
    List(Vec<Value>),
    /// A set.
    Set(Set),
    /// A map or an object.
    Map(BTreeMap<String, Value>),
    /// A value of the type `dynamic`, with its actual type.
    Dynamic(Type, Box<Value>),
}

impl Data {
    /// Returns whether the value is an empty string or an empty collection.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::String(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Set(items) => items.is_empty(),
            Self::Map(items) => items.is_empty(),
            Self::Bool(_) | Self::Number(_) | Self::Dynamic(..) => false,
        }
    }
}

/// Shows the types and hides the contents, which may be secrets.
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
    /// Returns whether neither the value nor any value inside it is unknown.
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

    /// Returns the attributes or entries of a known object or map.
    pub fn as_map(&self) -> Option<&BTreeMap<String, Self>> {
        match self {
            Self::Known(Data::Map(items)) => Some(items),
            _ => None,
        }
    }

    /// Returns an attribute of an object, or null if there is no such attribute or no known object.
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

/// Distinct elements without an order. The set keeps all unknown elements, because they may become different values.
///
/// The elements are sorted, so that equal sets compare as equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Set<T = Data>(Vec<Value<T>>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Set<T> {
    /// Returns the elements in their sorted order.
    pub fn iter(&self) -> impl Iterator<Item = &Value<T>> {
        self.0.iter()
    }

    /// Returns the known elements in their sorted order.
    pub fn known(&self) -> impl Iterator<Item = &T> {
        self.0.iter().filter_map(Value::known)
    }

    /// Returns the number of elements.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether the set has no elements.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Ord> FromIterator<Value<T>> for Set<T> {
    fn from_iter<I: IntoIterator<Item = Value<T>>>(elements: I) -> Self {
        let mut elements = elements.into_iter().collect::<Vec<_>>();
        elements.sort_unstable();
        elements.dedup_by(|left, right| left == right && !left.is_unknown());
        Self(elements)
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        elements.into_iter().map(Value::Known).collect()
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = Value<T>;
    type IntoIter = std::vec::IntoIter<Value<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_ignores_order_and_duplicates_and_keeps_unknown_elements() {
        let left: Set<i32> = [3, 1, 3, 2].into_iter().collect();
        let right: Set<i32> = [1, 2, 3].into_iter().collect();
        assert_eq!(left, right);
        let unknown: Set<i32> = [Value::Unknown, Value::Known(1), Value::Unknown]
            .into_iter()
            .collect();
        assert_eq!((unknown.len(), unknown.known().count()), (3, 1));
    }
}
