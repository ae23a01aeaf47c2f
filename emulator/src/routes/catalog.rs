//! `/api/v1/connectorcatalog`.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;

use super::Emulated;
use crate::catalog::CatalogEntry;
use crate::emulation::Emulation;
use crate::input::Input;
use crate::problem::{Answer, Problem};

pub(super) fn routes() -> Router<Arc<Emulation>> {
    Router::new().route("/api/v1/connectorcatalog", post(configuration_schema))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the API's own names")]
struct ConfigurationSchemaRequest {
    catalog_id: String,
    app_id: String,
    connector_id: String,
}

async fn configuration_schema(
    State(emulation): Emulated,
    Input(request): Input<ConfigurationSchemaRequest>,
) -> Answer {
    let mut tenant = emulation.tenant();
    if !request.connector_id.is_empty() {
        tenant.connector(&request.app_id, &request.connector_id)?;
    } else if !request.app_id.is_empty() {
        tenant.app(&request.app_id)?;
    }
    let entry = CatalogEntry::find(&request.catalog_id);
    let entry = entry.ok_or_else(|| Problem::not_found("catalog entry", &request.catalog_id))?;
    let asked_for = tenant.switches.configuration_schemas.get(entry.id);
    Ok(Json(asked_for.cloned().unwrap_or_else(|| {
        entry.configuration_schema(tenant.switches.full_form)
    })))
}
