//! The connector catalog, `/api/v1/connectorcatalog`: which settings an entry takes.
//!
//! The catalog describes settings in an older and a newer way. Both become a [`CatalogSchema`]. Unset members come as null
//! or zero, unset numbers of 64 bits as `"0"`: all of that means "no rule", and so does what this version does not know.

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
    /// Reads which settings a catalog entry takes: `POST /api/v1/connectorcatalog`. None if the tenant does not have
    /// the entry, or not this API.
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
    /// The newer description, or else the older one. None if its outline is not what the API documents.
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

/// The document, in which only what is set is left.
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
