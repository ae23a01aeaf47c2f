//! The apps that a directory discovered among its resources.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Emulated;
use crate::emulation::Emulation;
use crate::input::{ExpandMask, Input, Params};
use crate::page::PageQuery;
use crate::problem::{Answer, Code};
use crate::tenant::{Binding, BindingRef, users};

pub(super) fn routes() -> Router<Arc<Emulation>> {
    Router::new().nest(
        "/api/v1/apps/{app_id}/resource_types/{resource_type_id}/managed_state_bindings",
        Router::new()
            .route("/", get(list))
            .route("/{resource_id}", get(read))
            .route("/{resource_id}/promote", post(promote)),
    )
}

async fn list(
    State(emulation): Emulated,
    Path((app_id, resource_type_id)): Path<(String, String)>,
    Params(query): Params<PageQuery>,
) -> Answer {
    let mut tenant = emulation.tenant();
    tenant.app(&app_id)?;
    let of_type = |it: &&Binding| it.app_id == app_id && it.resource_type_id == resource_type_id;
    let bindings = tenant
        .bindings
        .iter()
        .filter(of_type)
        .map(Binding::view)
        .collect();
    Ok(Json(tenant.expanded_list(
        "managed state bindings",
        query.page()?,
        bindings,
    )))
}

async fn read(State(emulation): Emulated, Path(wanted): Path<BindingRef>) -> Answer {
    Ok(Json(answer(emulation.tenant().binding(&wanted)?)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PromoteRequest {
    user_ids: Vec<String>,
    #[serde(rename = "expandMask")]
    _expand_mask: ExpandMask,
}

async fn promote(
    State(emulation): Emulated,
    Path(wanted): Path<BindingRef>,
    Input(request): Input<PromoteRequest>,
) -> Answer {
    let mut tenant = emulation.tenant();
    tenant.check_users(&request.user_ids, Code::InvalidArgument)?;
    tenant.promote(&wanted, users(&request.user_ids))?;
    Ok(Json(answer(tenant.binding(&wanted)?)))
}

fn answer(binding: &Binding) -> Value {
    json!({"appManagementState": binding.view(), "expanded": []})
}
