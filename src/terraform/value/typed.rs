//! Between the values of the wire and the Rust types of a resource's attributes.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::{Data, Malformed, Number, Secret, Set, Step, Value};

/// A Rust type that an attribute can have.
pub trait Typed: Sized {
    /// Reads a known value.
    fn from_data(data: Data) -> Result<Self, Mismatch>;
    /// The value for the wire.
    fn into_data(self) -> Data;
}

/// A value of another type than the attribute's.
pub type Mismatch = Malformed;

impl<T: Typed> Value<T> {
    /// Reads a value of any state.
    pub fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Known(data) => T::from_data(data).map(Self::Known),
            Value::Null => Ok(Self::Null),
            Value::Unknown => Ok(Self::Unknown),
        }
    }

    /// The value for the wire.
    pub fn into_value(self) -> Value {
        self.map(T::into_data)
    }
}

impl Typed for bool {
    fn from_data(data: Data) -> Result<Self, Mismatch> {
        match data {
            Data::Bool(value) => Ok(value),
            _ => Err(Mismatch::new("true or false is expected")),
        }
    }

    fn into_data(self) -> Data {
        Data::Bool(self)
    }
}

impl Typed for i64 {
    fn from_data(data: Data) -> Result<Self, Mismatch> {
        match data {
            Data::Number(number) => number.as_i64(),
            _ => None,
        }
        .ok_or_else(|| Mismatch::new("a whole number is expected"))
    }

    fn into_data(self) -> Data {
        Data::Number(Number::from(self))
    }
}

impl Typed for String {
    fn from_data(data: Data) -> Result<Self, Mismatch> {
        match data {
            Data::String(text) => Ok(text),
            _ => Err(Mismatch::new("a string is expected")),
        }
    }

    /// Terraform compares text in normalisation form C; an API may answer in another.
    fn into_data(self) -> Data {
        Data::String(self.nfc().collect())
    }
}

impl Typed for Secret {
    fn from_data(data: Data) -> Result<Self, Mismatch> {
        String::from_data(data).map(Self::arrived)
    }

    fn into_data(self) -> Data {
        Data::String(self.expose().to_owned())
    }
}

impl<T: Typed + Ord> Typed for Set<T> {
    fn from_data(data: Data) -> Result<Self, Mismatch> {
        match data {
            Data::Set(elements) => elements
                .into_iter()
                .map(|element| Value::from_value(element).map_err(Mismatch::in_set))
                .collect(),
            _ => Err(Mismatch::new("a set is expected")),
        }
    }

    fn into_data(self) -> Data {
        Data::Set(self.into_iter().map(Value::into_value).collect())
    }
}

impl<T: Typed> Typed for Vec<T> {
    fn from_data(data: Data) -> Result<Self, Mismatch> {
        let Data::List(items) = data else {
            return Err(Mismatch::new("a list is expected"));
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
    fn from_data(data: Data) -> Result<Self, Mismatch> {
        let Data::Map(items) = data else {
            return Err(Mismatch::new("a map is expected"));
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

/// A map with entries that may be unknown, as in a configuration.
impl<T: Typed> Typed for BTreeMap<String, Value<T>> {
    fn from_data(data: Data) -> Result<Self, Mismatch> {
        let Data::Map(items) = data else {
            return Err(Mismatch::new("a map is expected"));
        };
        let entry = |(key, value): (String, Value)| {
            let typed = Value::<T>::from_value(value)
                .map_err(|mismatch| mismatch.under(Step::Key(key.clone())))?;
            Ok((key, typed))
        };
        items.into_iter().map(entry).collect()
    }

    fn into_data(self) -> Data {
        let entry = |(key, value): (String, Value<T>)| (key, value.into_value());
        Data::Map(self.into_iter().map(entry).collect())
    }
}

/// Reads an element or entry that must be known.
fn known<T: Typed>(value: Value, step: Step) -> Result<T, Mismatch> {
    let known = |value: Value<T>| {
        value
            .into_known()
            .ok_or_else(|| Mismatch::new("a value is expected"))
    };
    Value::from_value(value)
        .and_then(known)
        .map_err(|mismatch| mismatch.under(step))
}

/// The attributes of an object, taken out or put in one by one.
#[derive(Debug, Default)]
pub struct Fields(BTreeMap<String, Value>);

impl Fields {
    /// Takes out one attribute; null where it is missing.
    pub fn take<T: Typed>(&mut self, name: &str) -> Result<Value<T>, Mismatch> {
        Value::from_value(self.0.remove(name).unwrap_or_default())
            .map_err(|mismatch| mismatch.under(Step::Attribute(name.to_owned())))
    }

    /// Puts in one attribute.
    pub fn put<T: Typed>(&mut self, name: &str, value: Value<T>) {
        self.0.insert(name.to_owned(), value.into_value());
    }
}

/// A Rust struct whose fields are attributes of an object, perhaps beside others. [`model!`] implements it.
pub trait Attributes: Sized {
    /// Takes its attributes out of an object.
    fn take(fields: &mut Fields) -> Result<Self, Mismatch>;
    /// Puts its attributes into an object.
    fn put(self, fields: &mut Fields);
}

impl<A: Attributes> Typed for A {
    fn from_data(data: Data) -> Result<Self, Mismatch> {
        match data {
            Data::Map(attributes) => Self::take(&mut Fields(attributes)),
            _ => Err(Mismatch::new("an object is expected")),
        }
    }

    fn into_data(self) -> Data {
        let mut fields = Fields::default();
        self.put(&mut fields);
        Data::Map(fields.0)
    }
}

/// Declares the attributes of a resource, a data source, the provider or a nested object, once.
///
/// Doc comments are the descriptions that users read; `schemars` attributes carry the rules, and `x-terraform` the
/// [behaviour](crate::terraform::schema::Behaviour) of each attribute. Every field becomes a [`Value`] of its type. First
/// fields `..name: Type` take in the attributes that other declarations have, and are what `AsRef` and `AsMut` give.
macro_rules! model {
    (
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident {
            $(..$shared:ident: $shared_type:ty,)*
            $($(#[$attribute_meta:meta])* $attribute:ident: $type:ty,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, schemars::JsonSchema)]
        $visibility struct $name {
            $(#[schemars(flatten)] #[doc = "Attributes declared elsewhere."] pub $shared: $shared_type,)*
            $($(#[$attribute_meta])* pub $attribute: $crate::terraform::value::Value<$type>,)*
        }

        impl $crate::terraform::value::Attributes for $name {
            fn take(
                fields: &mut $crate::terraform::value::Fields,
            ) -> Result<Self, $crate::terraform::value::Mismatch> {
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
