//! Conversion of a declaration, which is a Rust struct, to a schema. JSON Schema is the intermediate step.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use serde_json::Value as Json;

use super::definition::{Attribute, AttributeFlag, AttributeType, Rules, Schema};
use super::format::{COMMON_FORMATS, Format};
use crate::terraform::types::Type;
use crate::terraform::value::{Secret, Set, Value, json};

/// A declaration that is not a valid schema. This is a bug, which the tests find.
#[derive(Debug, thiserror::Error)]
#[error("the schema of {name} is invalid: {reason}")]
pub struct InvalidSchema {
    name: String,
    reason: String,
}

impl Schema {
    /// Returns the schema that `M` declares. `formats` adds to the common formats.
    pub fn from_declaration<M: JsonSchema>(
        version: i64,
        formats: &[Format],
    ) -> Result<Self, InvalidSchema> {
        let declared: Declared =
            serde_json::from_value(json_schema::<M>()).map_err(|error| InvalidSchema {
                name: M::schema_name().into_owned(),
                reason: error.to_string(),
            })?;
        Ok(Self {
            version,
            description: joined_lines(&declared.description),
            deprecated: declared.deprecated,
            attributes: attributes(declared.properties, formats)?,
        })
    }
}

/// Returns the JSON Schema of `M`, with all nested types inlined.
fn json_schema<M: JsonSchema>() -> Json {
    SchemaSettings::draft2020_12()
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
        .into_root_schema_for::<M>()
        .to_value()
}

/// The subset of JSON Schema that declarations use.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Declared {
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default)]
    description: String,
    #[serde(default)]
    properties: BTreeMap<String, Declared>,
    items: Option<Box<Declared>>,
    #[serde(default)]
    unique_items: bool,
    additional_properties: Option<Box<Declared>>,
    format: Option<String>,
    minimum: Option<i64>,
    maximum: Option<i64>,
    #[serde(alias = "minProperties")]
    min_items: Option<usize>,
    #[serde(default, rename = "enum")]
    one_of: Vec<String>,
    default: Option<Json>,
    #[serde(default, rename = "x-secret")]
    secret: bool,
    #[serde(default, rename = "x-terraform")]
    flags: Vec<AttributeFlag>,
    #[serde(rename = "x-deprecated")]
    deprecated: Option<String>,
    #[serde(rename = "x-why-missing")]
    why_missing: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Array,
    Boolean,
    Integer,
    Object,
    String,
}

fn attributes(
    declared: BTreeMap<String, Declared>,
    formats: &[Format],
) -> Result<Vec<Attribute>, InvalidSchema> {
    declared
        .into_iter()
        .map(|(name, declared)| declared.attribute(name, formats))
        .collect()
}

impl Declared {
    fn attribute(mut self, name: String, formats: &[Format]) -> Result<Attribute, InvalidSchema> {
        let invalid = |reason: String| InvalidSchema {
            name: name.clone(),
            reason,
        };
        let mut flags = std::mem::take(&mut self.flags);
        if self.secret && !flags.contains(&AttributeFlag::Sensitive) {
            flags.push(AttributeFlag::Sensitive);
        }
        let ty = self.value_type().map_err(invalid)?;
        let default = self
            .default
            .take()
            .map(|value| json::decode(value.to_string().as_bytes(), &ty));
        Ok(Attribute {
            description: self.full_description(),
            deprecated: self.deprecated.take(),
            why_missing: self.why_missing.take(),
            flags,
            default: default
                .transpose()
                .map_err(|error| invalid(error.to_string()))?,
            rules: self.rules(formats).map_err(invalid)?,
            ty: self.attribute_type(ty, formats)?,
            name,
        })
    }

    /// Returns the description, including the rules that the declaration does not have to repeat in words.
    fn full_description(&self) -> String {
        let description = joined_lines(&self.description);
        match self.min_items {
            None => description,
            Some(_) => format!("{description} If set, at least one."),
        }
    }

    fn attribute_type(self, ty: Type, formats: &[Format]) -> Result<AttributeType, InvalidSchema> {
        Ok(match (ty, self.items) {
            (Type::Object(_), _) => {
                AttributeType::SingleNested(attributes(self.properties, formats)?)
            }
            (Type::List(element), Some(items)) if matches!(*element, Type::Object(_)) => {
                AttributeType::ListNested(attributes(items.properties, formats)?)
            }
            (plain, _) => AttributeType::Plain(plain),
        })
    }

    fn value_type(&self) -> Result<Type, String> {
        let element = |declared: &Option<Box<Self>>| match declared {
            Some(declared) => declared.value_type().map(Box::new),
            None => Err("the element type is missing".to_owned()),
        };
        Ok(match self.kind {
            Kind::Boolean => Type::Bool,
            Kind::Integer => Type::Number,
            Kind::String => Type::String,
            Kind::Array if self.unique_items => Type::Set(element(&self.items)?),
            Kind::Array => Type::List(element(&self.items)?),
            Kind::Object if self.additional_properties.is_some() => {
                Type::Map(element(&self.additional_properties)?)
            }
            Kind::Object => {
                let named =
                    |(name, declared): (&String, &Self)| Ok((name.clone(), declared.value_type()?));
                Type::Object(
                    self.properties
                        .iter()
                        .map(named)
                        .collect::<Result<_, String>>()?,
                )
            }
        })
    }

    fn rules(&self, formats: &[Format]) -> Result<Rules, String> {
        let items = self.items.as_ref().or(self.additional_properties.as_ref());
        let format = self.format(formats)?;
        let items = items.map(|items| {
            let rules = items.rules(formats)?;
            // The format of a collection applies to each element.
            Ok::<_, String>(Box::new(Rules {
                format: rules.format.or(format),
                one_of: self.one_of.clone(),
                ..rules
            }))
        });
        Ok(Rules {
            format: format.filter(|_| items.is_none()),
            minimum: self.minimum,
            maximum: self.maximum,
            not_empty: self.not_empty()?,
            one_of: if items.is_some() {
                Vec::new()
            } else {
                self.one_of.clone()
            },
            items: items.transpose()?,
        })
    }

    /// Returns whether a collection must have at least one element. Higher minimums are not supported.
    fn not_empty(&self) -> Result<bool, String> {
        match self.min_items {
            None => Ok(false),
            Some(1) => Ok(true),
            Some(more) => Err(format!("a minimum of {more} elements is not supported")),
        }
    }

    fn format(&self, formats: &[Format]) -> Result<Option<Format>, String> {
        match (self.kind, self.format.as_deref()) {
            (Kind::String | Kind::Array | Kind::Object, Some(name)) => COMMON_FORMATS
                .iter()
                .chain(formats)
                .find(|format| format.name == name)
                .map(|format| Some(*format))
                .ok_or_else(|| format!("the format {name} does not exist")),
            // schemars also sets a format for whole numbers, which is their size in Rust.
            _ => Ok(None),
        }
    }
}

/// Joins the lines of each paragraph, because the line breaks are only for readers of the source.
fn joined_lines(description: &str) -> String {
    let paragraphs = description
        .split("\n\n")
        .map(|paragraph| paragraph.replace('\n', " "));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

impl JsonSchema for Secret {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "x-secret": true })
    }
}

/// The schema of a value is the schema of the known value.
impl<T: JsonSchema> JsonSchema for Value<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::json_schema(generator)
    }
}

impl<T: JsonSchema> JsonSchema for Set<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Set_of_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "array",
            "uniqueItems": true,
            "items": generator.subschema_for::<T>(),
        })
    }
}
