//! The emulator's control endpoints for other processes. They require no token, and the journal does not record them.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::config::Config;
use crate::emulation::Emulation;
use crate::faults::Fault;
use crate::input::{Input, Params};
use crate::problem::{Answer, Problem};
use crate::routes::nothing;

/// The prefix of the paths in this module.
pub(crate) const PREFIX: &str = "/_emulator/";

type Emulated = State<Arc<Emulation>>;

pub(crate) fn routes() -> Router<Arc<Emulation>> {
    Router::new()
        .route("/_emulator/journal", get(journal))
        .route("/_emulator/switches", get(switches).put(switch))
        .route("/_emulator/faults", post(add_fault).delete(clear_faults))
        .route("/_emulator/connectors", get(connectors))
        .route("/_emulator/connectors/{id}", post(edit_connector))
        .route("/_emulator/connectors/{id}/delete", post(delete_connector))
        .route("/_emulator/connectors/{id}/sync", post(sync_connector))
        .route("/_emulator/credentials", get(credentials))
}

async fn journal(State(emulation): Emulated) -> Json<Value> {
    let traffic = emulation.traffic();
    Json(
        json!({"connectionsOpened": traffic.connections.opened, "requests": traffic.journal.entries()}),
    )
}

async fn switches(State(emulation): Emulated) -> Json<Value> {
    Json(json!(emulation.tenant().switches))
}

/// Changes the switches in the body. Null sets an optional switch to none.
async fn switch(State(emulation): Emulated, Json(given): Json<Map<String, Value>>) -> Answer {
    let mut tenant = emulation.tenant();
    let mut switches = json!(tenant.switches);
    if let Some(fields) = switches.as_object_mut() {
        fields.extend(given);
    }
    tenant.switches =
        serde_json::from_value(switches).map_err(|error| Problem::invalid(error.to_string()))?;
    Ok(Json(json!(tenant.switches)))
}

async fn add_fault(State(emulation): Emulated, Input(fault): Input<Fault>) -> Json<Value> {
    emulation.traffic().faults.add(fault);
    nothing()
}

async fn clear_faults(State(emulation): Emulated) -> Json<Value> {
    emulation.traffic().faults.clear();
    nothing()
}

async fn connectors(State(emulation): Emulated) -> Json<Value> {
    Json(json!({"connectors": emulation.tenant().connectors}))
}

/// A change that a user makes in the web interface.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Edit {
    display_name: Option<String>,
    description: Option<String>,
    /// The keys to replace.
    config: Config,
}

async fn edit_connector(
    State(emulation): Emulated,
    Path(id): Path<String>,
    Input(edit): Input<Edit>,
) -> Answer {
    let mut tenant = emulation.tenant();
    let connector = tenant
        .connectors
        .iter_mut()
        .find(|connector| connector.id == id);
    let connector = connector.ok_or_else(|| Problem::not_found("connector", &id))?;
    connector.display_name = edit
        .display_name
        .unwrap_or_else(|| connector.display_name.clone());
    connector.description = edit
        .description
        .unwrap_or_else(|| connector.description.clone());
    if !edit.config.is_empty() {
        connector.reconfigure(edit.config);
    }
    Ok(nothing())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Deletion {
    mode: DeletionMode,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum DeletionMode {
    #[default]
    Soft,
    Hard,
}

async fn delete_connector(
    State(emulation): Emulated,
    Path(id): Path<String>,
    Params(deletion): Params<Deletion>,
) -> Json<Value> {
    let mut tenant = emulation.tenant();
    tenant.delete_connector(&id);
    if deletion.mode == DeletionMode::Hard {
        tenant.connectors.retain(|connector| connector.id != id);
    }
    nothing()
}

/// A sync of a connector that users run.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sync {
    /// Its result, if it fails.
    error: Option<String>,
}

async fn sync_connector(
    State(emulation): Emulated,
    Path(id): Path<String>,
    Input(sync): Input<Sync>,
) -> Answer {
    emulation.tenant().sync_connector(&id, sync.error)?;
    Ok(nothing())
}

async fn credentials(State(emulation): Emulated) -> Json<Value> {
    Json(json!({"credentials": emulation.tenant().credentials}))
}
