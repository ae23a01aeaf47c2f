//! `/api/v1/apps/{app_id}/owners`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use super::{Emulated, nothing};
use crate::emulation::Emulation;
use crate::input::Input;
use crate::problem::{Answer, Code};
use crate::tenant::{Owner, Tenant};

pub(super) fn routes() -> Router<Arc<Emulation>> {
    Router::new()
        .route("/api/v1/apps/{id}/owners", put(set))
        .route("/api/v1/apps/{id}/ownerids", get(list_ids))
}

/// Returns the visible owners. Like the live service, returns none for an app that does not exist.
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
    let mut tenant = emulation.tenant();
    tenant.app(&app_id)?;
    tenant.check_users(&request.user_ids, Code::NotFound)?;
    tenant.set_app_owners(&app_id, &request.user_ids)?;
    Ok(nothing())
}
