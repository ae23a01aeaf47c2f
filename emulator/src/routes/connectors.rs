//! `/api/v1/apps/{app_id}/connectors`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Emulated, nothing};
use crate::catalog::CatalogEntry;
use crate::config::{self, Config};
use crate::emulation::Emulation;
use crate::input::{Empty, ExpandMask, Input, Params};
use crate::page::PageQuery;
use crate::problem::{Answer, Problem, Result};
use crate::switches::ConfigMode;
use crate::tenant::{NewConnector, Schedule, StoredConnector, is_busy};
use crate::time::Time;

pub(super) fn routes() -> Router<Arc<Emulation>> {
    let connectors = Router::new()
        .route("/", get(list).post(create_delegated))
        .route("/create", post(create))
        .route("/{id}", get(read).post(update).delete(delete))
        .route("/{id}/delegated", post(update))
        .route("/{id}/force_sync", post(force_sync))
        .route("/{id}/pause", post(pause))
        .route("/{id}/resume", post(resume))
        .route("/{id}/schedule", post(schedule))
        .route(
            "/{id}/confirm_sync_valid/{sync_id}",
            post(confirm_sync_valid),
        );
    Router::new().nest("/api/v1/apps/{app_id}/connectors", connectors)
}

async fn list(
    State(emulation): Emulated,
    Path(app_id): Path<String>,
    Params(query): Params<PageQuery>,
) -> Answer {
    let mut tenant = emulation.tenant();
    tenant.app(&app_id)?;
    let of_app = tenant
        .connectors
        .iter()
        .filter(|it| it.app_id == app_id && !it.is_deleted() && it.shows(&tenant.switches));
    let connectors: Vec<_> = of_app.cloned().collect();
    let views = connectors
        .iter()
        .map(|connector| tenant.connector_view(connector))
        .collect::<Result<Vec<_>>>()?;
    Ok(Json(tenant.expanded_list(
        &format!("connectors of {app_id}"),
        query.page()?,
        views,
    )))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct CreateRequest {
    catalog_id: String,
    config: Value,
    description: String,
    user_ids: Vec<String>,
    #[serde(rename = "expandMask")]
    _expand_mask: ExpandMask,
}

/// Creates a connector that is ready to sync.
async fn create(
    State(emulation): Emulated,
    Path(app_id): Path<String>,
    Input(request): Input<CreateRequest>,
) -> Answer {
    let mut tenant = emulation.tenant();
    let entry = entry(&request.catalog_id)?;
    let given = config::read(entry, request.config)?;
    let new = NewConnector {
        entry,
        display_name: String::new(),
        description: request.description,
        user_ids: request.user_ids,
        config: config::update(entry, &Config::new(), given, ConfigMode::Merge)?,
    };
    let id = tenant.create_connector(&app_id, new)?;
    tenant.connector_answer(&app_id, &id).map(Json)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct CreateDelegatedRequest {
    catalog_id: String,
    display_name: String,
    description: String,
    user_ids: Vec<String>,
    #[serde(rename = "expandMask")]
    _expand_mask: ExpandMask,
}

/// Creates a connector whose owners enter the settings.
async fn create_delegated(
    State(emulation): Emulated,
    Path(app_id): Path<String>,
    Input(request): Input<CreateDelegatedRequest>,
) -> Answer {
    let mut tenant = emulation.tenant();
    let new = NewConnector {
        entry: entry(&request.catalog_id)?,
        display_name: request.display_name,
        description: request.description,
        user_ids: request.user_ids,
        config: Config::new(),
    };
    let id = tenant.create_connector(&app_id, new)?;
    tenant.connector_answer(&app_id, &id).map(Json)
}

fn entry(catalog_id: &str) -> Result<&'static CatalogEntry> {
    CatalogEntry::find(catalog_id)
        .ok_or_else(|| Problem::invalid(format!("unknown catalog_id {catalog_id:?}")))
}

async fn read(State(emulation): Emulated, Path((app_id, id)): Path<(String, String)>) -> Answer {
    let mut tenant = emulation.tenant();
    let is_late = |it: &StoredConnector| it.id == id && !it.shows(&tenant.switches);
    if tenant.connectors.iter().any(is_late) {
        return Err(Problem::not_found("connector", &id));
    }
    tenant.connector_answer(&app_id, &id).map(Json)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct UpdateRequest {
    connector: Map<String, Value>,
    update_mask: Option<String>,
    #[serde(rename = "expandMask")]
    _expand_mask: ExpandMask,
}

/// Handles both updates. Their mask paths are not documented separately, so each accepts all.
async fn update(
    State(emulation): Emulated,
    Path((app_id, id)): Path<(String, String)>,
    Input(request): Input<UpdateRequest>,
) -> Answer {
    let mut tenant = emulation.tenant();
    tenant.update_connector(
        &app_id,
        &id,
        request.connector,
        request.update_mask.as_deref(),
    )?;
    tenant.connector_answer(&app_id, &id).map(Json)
}

async fn delete(
    State(emulation): Emulated,
    Path((app_id, id)): Path<(String, String)>,
    Input(Empty {}): Input<Empty>,
) -> Answer {
    let mut tenant = emulation.tenant();
    tenant.connector(&app_id, &id)?;
    tenant.delete_connector(&id);
    Ok(nothing())
}

/// Queues a sync, unless one is in progress.
async fn force_sync(
    State(emulation): Emulated,
    Path((app_id, id)): Path<(String, String)>,
    Input(Empty {}): Input<Empty>,
) -> Answer {
    let mut tenant = emulation.tenant();
    let switches = tenant.switches.clone();
    let has_credential = tenant
        .credentials
        .iter()
        .any(|it| it.connector_id == id && !it.revoked);
    let connector = tenant.connector(&app_id, &id)?;
    if connector.sync_disabled_at.is_some() {
        return Err(Problem::state("the connector is paused"));
    }
    if connector.config.is_empty() && !has_credential {
        return Err(Problem::state("the connector is not set up yet"));
    }
    if !is_busy(&connector.syncs) {
        connector.start_sync(connector.entry()?, &switches);
    }
    Ok(nothing())
}

async fn pause(
    State(emulation): Emulated,
    Path((app_id, id)): Path<(String, String)>,
    Input(Empty {}): Input<Empty>,
) -> Answer {
    let mut tenant = emulation.tenant();
    tenant
        .connector(&app_id, &id)?
        .sync_disabled_at
        .get_or_insert_with(Time::now);
    Ok(nothing())
}

/// Ends a pause, and starts a sync if the connector is configured.
async fn resume(
    State(emulation): Emulated,
    Path((app_id, id)): Path<(String, String)>,
    Input(Empty {}): Input<Empty>,
) -> Answer {
    let mut tenant = emulation.tenant();
    let switches = tenant.switches.clone();
    let connector = tenant.connector(&app_id, &id)?;
    connector.sync_disabled_at = None;
    if !connector.config.is_empty() && !is_busy(&connector.syncs) {
        connector.start_sync(connector.entry()?, &switches);
    }
    Ok(nothing())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ScheduleRequest {
    cron: Option<ScheduleCron>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ScheduleCron {
    cron_spec: String,
    timezone: String,
}

async fn schedule(
    State(emulation): Emulated,
    Path((app_id, id)): Path<(String, String)>,
    Input(request): Input<ScheduleRequest>,
) -> Answer {
    let cron = request
        .cron
        .ok_or_else(|| Problem::invalid("a schedule is required"))?;
    let schedule = Schedule::new(&cron.cron_spec, &cron.timezone)?;
    emulation.tenant().connector(&app_id, &id)?.schedule = Some(schedule);
    Ok(nothing())
}

/// Enables syncs again after the data-drop check stopped this sync. Another confirmation has no effect.
async fn confirm_sync_valid(
    State(emulation): Emulated,
    Path((app_id, id, sync_id)): Path<(String, String, String)>,
    Input(Empty {}): Input<Empty>,
) -> Answer {
    let mut tenant = emulation.tenant();
    let connector = tenant.connector(&app_id, &id)?;
    if connector.stopped_sync.as_ref() != Some(&sync_id) {
        return Err(Problem::not_found("stopped sync", &sync_id));
    }
    connector.sync_disabled_at = None;
    Ok(nothing())
}
