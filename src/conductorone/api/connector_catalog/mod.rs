//! The connector catalog, `/api/v1/connectorcatalog`: the settings that a catalog entry accepts.
//!
//! The catalog has an older and a newer description of settings. This module converts both to a [`CatalogSchema`].
//! Unset members are null or zero, and unset 64-bit numbers are `"0"`. Unset members and members that this version
//! does not know are not rules.

mod choice;
mod config_schema;
mod form;

use serde::Deserialize;
use serde_json::{Value, json};

use super::catalog_rules::CatalogSchema;
use crate::conductorone::http::{
    ApiPath, Cause, Client, Effect, Error, Request, none_if_unavailable, or_default,
};

use config_schema::ConfigSchema;
use form::Form;

/// `ConnectorCatalogServiceConfigurationSchemaResponse`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct SchemaResponse {
    #[serde(deserialize_with = "or_default")]
    schema: Value,
    #[serde(deserialize_with = "or_default")]
    form_schema: Value,
}

impl Client {
    /// Reads the settings that a catalog entry accepts: `POST /api/v1/connectorcatalog`. Returns `None` if the tenant
    /// does not have the entry or this API.
    pub async fn connector_catalog(
        &self,
        catalog_id: &str,
    ) -> Result<Option<CatalogSchema>, Error> {
        let path = ApiPath::fixed("/api/v1/connectorcatalog");
        let request = Request::post(path, json!({ "catalogId": catalog_id }), Effect::ReadOnly);
        let object = "a configuration schema";
        let schema = |answer: SchemaResponse| {
            let schema = answer.into_schema();
            schema
                .ok_or(Cause::Unexpected { object })?
                .with_checked_size()
        };
        let answer = self.send(&request, object, schema).await;
        none_if_unavailable(answer.map(|(schema, _)| schema))
    }
}

impl SchemaResponse {
    /// Returns the newer description, or else the older one. Returns `None` if its outline does not match the API
    /// description.
    pub(super) fn into_schema(self) -> Option<CatalogSchema> {
        let read = match (self.form_schema, self.schema) {
            (Value::Null, Value::Null) => Ok(CatalogSchema::default()),
            (Value::Null, schema) => {
                serde_json::from_value(without_nulls(schema)).map(ConfigSchema::into_schema)
            }
            (form, _) => serde_json::from_value(without_nulls(form)).map(Form::into_schema),
        };
        read.ok()
    }
}

/// Removes null members and items from a document.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Array(items) => items
            .into_iter()
            .filter(|item| !item.is_null())
            .map(without_nulls)
            .collect(),
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, member)| !member.is_null())
            .map(|(name, member)| (name, without_nulls(member)))
            .collect(),
        value => value,
    }
}
