//! Users, roles, and the caller's identity.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use super::Emulated;
use crate::emulation::Emulation;
use crate::input::{ExpandMask, Input, Params, UserRef, number};
use crate::page::{Page, PageQuery};
use crate::problem::{Answer, Problem};
use crate::switches::DeletedAnswer;
use crate::tenant::{Role, StoredUser, user_view};

pub(super) fn routes() -> Router<Arc<Emulation>> {
    Router::new()
        .route("/api/v1/users", get(list))
        .route("/api/v1/users/{id}", get(read))
        .route("/api/v1/users/introspect", post(introspect_user))
        .route("/api/v1/search/users", post(search))
        .route("/api/v1/iam/roles", get(list_roles))
        .route("/api/v1/auth/introspect", get(introspect))
}

async fn list(State(emulation): Emulated, Params(query): Params<PageQuery>) -> Answer {
    let mut tenant = emulation.tenant();
    let is_there = |user: &&StoredUser| user.deleted_at.is_none();
    let users = tenant
        .users
        .iter()
        .filter(is_there)
        .map(user_view)
        .collect();
    Ok(Json(tenant.expanded_list("users", query.page()?, users)))
}

async fn read(State(emulation): Emulated, Path(id): Path<String>) -> Answer {
    let tenant = emulation.tenant();
    let user = tenant.user(&id)?;
    if user.deleted_at.is_some() && tenant.switches.deleted_answer == DeletedAnswer::NotFound {
        return Err(Problem::not_found("user", &id));
    }
    Ok(Json(json!({"userView": user_view(user), "expanded": []})))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct IntrospectRequest {
    #[serde(rename = "expandMask")]
    _expand_mask: ExpandMask,
}

async fn introspect_user(State(emulation): Emulated, Input(_): Input<IntrospectRequest>) -> Answer {
    let tenant = emulation.tenant();
    Ok(Json(
        json!({"userView": user_view(tenant.user(&tenant.caller)?), "expanded": []}),
    ))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SearchRequest {
    email: String,
    query: String,
    refs: Vec<UserRef>,
    #[serde(deserialize_with = "number")]
    page_size: i64,
    page_token: String,
}

impl SearchRequest {
    fn finds(&self, user: &StoredUser) -> bool {
        let contains = |text: &str| text.to_lowercase().contains(&self.query.to_lowercase());
        (self.email.is_empty() || self.email.eq_ignore_ascii_case(&user.email))
            && (contains(&user.display_name) || contains(&user.email))
            && (self.refs.is_empty() || self.refs.iter().any(|it| it.id == user.id))
    }
}

/// Searches users. Unlike a list, a search also returns deleted users.
async fn search(State(emulation): Emulated, Input(request): Input<SearchRequest>) -> Answer {
    let mut tenant = emulation.tenant();
    let page = Page::new(request.page_size, &request.page_token)?;
    let found = tenant
        .users
        .iter()
        .filter(|user| request.finds(user))
        .map(user_view)
        .collect();
    Ok(Json(tenant.expanded_list("found users", page, found)))
}

async fn list_roles(State(emulation): Emulated, Params(query): Params<PageQuery>) -> Answer {
    let mut tenant = emulation.tenant();
    let roles = tenant.roles.iter().map(Role::view).collect();
    Ok(Json(tenant.list("roles", query.page()?, roles)))
}

async fn introspect(State(emulation): Emulated) -> Answer {
    let tenant = emulation.tenant();
    Ok(Json(json!({
        "userId": tenant.caller, "principleId": tenant.authentication.client.id, "tenantId": tenant.id,
        // Service roles, which are not the roles of users.
        "roles": ["role/c1.api.auth.v1.Auth:Admin", "role/c1.api.app.v1.ConnectorService:Admin"],
        "permissions": [], "features": [], "disabledModules": [], "deviceClientId": "",
    })))
}
