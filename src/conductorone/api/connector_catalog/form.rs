//! The newer description of settings, `c1.api.form.v1`.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::super::catalog_rules::{
    BoolRules, CatalogSchema, Field, FieldKind, IntRules, ListRules, Relationship,
    RelationshipKind, StringRules, or_no_rules,
};
use super::choice::Choice;

/// `c1.api.form.v1.Form`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Form {
    fields: Vec<FormField>,
    field_relationships: Vec<FieldRelationship>,
}

/// `c1.api.form.v1.Field`. Exactly one of the kinds is set.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct FormField {
    name: String,
    display_name: String,
    required: bool,
    read_only: bool,
    string_field: Option<StringField>,
    bool_field: Option<Ruled<BoolRules>>,
    int64_field: Option<Ruled<IntRules>>,
    string_slice_field: Option<Ruled<ListRules>>,
    string_map_field: Option<Ruled<MapRules>>,
    file_field: Option<IgnoredAny>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct StringField {
    #[serde(deserialize_with = "or_no_rules")]
    rules: StringRules,
    password_field: Option<IgnoredAny>,
    select_field: SelectField,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SelectField {
    options: Vec<Choice>,
}

/// Another kind of field with rules.
#[derive(Default, Deserialize)]
#[serde(default, bound = "R: Default + DeserializeOwned")]
struct Ruled<R> {
    #[serde(deserialize_with = "or_no_rules")]
    rules: R,
}

/// `c1.api.form.v1.StringMapRules`. Its `validateEmpty` applies further rules to an empty map, but there are no such
/// rules.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct MapRules {
    is_required: bool,
}

/// `c1.api.form.v1.FieldRelationship`. Exactly one of the kinds is set.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct FieldRelationship {
    field_names: Vec<String>,
    required_together: Option<IgnoredAny>,
    mutually_exclusive: Option<IgnoredAny>,
    at_least_one: Option<IgnoredAny>,
    dependent_on: Option<DependentOn>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct DependentOn {
    dependency_field_names: Vec<String>,
}

impl Form {
    pub(super) fn into_schema(self) -> CatalogSchema {
        let relationships = self.field_relationships.into_iter();
        CatalogSchema {
            fields: self.fields.into_iter().map(Field::from).collect(),
            relationships: relationships
                .filter_map(FieldRelationship::into_relationship)
                .collect(),
        }
    }
}

impl From<FormField> for Field {
    fn from(field: FormField) -> Self {
        Self {
            // Users cannot set a read-only field.
            required: field.is_required() && !field.read_only,
            secret: field.is_secret(),
            name: field.name,
            display_name: field.display_name,
            kind: field
                .string_field
                .map(|it| FieldKind::Text(it.rules, Choice::values(it.select_field.options)))
                .or_else(|| field.bool_field.map(|it| FieldKind::Flag(it.rules)))
                .or_else(|| field.int64_field.map(|it| FieldKind::Number(it.rules)))
                .or_else(|| field.string_slice_field.map(|it| FieldKind::List(it.rules)))
                .or_else(|| field.string_map_field.map(|_| FieldKind::Unchecked))
                .or_else(|| field.file_field.map(|_| FieldKind::Unchecked))
                .unwrap_or_default(),
        }
    }
}

impl FormField {
    fn is_required(&self) -> bool {
        let map = self.string_map_field.as_ref();
        self.required || map.is_some_and(|map| map.rules.is_required)
    }

    fn is_secret(&self) -> bool {
        let text = self.string_field.as_ref();
        text.is_some_and(|text| text.password_field.is_some())
    }
}

impl FieldRelationship {
    fn into_relationship(self) -> Option<Relationship> {
        let kind = if self.required_together.is_some() {
            RelationshipKind::RequiredTogether
        } else if self.mutually_exclusive.is_some() {
            RelationshipKind::MutuallyExclusive
        } else if self.at_least_one.is_some() {
            RelationshipKind::AtLeastOne
        } else {
            RelationshipKind::DependentOn(self.dependent_on?.dependency_field_names)
        };
        Some(Relationship {
            fields: self.field_names,
            kind,
        })
    }
}
