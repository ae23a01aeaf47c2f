//! The older description of settings, `c1.api.integration.connector.v1`. It does not state which settings are
//! required.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::super::catalog_rules::{
    BoolRules, CatalogSchema, Field, FieldKind, ListRules, Relationship, RelationshipKind,
    StringRules, or_no_rules,
};
use super::choice::Choice;

/// `ConfigSchema`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ConfigSchema {
    fields: Vec<ConfigField>,
}

/// `Field`. Exactly one of the kinds is set.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ConfigField {
    name: String,
    display_name: String,
    depends_on_fields: Vec<String>,
    str: Option<Validated>,
    text: Option<Validated>,
    import: Option<Validated>,
    str_list: Option<Validated>,
    select: Option<SelectField>,
    checkbox: Option<IgnoredAny>,
    key_value: Option<IgnoredAny>,
    string_map: Option<IgnoredAny>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Validated {
    secret: bool,
    /// In a list, the rules for each item.
    #[serde(deserialize_with = "or_no_rules")]
    value_validator: StringRules,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SelectField {
    items: Vec<Choice>,
}

impl ConfigSchema {
    pub(super) fn into_schema(self) -> CatalogSchema {
        CatalogSchema {
            relationships: self.fields.iter().map(ConfigField::dependency).collect(),
            fields: self.fields.into_iter().map(Field::from).collect(),
        }
    }
}

impl ConfigField {
    fn dependency(&self) -> Relationship {
        Relationship {
            fields: vec![self.name.clone()],
            kind: RelationshipKind::DependentOn(self.depends_on_fields.clone()),
        }
    }
}

impl From<ConfigField> for Field {
    fn from(field: ConfigField) -> Self {
        let text = field.str.or(field.text).or(field.import);
        let list = field
            .str_list
            .map(|it| ListRules::for_items(it.value_validator));
        let options = field.select.map(|it| Choice::values(it.items));
        Self {
            name: field.name,
            display_name: field.display_name,
            required: false,
            secret: text.as_ref().is_some_and(|it| it.secret),
            kind: text
                .map(|it| FieldKind::Text(it.value_validator, Vec::new()))
                .or(list.map(FieldKind::List))
                .or(options.map(|it| FieldKind::Text(StringRules::default(), it)))
                .or(field
                    .checkbox
                    .map(|_| FieldKind::Flag(BoolRules::default())))
                .or(field
                    .key_value
                    .or(field.string_map)
                    .map(|_| FieldKind::Unchecked))
                .unwrap_or_default(),
        }
    }
}
