//! Conversion between dynamic values and the Rust types of attributes.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::data::{Data, Set, Value};
use super::invalid::InvalidValue;
use super::number::Number;
use super::secret::Secret;
use crate::terraform::path::Step;

/// A Rust type that an attribute can have.
pub trait Typed: Sized {
    /// Converts a known value.
    fn from_data(data: Data) -> Result<Self, InvalidValue>;
    /// Returns the dynamic value.
    fn into_data(self) -> Data;
}

impl<T: Typed> Value<T> {
    /// Converts a value that may be null or unknown.
    pub fn from_value(value: Value) -> Result<Self, InvalidValue> {
        match value {
            Value::Known(data) => T::from_data(data).map(Self::Known),
            Value::Null => Ok(Self::Null),
            Value::Unknown => Ok(Self::Unknown),
        }
    }

    /// Returns the dynamic value.
    pub fn into_value(self) -> Value {
        self.map(T::into_data)
    }
}

impl Typed for bool {
    fn from_data(data: Data) -> Result<Self, InvalidValue> {
        match data {
            Data::Bool(value) => Ok(value),
            _ => Err(InvalidValue::new("true or false is expected")),
        }
    }

    fn into_data(self) -> Data {
        Data::Bool(self)
    }
}

impl Typed for i64 {
    fn from_data(data: Data) -> Result<Self, InvalidValue> {
        match data {
            Data::Number(number) => number.as_i64(),
            _ => None,
        }
        .ok_or_else(|| InvalidValue::new("a whole number is expected"))
    }

    fn into_data(self) -> Data {
        Data::Number(Number::from(self))
    }
}

impl Typed for String {
    fn from_data(data: Data) -> Result<Self, InvalidValue> {
        match data {
            Data::String(text) => Ok(text),
            _ => Err(InvalidValue::new("a string is expected")),
        }
    }

    /// Returns the text in Unicode normalization form C, in which Terraform compares text. An API may use another form.
    fn into_data(self) -> Data {
        Data::String(self.nfc().collect())
    }
}

impl Typed for Secret {
    fn from_data(data: Data) -> Result<Self, InvalidValue> {
        String::from_data(data).map(Self::received)
    }

    fn into_data(self) -> Data {
        Data::String(self.expose().to_owned())
    }
}

impl<T: Typed + Ord> Typed for Set<T> {
    fn from_data(data: Data) -> Result<Self, InvalidValue> {
        match data {
            Data::Set(elements) => elements
                .into_iter()
                .map(|element| Value::from_value(element).map_err(InvalidValue::in_set))
                .collect(),
            _ => Err(InvalidValue::new("a set is expected")),
        }
    }

    fn into_data(self) -> Data {
        Data::Set(self.into_iter().map(Value::into_value).collect())
    }
}

impl<T: Typed> Typed for Vec<T> {
    fn from_data(data: Data) -> Result<Self, InvalidValue> {
        let Data::List(items) = data else {
            return Err(InvalidValue::new("a list is expected"));
        };
        let element = |(index, value)| known(value, Step::Index(index));
        items.into_iter().enumerate().map(element).collect()
    }

    fn into_data(self) -> Data {
        let element = |value: T| Value::Known(value.into_data());
        Data::List(self.into_iter().map(element).collect())
    }
}

impl<T: Typed> Typed for BTreeMap<String, T> {
    fn from_data(data: Data) -> Result<Self, InvalidValue> {
        let Data::Map(items) = data else {
            return Err(InvalidValue::new("a map is expected"));
        };
        let entry = |(key, value): (String, Value)| {
            let typed = known(value, Step::Key(key.clone()))?;
            Ok((key, typed))
        };
        items.into_iter().map(entry).collect()
    }

    fn into_data(self) -> Data {
        let entry = |(key, value): (String, T)| (key, Value::Known(value.into_data()));
        Data::Map(self.into_iter().map(entry).collect())
    }
}

/// A map whose entries may be null or unknown, as in a configuration.
impl<T: Typed> Typed for BTreeMap<String, Value<T>> {
    fn from_data(data: Data) -> Result<Self, InvalidValue> {
        let Data::Map(items) = data else {
            return Err(InvalidValue::new("a map is expected"));
        };
        let entry = |(key, value): (String, Value)| {
            let typed = Value::<T>::from_value(value)
                .map_err(|error| error.under(Step::Key(key.clone())))?;
            Ok((key, typed))
        };
        items.into_iter().map(entry).collect()
    }

    fn into_data(self) -> Data {
        let entry = |(key, value): (String, Value<T>)| (key, value.into_value());
        Data::Map(self.into_iter().map(entry).collect())
    }
}

/// Converts an element or entry, which must be known.
fn known<T: Typed>(value: Value, step: Step) -> Result<T, InvalidValue> {
    let known = |value: Value<T>| {
        value
            .into_known()
            .ok_or_else(|| InvalidValue::new("a value is expected"))
    };
    Value::from_value(value)
        .and_then(known)
        .map_err(|error| error.under(step))
}

/// The attributes of an object while it is converted.
#[derive(Debug, Default)]
pub struct Fields(BTreeMap<String, Value>);

impl Fields {
    /// Removes an attribute and converts it. A missing attribute is null.
    pub fn take<T: Typed>(&mut self, name: &str) -> Result<Value<T>, InvalidValue> {
        Value::from_value(self.0.remove(name).unwrap_or_default())
            .map_err(|error| error.under(Step::Attribute(name.to_owned())))
    }

    /// Inserts an attribute.
    pub fn put<T: Typed>(&mut self, name: &str, value: Value<T>) {
        self.0.insert(name.to_owned(), value.into_value());
    }
}

/// A Rust struct whose fields are attributes of an object. The object may have other attributes too. [`model!`] implements
/// this trait.
pub trait Attributes: Sized {
    /// Removes the attributes from an object.
    fn take(fields: &mut Fields) -> Result<Self, InvalidValue>;
    /// Inserts the attributes into an object.
    fn put(self, fields: &mut Fields);
}

impl<A: Attributes> Typed for A {
    fn from_data(data: Data) -> Result<Self, InvalidValue> {
        match data {
            Data::Map(attributes) => Self::take(&mut Fields(attributes)),
            _ => Err(InvalidValue::new("an object is expected")),
        }
    }

    fn into_data(self) -> Data {
        let mut fields = Fields::default();
        self.put(&mut fields);
        Data::Map(fields.0)
    }
}

/// Declares the attributes of a resource, a data source, the provider or a nested object.
///
/// Doc comments become the descriptions for users. `schemars` attributes declare the rules, and `x-terraform` declares the
/// [flags](crate::terraform::schema::AttributeFlag) of an attribute. Every field becomes a [`Value`] of its type.
///
/// The first fields can have the form `..name: Type`. They add the attributes of another declaration, which `AsRef` and
/// `AsMut` return.
macro_rules! model {
    (
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident {
            $(..$shared:ident: $shared_type:ty,)*
            $($(#[$attribute_meta:meta])* $attribute:ident: $type:ty,)*
        }
    ) => {
        #[derive(Debug, Clone, Default, PartialEq, schemars::JsonSchema)]
        $(#[$meta])*
        $visibility struct $name {
            $(#[schemars(flatten)] #[doc = "Attributes declared elsewhere."] pub $shared: $shared_type,)*
            $($(#[$attribute_meta])* pub $attribute: $crate::terraform::value::Value<$type>,)*
        }

        impl $crate::terraform::value::Attributes for $name {
            fn take(
                fields: &mut $crate::terraform::value::Fields,
            ) -> Result<Self, $crate::terraform::value::InvalidValue> {
                Ok(Self {
                    $($shared: $crate::terraform::value::Attributes::take(fields)?,)*
                    $($attribute: fields.take(stringify!($attribute))?,)*
                })
            }

            fn put(self, fields: &mut $crate::terraform::value::Fields) {
                $($crate::terraform::value::Attributes::put(self.$shared, fields);)*
                $(fields.put(stringify!($attribute), self.$attribute);)*
            }
        }

        $(
            impl AsRef<$shared_type> for $name {
                fn as_ref(&self) -> &$shared_type {
                    &self.$shared
                }
            }

            impl AsMut<$shared_type> for $name {
                fn as_mut(&mut self) -> &mut $shared_type {
                    &mut self.$shared
                }
            }
        )*
    };
}
pub(crate) use model;
