//! Type constraints and their JSON encoding, which schemas and dynamic values contain.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A decimal number of any length.
    Number,
    /// A string.
    String,
    /// Any type. The value contains its own type.
    Dynamic,
    /// An ordered list of elements of one type.
    List(Box<Self>),
    /// A set of distinct elements of one type.
    Set(Box<Self>),
    /// Values of one type, by key.
    Map(Box<Self>),
    /// A fixed number of elements, each with its own type.
    Tuple(Vec<Self>),
    /// Named attributes, each with its own type.
    Object(BTreeMap<String, Self>),
}

/// Text that is not a type constraint.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a type constraint")]
pub struct InvalidType;

impl Type {
    /// Parses the JSON encoding.
    pub fn parse(json: &[u8]) -> Result<Self, InvalidType> {
        // serde_json limits the nesting depth, so this also limits the depth of the type.
        let json = serde_json::from_slice(json).map_err(|_| InvalidType)?;
        Self::from_json(&json)
    }

    fn from_json(json: &Json) -> Result<Self, InvalidType> {
        match json {
            Json::String(name) => Self::primitive(name),
            Json::Array(parts) => match parts.as_slice() {
                [Json::String(name), inner] => Self::compound(name, inner),
                // The third element lists optional attributes. It does not affect values.
                [Json::String(name), inner, _] if name == "object" => Self::compound(name, inner),
                _ => Err(InvalidType),
            },
            _ => Err(InvalidType),
        }
    }

    fn primitive(name: &str) -> Result<Self, InvalidType> {
        match name {
            "bool" => Ok(Self::Bool),
            "number" => Ok(Self::Number),
            "string" => Ok(Self::String),
            "dynamic" => Ok(Self::Dynamic),
            _ => Err(InvalidType),
        }
    }

    fn compound(name: &str, inner: &Json) -> Result<Self, InvalidType> {
        let element = || Self::from_json(inner).map(Box::new);
        match (name, inner) {
            ("list", _) => Ok(Self::List(element()?)),
            ("set", _) => Ok(Self::Set(element()?)),
            ("map", _) => Ok(Self::Map(element()?)),
            ("tuple", Json::Array(types)) => {
                let types = types
                    .iter()
                    .map(Self::from_json)
                    .collect::<Result<_, _>>()?;
                Ok(Self::Tuple(types))
            }
            ("object", Json::Object(types)) => {
                let named =
                    |(name, json): (&String, &Json)| Ok((name.clone(), Self::from_json(json)?));
                Ok(Self::Object(
                    types.iter().map(named).collect::<Result<_, _>>()?,
                ))
            }
            _ => Err(InvalidType),
        }
    }

    /// Returns the JSON encoding.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Bool => "bool".into(),
            Self::Number => "number".into(),
            Self::String => "string".into(),
            Self::Dynamic => "dynamic".into(),
            Self::List(element) => json!(["list", element.to_json()]),
            Self::Set(element) => json!(["set", element.to_json()]),
            Self::Map(element) => json!(["map", element.to_json()]),
            Self::Tuple(types) => {
                let types = types.iter().map(Self::to_json).collect::<Vec<_>>();
                json!(["tuple", types])
            }
            Self::Object(types) => {
                let types = types.iter().map(|(name, ty)| (name.clone(), ty.to_json()));
                json!(["object", types.collect::<Map<_, _>>()])
            }
        }
    }

    /// Returns the JSON encoding as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.to_json().to_string().into_bytes()
    }

    /// Returns a name for values of this type, for messages to users.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Bool => "true or false",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Dynamic => "a value of any type",
            Self::List(_) | Self::Tuple(_) => "a list",
            Self::Set(_) => "a set",
            Self::Map(_) => "a map",
            Self::Object(_) => "an object",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_survives_a_round_trip() {
        let json = r#"["object",{"a":["list","string"],"b":["tuple",["bool",["map","number"]]],"c":["set","dynamic"]}]"#;
        let parsed = Type::parse(json.as_bytes());
        assert_eq!(
            parsed.map(|ty| ty.to_json().to_string()).as_deref(),
            Ok(json)
        );
    }

    #[test]
    fn text_that_is_not_a_type_is_an_error() {
        let deep = format!("{}\"string\"{}", "[\"list\",".repeat(200), "]".repeat(200));
        for json in [
            "",
            "\"text\"",
            "[\"list\"]",
            "[\"object\",[]]",
            "{}",
            "[\"tuple\",{}]",
            &deep,
        ] {
            assert_eq!(Type::parse(json.as_bytes()), Err(InvalidType), "{json}");
        }
    }
}
