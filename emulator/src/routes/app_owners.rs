//! `/api/v1/apps/{app_id}/owners`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use super::{Emulated, nothing};
use crate::emulation::Emulation;
use crate::input::{Empty, Input, Params};
use crate::page::PageQuery;
use crate::problem::{Answer, Code, Result};
use crate::tenant::{Owner, StoredUser, Tenant};

pub(super) fn routes() -> Router<Arc<Emulation>> {
    Router::new()
        .route(
            "/api/v1/apps/{id}/owners",
            get(list).put(set).delete(remove_many),
        )
        .route(
            "/api/v1/apps/{id}/owners/{user_id}",
            post(add).delete(remove),
        )
        .route("/api/v1/apps/{id}/ownerids", get(list_ids))
}

/// The owners that reads show; none, as on the live service, for an app that does not exist.
fn visible(tenant: &Tenant, app_id: &str) -> Vec<String> {
    let Ok(app) = tenant.app(app_id) else {
        return Vec::new();
    };
    let user = |owner: &Owner| {
        if let Owner::User(id) = owner {
            Some(id.clone())
        } else {
            None
        }
    };
    app.owners
        .visible("")
        .into_iter()
        .filter_map(|row| user(&row.owner))
        .collect()
}

async fn list(
    State(emulation): Emulated,
    Path(app_id): Path<String>,
    Params(query): Params<PageQuery>,
) -> Answer {
    let mut tenant = emulation.tenant();
    let ids = visible(&tenant, &app_id);
    let users = ids
        .iter()
        .map(|id| tenant.user(id).map(StoredUser::view))
        .collect::<Result<Vec<_>>>()?;
    Ok(Json(tenant.list(
        &format!("owners of {app_id}"),
        query.page()?,
        users,
    )))
}

async fn list_ids(State(emulation): Emulated, Path(app_id): Path<String>) -> Answer {
    let mut tenant = emulation.tenant();
    let ids = visible(&tenant, &app_id);
    Ok(Json(
        json!({"userIds": tenant.arrange(&format!("owner ids of {app_id}"), ids)}),
    ))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct OwnersRequest {
    user_ids: Vec<String>,
}

/// Replaces all owners.
async fn set(
    State(emulation): Emulated,
    Path(app_id): Path<String>,
    Input(request): Input<OwnersRequest>,
) -> Answer {
    change(&emulation, &app_id, &request.user_ids, |_| {
        request.user_ids.clone()
    })
}

async fn remove_many(
    State(emulation): Emulated,
    Path(app_id): Path<String>,
    Input(request): Input<OwnersRequest>,
) -> Answer {
    change(&emulation, &app_id, &request.user_ids, |owners| {
        without(owners, &request.user_ids)
    })
}

async fn add(
    State(emulation): Emulated,
    Path((app_id, user_id)): Path<(String, String)>,
    Input(Empty {}): Input<Empty>,
) -> Answer {
    let added = [user_id];
    change(&emulation, &app_id, &added, |owners| {
        [without(owners, &added), added.to_vec()].concat()
    })
}

async fn remove(
    State(emulation): Emulated,
    Path((app_id, user_id)): Path<(String, String)>,
    Input(Empty {}): Input<Empty>,
) -> Answer {
    let removed = [user_id];
    change(&emulation, &app_id, &removed, |owners| {
        without(owners, &removed)
    })
}

fn without(owners: &[String], removed: &[String]) -> Vec<String> {
    owners
        .iter()
        .filter(|owner| !removed.contains(owner))
        .cloned()
        .collect()
}

fn change(
    emulation: &Emulation,
    app_id: &str,
    named: &[String],
    changed: impl FnOnce(&[String]) -> Vec<String>,
) -> Answer {
    let mut tenant = emulation.tenant();
    let owners = tenant.app(app_id)?.owner_ids();
    tenant.check_users(named, Code::NotFound)?;
    tenant.set_app_owners(app_id, &changed(&owners))?;
    Ok(nothing())
}
