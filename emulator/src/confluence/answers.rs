//! The answers to requests.

use axum::Json;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderName, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::site::{ConfluenceProduct, ConfluenceSite, SpaceRoleMode, Visitor};

const DENIED_REASON: HeaderName = HeaderName::from_static("x-authentication-denied-reason");
const CAPTCHA: &str = "CAPTCHA_CHALLENGE; login-url=/login.action";
const PAGE: &str = "<!doctype html><title>A web page</title>";

/// What a path is.
#[derive(Clone, Copy)]
enum Resource {
    CurrentUser,
    Groups,
    Users,
    Spaces,
    SpaceRoleMode,
    SpaceRoles,
}

/// Answers a request.
pub(super) fn answer(site: &mut ConfluenceSite, request: &Parts) -> Response {
    if let Some((code, wait)) = site.outage {
        let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        if let Some(wait) = wait {
            response.headers_mut().insert(RETRY_AFTER, wait.into());
        }
        return response;
    }
    if let Some(target) = &site.redirect {
        return (StatusCode::FOUND, [(LOCATION, target.clone())]).into_response();
    }
    if site.is_web_page {
        return ([(CONTENT_TYPE, "text/html")], PAGE).into_response();
    }
    let Some(resource) = find(site, request).filter(|_| !site.is_missing) else {
        return refuse(StatusCode::NOT_FOUND);
    };
    let authorization = request.headers.get(AUTHORIZATION);
    let authorization = authorization.and_then(|value| value.to_str().ok());
    match site.sign_in(authorization) {
        Visitor::Unknown => refuse(StatusCode::UNAUTHORIZED),
        Visitor::NoAccess => refuse(StatusCode::FORBIDDEN),
        Visitor::Captcha => {
            let mut response = refuse(StatusCode::FORBIDDEN);
            if let Ok(reason) = CAPTCHA.parse() {
                response.headers_mut().insert(DENIED_REASON, reason);
            }
            response
        }
        visitor => show(site, resource, &visitor),
    }
}

fn find(site: &ConfluenceSite, request: &Parts) -> Option<Resource> {
    if request.method != Method::GET {
        return None;
    }
    let path = request.uri.path().strip_prefix(&site.context_path)?;
    match (site.product, path) {
        (ConfluenceProduct::Cloud, "/wiki/rest/api/user/current")
        | (ConfluenceProduct::DataCenter, "/rest/api/user/current") => Some(Resource::CurrentUser),
        (ConfluenceProduct::Cloud, "/wiki/rest/api/group")
        | (ConfluenceProduct::DataCenter, "/rest/api/group") => Some(Resource::Groups),
        (ConfluenceProduct::Cloud, "/wiki/rest/api/search/user")
        | (ConfluenceProduct::DataCenter, "/rest/api/user/list") => Some(Resource::Users),
        (ConfluenceProduct::Cloud, "/wiki/api/v2/spaces")
        | (ConfluenceProduct::DataCenter, "/rest/api/space") => Some(Resource::Spaces),
        (ConfluenceProduct::Cloud, "/wiki/api/v2/space-role-mode") => Some(Resource::SpaceRoleMode),
        (ConfluenceProduct::Cloud, "/wiki/api/v2/space-roles") => Some(Resource::SpaceRoles),
        _ => None,
    }
}

/// Shows a resource to somebody who may use Confluence.
fn show(site: &ConfluenceSite, resource: Resource, visitor: &Visitor) -> Response {
    let may_administer = matches!(
        visitor,
        Visitor::Account {
            is_administrator: true,
            ..
        }
    );
    match (resource, site.space_roles) {
        (Resource::CurrentUser, _) => Json(user(site.product, visitor)).into_response(),
        (Resource::Groups | Resource::Users, _) if !may_administer => refuse(StatusCode::FORBIDDEN),
        (Resource::Groups, _) => list(
            site.groups
                .iter()
                .map(|name| json!({"type": "group", "name": name})),
        ),
        (Resource::Users, _) => {
            let accounts = site.accounts.iter();
            list(accounts.map(|account| json!({"username": account.username})))
        }
        (Resource::Spaces, _) => list(site.spaces.iter().map(|key| json!({"key": key}))),
        (Resource::SpaceRoleMode | Resource::SpaceRoles, SpaceRoleMode::NotSupported)
        | (Resource::SpaceRoles, SpaceRoleMode::PreRoles | SpaceRoleMode::Expired) => {
            refuse(StatusCode::NOT_FOUND)
        }
        (Resource::SpaceRoleMode, mode) => Json(json!({"mode": name(mode)})).into_response(),
        (Resource::SpaceRoles, _) => list([json!({"name": "Viewer"})].into_iter()),
    }
}

fn user(product: ConfluenceProduct, visitor: &Visitor) -> Value {
    match (product, visitor) {
        (ConfluenceProduct::Cloud, Visitor::Account { id, username, .. }) => json!({
            "type": "known", "accountId": id, "accountType": "atlassian", "email": username, "displayName": username,
        }),
        (ConfluenceProduct::DataCenter, Visitor::Account { id, username, .. }) => json!({
            "type": "known", "username": username, "userKey": id, "displayName": username,
        }),
        _ => json!({"type": "anonymous", "displayName": "Anonymous"}),
    }
}

fn name(mode: SpaceRoleMode) -> &'static str {
    match mode {
        SpaceRoleMode::NotSupported | SpaceRoleMode::PreRoles => "PRE_ROLES",
        SpaceRoleMode::Transition => "ROLES_TRANSITION",
        SpaceRoleMode::Roles | SpaceRoleMode::Expired => "ROLES",
    }
}

/// A list in one page.
fn list(items: impl Iterator<Item = Value>) -> Response {
    let results: Vec<_> = items.collect();
    Json(json!({"size": results.len(), "start": 0, "results": results})).into_response()
}

fn refuse(status: StatusCode) -> Response {
    let reason = status.canonical_reason().unwrap_or_default();
    (
        status,
        Json(json!({"statusCode": status.as_u16(), "message": reason})),
    )
        .into_response()
}
