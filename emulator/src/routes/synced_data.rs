//! What connectors have brought: `/api/v1/apps/{app_id}/app_users`, `entitlements`, `resource_types`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};

use super::Emulated;
use crate::emulation::Emulation;
use crate::input::Params;
use crate::page::PageQuery;
use crate::problem::{Answer, Problem};
use crate::tenant::{ResourceType, Synced};

pub(super) fn routes() -> Router<Arc<Emulation>> {
    Router::new()
        .route("/api/v1/apps/{app_id}/app_users", get(list_accounts))
        .route("/api/v1/apps/{app_id}/entitlements", get(list_entitlements))
        .route("/api/v1/apps/{app_id}/resource_types", get(list_types))
        .route(
            "/api/v1/apps/{app_id}/resource_types/{resource_type_id}/resources",
            get(list_resources),
        )
}

async fn list_accounts(
    state: Emulated,
    Path(app_id): Path<String>,
    Params(query): Params<PageQuery>,
) -> Answer {
    list(&state, &app_id, &query, Synced::Accounts)
}

async fn list_entitlements(
    state: Emulated,
    Path(app_id): Path<String>,
    Params(query): Params<PageQuery>,
) -> Answer {
    list(&state, &app_id, &query, Synced::Entitlements)
}

fn list(State(emulation): &Emulated, app_id: &str, query: &PageQuery, what: Synced) -> Answer {
    let mut tenant = emulation.tenant();
    tenant.app(app_id)?;
    let views = tenant.synced(app_id, what);
    let name = format!("{what:?} of {app_id}");
    Ok(Json(tenant.expanded_list(&name, query.page()?, views)))
}

async fn list_types(
    State(emulation): Emulated,
    Path(app_id): Path<String>,
    Params(query): Params<PageQuery>,
) -> Answer {
    let mut tenant = emulation.tenant();
    tenant.app(&app_id)?;
    let synced = tenant.synced_types(&app_id);
    let stored = tenant.resource_types.iter();
    let stored = stored.filter(|it| it.app_id == app_id);
    let types = stored.chain(&synced).map(ResourceType::view).collect();
    Ok(Json(tenant.expanded_list(
        "resource types",
        query.page()?,
        types,
    )))
}

async fn list_resources(
    State(emulation): Emulated,
    Path((app_id, resource_type_id)): Path<(String, String)>,
    Params(query): Params<PageQuery>,
) -> Answer {
    let mut tenant = emulation.tenant();
    tenant.app(&app_id)?;
    let synced = tenant.synced_types(&app_id);
    let mut types = tenant.resource_types.iter().chain(&synced);
    if !types.any(|it| it.app_id == app_id && it.id == resource_type_id) {
        return Err(Problem::not_found("resource type", &resource_type_id));
    }
    let views = tenant.synced_resources(&app_id, &resource_type_id);
    Ok(Json(tenant.expanded_list(
        &format!("{resource_type_id} of {app_id}"),
        query.page()?,
        views,
    )))
}
