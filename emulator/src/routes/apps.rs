//! `/api/v1/apps`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Emulated, nothing};
use crate::emulation::Emulation;
use crate::fields;
use crate::input::{Empty, Input, Params, decode, number};
use crate::page::{Page, PageQuery};
use crate::problem::{Answer, Code, Problem, Result};
use crate::tenant::{APP_FIELDS, StoredApp, users};

pub(super) fn routes() -> Router<Arc<Emulation>> {
    Router::new()
        .route("/api/v1/apps", get(list).post(create))
        .route("/api/v1/apps/{id}", get(read).post(update).delete(delete))
        .route("/api/v1/search/apps", post(search))
}

async fn list(State(emulation): Emulated, Params(query): Params<PageQuery>) -> Answer {
    let mut tenant = emulation.tenant();
    let apps = tenant.live_apps().map(StoredApp::view).collect();
    Ok(Json(tenant.list("apps", query.page()?, apps)))
}

/// The owners in a creation, which are not a field of an app.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Owners {
    owners: Vec<String>,
}

/// The fields of an app that can only be written later.
const NOT_YET: [&str; 8] = [
    "iconUrl",
    "appUserMapper",
    "defaultRequestCatalogId",
    "revokeGrantSources",
    "enableConnectorSourcedOwnership",
    "isManuallyManaged",
    "connectorVersion",
    "accessModel",
];

async fn create(State(emulation): Emulated, Input(request): Input<Map<String, Value>>) -> Answer {
    let mut tenant = emulation.tenant();
    let (owners, fields) = request.into_iter().partition(|(name, _)| name == "owners");
    let Owners { owners } = decode(Value::Object(owners))?;
    tenant.check_users(&owners, Code::InvalidArgument)?;
    let id = tenant.create_app(new_app(fields)?, &users(&owners));
    tenant.app_answer(&id).map(Json)
}

fn new_app(fields: Map<String, Value>) -> Result<StoredApp> {
    let (later, patch): (Vec<_>, Vec<_>) = fields::patch(APP_FIELDS, fields, None)?
        .into_iter()
        .partition(|(name, _)| NOT_YET.contains(name));
    if let Some((name, _)) = later.first() {
        return Err(Problem::invalid(format!("unknown field {name:?}")));
    }
    if !patch.iter().any(|(name, _)| *name == "displayName") {
        return Err(Problem::invalid("display_name is required"));
    }
    let mut app = StoredApp::new("");
    app.apply(patch)?;
    Ok(app)
}

async fn read(State(emulation): Emulated, Path(id): Path<String>) -> Answer {
    let tenant = emulation.tenant();
    let is_late = |app: &StoredApp| app.id == id && !app.shows(&tenant.switches);
    if tenant.apps.iter().any(is_late) {
        return Err(Problem::not_found("app", &id));
    }
    tenant.app_answer(&id).map(Json)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct UpdateRequest {
    app: Map<String, Value>,
    update_mask: Option<String>,
}

async fn update(
    State(emulation): Emulated,
    Path(id): Path<String>,
    Input(request): Input<UpdateRequest>,
) -> Answer {
    let mut tenant = emulation.tenant();
    let app = tenant.app_mut(&id)?;
    let given = request
        .app
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !given.is_empty() && given != id {
        return Err(Problem::invalid("id cannot be changed"));
    }
    app.apply(fields::patch(
        APP_FIELDS,
        request.app,
        request.update_mask.as_deref(),
    )?)?;
    tenant.app_answer(&id).map(Json)
}

async fn delete(
    State(emulation): Emulated,
    Path(id): Path<String>,
    Input(Empty {}): Input<Empty>,
) -> Answer {
    let mut tenant = emulation.tenant();
    tenant.app(&id)?;
    tenant.delete_app(&id);
    Ok(nothing())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SearchRequest {
    query: String,
    display_name: String,
    #[serde(deserialize_with = "number")]
    page_size: i64,
    page_token: String,
}

impl SearchRequest {
    fn finds(&self, app: &StoredApp) -> bool {
        let contains = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
        (contains(&app.display_name, &self.query) || contains(&app.description, &self.query))
            && contains(&app.display_name, &self.display_name)
    }
}

async fn search(State(emulation): Emulated, Input(request): Input<SearchRequest>) -> Answer {
    let mut tenant = emulation.tenant();
    let page = Page::new(request.page_size, &request.page_token)?;
    let found = tenant
        .live_apps()
        .filter(|app| request.finds(app))
        .map(StoredApp::view)
        .collect();
    Ok(Json(tenant.list("found apps", page, found)))
}
