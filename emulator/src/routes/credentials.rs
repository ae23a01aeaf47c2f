//! Credentials of self-hosted connectors.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use super::{Emulated, nothing};
use crate::emulation::Emulation;
use crate::input::{Empty, Input};
use crate::problem::Answer;

pub(super) fn routes() -> Router<Arc<Emulation>> {
    Router::new()
        .route("/api/v1/apps/connectors/credentials", post(rotate))
        // Revoking is a POST, not a DELETE.
        .route(
            "/api/v1/apps/{app_id}/connectors/{connector_id}/credentials/{id}",
            get(read).post(revoke),
        )
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RotateRequest {
    app_id: String,
    connector_id: String,
}

/// Issues a credential. Only this response contains its secret.
async fn rotate(State(emulation): Emulated, Input(request): Input<RotateRequest>) -> Answer {
    let credential = emulation
        .tenant()
        .rotate_credential(&request.app_id, &request.connector_id)?;
    Ok(Json(json!({"credential": credential.view(true)})))
}

type CredentialPath = Path<(String, String, String)>;

async fn read(
    State(emulation): Emulated,
    Path((app_id, connector_id, id)): CredentialPath,
) -> Answer {
    let mut tenant = emulation.tenant();
    let credential = tenant.credential(&app_id, &connector_id, &id)?;
    Ok(Json(json!({"credential": credential.view(false)})))
}

async fn revoke(
    State(emulation): Emulated,
    Path((app_id, connector_id, id)): CredentialPath,
    Input(Empty {}): Input<Empty>,
) -> Answer {
    emulation
        .tenant()
        .credential(&app_id, &connector_id, &id)?
        .revoke();
    Ok(nothing())
}
