//! From the Rust struct that describes a resource to its schema, by way of JSON Schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use serde_json::Value as Json;

use super::{Attribute, Behaviour, COMMON_FORMATS, Format, Rules, Schema, Shape};
use crate::terraform::types::Type;
use crate::terraform::value::{Secret, Set, Value, json};

/// A declaration that cannot become a schema: a mistake in this program, found by its tests.
#[derive(Debug, thiserror::Error)]
#[error("the schema of {name} is wrong: {problem}")]
pub struct InvalidSchema {
    name: String,
    problem: String,
}

impl Schema {
    /// The schema that `M` declares; `formats` are known beside the common ones.
    pub fn of<M: JsonSchema>(version: i64, formats: &[Format]) -> Result<Self, InvalidSchema> {
        let declared: Declared =
            serde_json::from_value(json_schema::<M>()).map_err(|error| InvalidSchema {
                name: M::schema_name().into_owned(),
                problem: error.to_string(),
            })?;
        Ok(Self {
            version,
            description: prose(&declared.description),
            attributes: attributes(declared.properties, formats)?,
        })
    }
}

/// The JSON Schema of `M`, with every nested type written out in its place.
pub fn json_schema<M: JsonSchema>() -> Json {
    SchemaSettings::draft2020_12()
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
        .into_root_schema_for::<M>()
        .to_value()
}

/// The part of JSON Schema that declarations use.
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
    behaviours: Vec<Behaviour>,
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
        let invalid = |problem: String| InvalidSchema {
            name: name.clone(),
            problem,
        };
        let mut behaviours = std::mem::take(&mut self.behaviours);
        if self.secret && !behaviours.contains(&Behaviour::Sensitive) {
            behaviours.push(Behaviour::Sensitive);
        }
        let ty = self.ty().map_err(invalid)?;
        let default = self
            .default
            .take()
            .map(|value| json::decode(value.to_string().as_bytes(), &ty));
        Ok(Attribute {
            description: self.prose(),
            why_missing: self.why_missing.take(),
            behaviours,
            default: default
                .transpose()
                .map_err(|error| invalid(error.to_string()))?,
            rules: self.rules(formats).map_err(invalid)?,
            shape: self.shape(ty, formats)?,
            name,
        })
    }

    /// What users read, rules included that need no words of their own.
    fn prose(&self) -> String {
        let prose = prose(&self.description);
        match self.min_items {
            None => prose,
            Some(_) => format!("{prose} If set, at least one."),
        }
    }

    fn shape(self, ty: Type, formats: &[Format]) -> Result<Shape, InvalidSchema> {
        Ok(match (ty, self.items) {
            (Type::Object(_), _) => Shape::Object(attributes(self.properties, formats)?),
            (Type::List(element), Some(items)) if matches!(*element, Type::Object(_)) => {
                Shape::Objects(attributes(items.properties, formats)?)
            }
            (plain, _) => Shape::Plain(plain),
        })
    }

    fn ty(&self) -> Result<Type, String> {
        let element = |declared: &Option<Box<Self>>| match declared {
            Some(declared) => declared.ty().map(Box::new),
            None => Err("the type of its elements is missing".to_owned()),
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
                let named = |(name, declared): (&String, &Self)| Ok((name.clone(), declared.ty()?));
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
            // The form of a collection is that of each element.
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

    /// Whether a collection must have an element. No more than one can be demanded.
    fn not_empty(&self) -> Result<bool, String> {
        match self.min_items {
            None => Ok(false),
            Some(1) => Ok(true),
            Some(more) => Err(format!("at least {more} elements cannot be demanded")),
        }
    }

    fn format(&self, formats: &[Format]) -> Result<Option<Format>, String> {
        match (self.kind, self.format.as_deref()) {
            (Kind::String | Kind::Array | Kind::Object, Some(name)) => COMMON_FORMATS
                .iter()
                .chain(formats)
                .find(|format| format.name == name)
                .map(|format| Some(*format))
                .ok_or_else(|| format!("there is no format {name}")),
            // Whole numbers have formats too, which say how wide they are in Rust.
            _ => Ok(None),
        }
    }
}

/// Joins the lines of a paragraph, which are broken for readers of the source only.
fn prose(description: &str) -> String {
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

/// In a schema, a value is what it may become.
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
