//! The attributes of a resource as computed attributes of a data source.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value as Json, json};

use crate::terraform::value::{Attributes, Fields, InvalidValue};

/// The keywords of rules for configured values. Computed attributes have none.
const RULES: [&str; 6] = [
    "default", "enum", "format", "maximum", "minItems", "minimum",
];

/// The attributes of `A`, all computed. The keyword `x-data-source` replaces the description of an attribute.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ComputedAttributes<A>(pub(crate) A);

impl<A: JsonSchema> JsonSchema for ComputedAttributes<A> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        A::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = A::json_schema(generator);
        let properties = schema.get_mut("properties").and_then(Json::as_object_mut);
        for property in properties.into_iter().flat_map(|it| it.values_mut()) {
            make_computed(property);
        }
        schema
    }
}

fn make_computed(property: &mut Json) {
    let Some(keywords) = property.as_object_mut() else {
        return;
    };
    for rule in RULES {
        keywords.remove(rule);
    }
    keywords.insert("x-terraform".to_owned(), json!(["Computed"]));
    if let Some(description) = keywords.remove("x-data-source") {
        keywords.insert("description".to_owned(), description);
    }
}

impl<A: Attributes> Attributes for ComputedAttributes<A> {
    fn take(fields: &mut Fields) -> Result<Self, InvalidValue> {
        A::take(fields).map(Self)
    }

    fn put(self, fields: &mut Fields) {
        self.0.put(fields);
    }
}
