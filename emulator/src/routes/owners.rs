//! `/api/v2/apps/{app_id}/connectors/{connector_id}/owners`.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Emulated, not_found, nothing};
use crate::emulation::Emulation;
use crate::input::{AppEntitlementRef, Input, Params, UserRef};
use crate::page::PageQuery;
use crate::problem::{Answer, Code, Problem, Result};
use crate::switches::OwnersApi;
use crate::tenant::{Owner, OwnerRow, Scope, StoredConnector, Tenant, check_role_slug};

pub(super) fn routes(emulation: &Arc<Emulation>) -> Router<Arc<Emulation>> {
    let owners = Router::new()
        .route("/", put(set))
        .route("/users", get(search_users))
        .route("/entitlements", get(search_entitlements))
        .layer(from_fn_with_state(
            Arc::clone(emulation),
            require_owners_api,
        ));
    Router::new().nest(
        "/api/v2/apps/{app_id}/connectors/{connector_id}/owners",
        owners,
    )
}

/// Returns 404 if the tenant has no API for owners.
async fn require_owners_api(State(emulation): Emulated, request: Request, next: Next) -> Response {
    let owners_api = emulation.tenant().switches.owners_api;
    match owners_api {
        OwnersApi::V2 => next.run(request).await,
        OwnersApi::Absent => not_found().await.into_response(),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SetRequest {
    role_slug: String,
    user_refs: Vec<UserRef>,
    app_entitlement_refs: Vec<AppEntitlementRef>,
}

/// Replaces all owners of a role.
async fn set(
    State(emulation): Emulated,
    Path((app_id, connector_id)): Path<(String, String)>,
    Input(request): Input<SetRequest>,
) -> Answer {
    check_role_slug(&request.role_slug)?;
    let mut tenant = emulation.tenant();
    tenant.connector(&app_id, &connector_id)?;
    let users = request
        .user_refs
        .into_iter()
        .map(|user| Owner::User(user.id));
    let owners: Vec<_> = users
        .chain(request.app_entitlement_refs.into_iter().map(Owner::from))
        .collect();
    for owner in &owners {
        check_owner(&tenant, owner)?;
    }
    let delay = tenant.switches.owner_delay_ms;
    let connector = tenant.connector(&app_id, &connector_id)?;
    connector.owners.replace(
        Scope::Role(&request.role_slug),
        &request.role_slug,
        &owners,
        delay,
    );
    Ok(nothing())
}

fn check_owner(tenant: &Tenant, owner: &Owner) -> Result<()> {
    match owner {
        Owner::User(id) => tenant.check_users(std::slice::from_ref(id), Code::NotFound),
        Owner::Entitlement { id, .. } if id.is_empty() => {
            Err(Problem::invalid("app_entitlement_id is required"))
        }
        // The emulator has no entitlements, so it accepts any ID in an existing app.
        Owner::Entitlement { app_id, .. } => tenant.app(app_id).map(|_| ()),
    }
}

type ConnectorPath = Path<(String, String)>;

async fn search_users(
    State(emulation): Emulated,
    Path(path): ConnectorPath,
    Params(query): Params<PageQuery>,
) -> Answer {
    search(&emulation, &path, &query, "users", |owner| {
        matches!(owner, Owner::User(_))
    })
}

async fn search_entitlements(
    State(emulation): Emulated,
    Path(path): ConnectorPath,
    Params(query): Params<PageQuery>,
) -> Answer {
    search(&emulation, &path, &query, "entitlements", |owner| {
        matches!(owner, Owner::Entitlement { .. })
    })
}

fn search(
    emulation: &Emulation,
    (app_id, connector_id): &(String, String),
    query: &PageQuery,
    what: &str,
    wanted: fn(&Owner) -> bool,
) -> Answer {
    let mut tenant = emulation.tenant();
    let connector = tenant.connector(app_id, connector_id)?.clone();
    let rows = connector.owners.visible(&query.role_slug);
    let rows = rows
        .into_iter()
        .filter(|row| wanted(&row.owner))
        .map(|row| view(&tenant, &connector, row));
    let rows = rows.collect::<Result<Vec<_>>>()?;
    Ok(Json(tenant.list(
        &format!("{what} of {connector_id}"),
        query.page()?,
        rows,
    )))
}

fn view(tenant: &Tenant, connector: &StoredConnector, row: &OwnerRow) -> Result<Value> {
    let (member, owner) = match &row.owner {
        Owner::User(id) => ("user", tenant.user(id)?.view()),
        Owner::Entitlement { app_id, id } => ("appEntitlement", app_entitlement(app_id, id)),
    };
    Ok(json!({
        "appId": connector.app_id, "connectorId": connector.id, "roleSlug": row.role_slug,
        "createdAt": row.created_at, member: owner,
    }))
}

fn app_entitlement(app_id: &str, id: &str) -> Value {
    json!({
        "id": id, "appId": app_id, "displayName": "", "description": "", "alias": "", "slug": "", "annotations": {},
        "appResourceId": "", "appResourceTypeId": "", "certifyPolicyId": "", "complianceFrameworkValueIds": [],
        "defaultValuesApplied": false, "deprovisionerPolicy": null, "emergencyGrantEnabled": false,
        "emergencyGrantPolicyId": "", "externalId": "", "grantCount": "0", "grantPolicyId": "",
        "isAutomationEnabled": false, "isManuallyManaged": false, "matchBatonId": "",
        "overrideAccessRequestsDefaults": false, "provisionerPolicy": null,
        "purpose": "APP_ENTITLEMENT_PURPOSE_VALUE_UNSPECIFIED", "requestSchemaId": "", "revokePolicyId": "",
        "riskLevelValueId": "", "sourceConnectorIds": {}, "systemBuiltin": false, "userEditedMask": null,
        "createdAt": null, "updatedAt": null, "deletedAt": null,
    })
}
