//! The API, one file per area.

mod app_owners;
mod apps;
mod auth;
mod catalog;
mod connectors;
mod credentials;
mod managed_state;
mod owners;
mod people;
mod synced_data;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::control;
use crate::emulation::Emulation;
use crate::problem::{Code, Problem};

/// The state in handlers.
type Emulated = State<Arc<Emulation>>;

/// Returns all routes of the emulator.
pub(crate) fn router(emulation: Arc<Emulation>) -> Router {
    let api = Router::new()
        .merge(app_owners::routes())
        .merge(apps::routes())
        .merge(catalog::routes())
        .merge(connectors::routes())
        .merge(credentials::routes())
        .merge(managed_state::routes())
        .merge(owners::routes(&emulation))
        .merge(people::routes())
        .merge(synced_data::routes())
        .fallback(not_found)
        .method_not_allowed_fallback(unimplemented)
        .layer(from_fn_with_state(
            Arc::clone(&emulation),
            auth::require_token,
        ));
    let routes = Router::new()
        .merge(control::routes())
        .merge(auth::routes())
        .merge(api)
        .with_state(emulation);
    // Wraps the routes, because it handles paths that none of them matches.
    Router::new()
        .fallback_service(routes)
        .layer(from_fn(redirect_empty_segments))
}

/// Redirects a path with an empty segment or an encoded slash to the path without it, which may be a collection.
async fn redirect_empty_segments(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let decoded = path.replace("%2F", "/").replace("%2f", "/");
    let clean: String = decoded
        .split('/')
        .filter(|segment| !segment.is_empty())
        .flat_map(|segment| ["/", segment])
        .collect();
    if clean == path || path == "/" {
        return next.run(request).await;
    }
    let query = request
        .uri()
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    (
        StatusCode::MOVED_PERMANENTLY,
        [(header::LOCATION, format!("{clean}{query}"))],
    )
        .into_response()
}

async fn not_found() -> Problem {
    Problem::new(Code::NotFound, "Not Found")
}

async fn unimplemented() -> Problem {
    Problem::new(Code::Unimplemented, "Method Not Allowed")
}

/// Returns an empty response.
pub(crate) fn nothing() -> Json<Value> {
    Json(json!({}))
}
