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
        .route(
            "/users/{role_slug}/{user_id}",
            get(read_user).post(add_user).delete(remove_user),
        )
        .route("/entitlements", get(search_entitlements))
        .route(
            "/entitlements/{role_slug}/{entitlement_app_id}/{entitlement_id}",
            get(read_entitlement)
                .post(add_entitlement)
                .delete(remove_entitlement),
        )
        .layer(from_fn_with_state(
            Arc::clone(emulation),
            require_owners_api,
        ));
    Router::new().nest(
        "/api/v2/apps/{app_id}/connectors/{connector_id}/owners",
        owners,
    )
}

/// An old tenant has none of these paths.
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
        Owner::User(id) => tenant.check_connector_owners(std::slice::from_ref(id), Code::NotFound),
        Owner::Entitlement { id, .. } if id.is_empty() => {
            Err(Problem::invalid("app_entitlement_id is required"))
        }
        // Entitlements themselves are no part of the emulator: any id will do in an app that exists.
        Owner::Entitlement { app_id, .. } => tenant.app(app_id).map(|_| ()),
    }
}

type ConnectorPath = Path<(String, String)>;
type UserPath = Path<(String, String, String, String)>;
type EntitlementPath = Path<(String, String, String, String, String)>;

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

async fn read_user(
    State(emulation): Emulated,
    Path((app_id, connector_id, role_slug, user_id)): UserPath,
) -> Answer {
    read(
        &emulation,
        &app_id,
        &connector_id,
        &role_slug,
        &Owner::User(user_id),
    )
}

async fn read_entitlement(
    State(emulation): Emulated,
    Path((app_id, connector_id, role_slug, entitlement_app_id, entitlement_id)): EntitlementPath,
) -> Answer {
    let owner = Owner::Entitlement {
        app_id: entitlement_app_id,
        id: entitlement_id,
    };
    read(&emulation, &app_id, &connector_id, &role_slug, &owner)
}

fn read(
    emulation: &Emulation,
    app_id: &str,
    connector_id: &str,
    role_slug: &str,
    owner: &Owner,
) -> Answer {
    let mut tenant = emulation.tenant();
    let connector = tenant.connector(app_id, connector_id)?.clone();
    let row = connector
        .owners
        .visible(role_slug)
        .into_iter()
        .find(|row| row.owner == *owner);
    let row = row.ok_or_else(|| Problem::new(Code::NotFound, "owner not found"))?;
    answer(&tenant, &connector, row)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct UserRequest {
    user_ref: Option<UserRef>,
}

async fn add_user(
    State(emulation): Emulated,
    Path((app_id, connector_id, role_slug, user_id)): UserPath,
    Input(request): Input<UserRequest>,
) -> Answer {
    agree(request.user_ref.is_none_or(|user| user.id == user_id))?;
    add(
        &emulation,
        &app_id,
        &connector_id,
        &role_slug,
        Owner::User(user_id),
    )
}

async fn remove_user(
    State(emulation): Emulated,
    Path((app_id, connector_id, role_slug, user_id)): UserPath,
    Input(request): Input<UserRequest>,
) -> Answer {
    agree(request.user_ref.is_none_or(|user| user.id == user_id))?;
    remove(
        &emulation,
        &app_id,
        &connector_id,
        &role_slug,
        &Owner::User(user_id),
    )
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct EntitlementRequest {
    app_entitlement_ref: Option<AppEntitlementRef>,
}

async fn add_entitlement(
    State(emulation): Emulated,
    Path((app_id, connector_id, role_slug, entitlement_app_id, entitlement_id)): EntitlementPath,
    Input(request): Input<EntitlementRequest>,
) -> Answer {
    let owner = Owner::Entitlement {
        app_id: entitlement_app_id,
        id: entitlement_id,
    };
    agree(
        request
            .app_entitlement_ref
            .is_none_or(|given| Owner::from(given) == owner),
    )?;
    add(&emulation, &app_id, &connector_id, &role_slug, owner)
}

async fn remove_entitlement(
    State(emulation): Emulated,
    Path((app_id, connector_id, role_slug, entitlement_app_id, entitlement_id)): EntitlementPath,
    Input(request): Input<EntitlementRequest>,
) -> Answer {
    let owner = Owner::Entitlement {
        app_id: entitlement_app_id,
        id: entitlement_id,
    };
    agree(
        request
            .app_entitlement_ref
            .is_none_or(|given| Owner::from(given) == owner),
    )?;
    remove(&emulation, &app_id, &connector_id, &role_slug, &owner)
}

/// The body may repeat what the path says, but not contradict it.
fn agree(agrees: bool) -> Result<()> {
    if agrees {
        Ok(())
    } else {
        Err(Problem::invalid(
            "the body names another owner than the path",
        ))
    }
}

fn add(
    emulation: &Emulation,
    app_id: &str,
    connector_id: &str,
    role_slug: &str,
    owner: Owner,
) -> Answer {
    check_role_slug(role_slug)?;
    let mut tenant = emulation.tenant();
    tenant.connector(app_id, connector_id)?;
    check_owner(&tenant, &owner)?;
    let delay = tenant.switches.owner_delay_ms;
    let connector = tenant.connector(app_id, connector_id)?;
    let row = connector.owners.add(role_slug, owner, delay);
    let connector = connector.clone();
    answer(&tenant, &connector, &row)
}

fn remove(
    emulation: &Emulation,
    app_id: &str,
    connector_id: &str,
    role_slug: &str,
    owner: &Owner,
) -> Answer {
    let mut tenant = emulation.tenant();
    let delay = tenant.switches.owner_delay_ms;
    if tenant
        .connector(app_id, connector_id)?
        .owners
        .remove(role_slug, owner, delay)
    {
        return Ok(nothing());
    }
    Err(Problem::new(Code::NotFound, "owner not found"))
}

fn answer(tenant: &Tenant, connector: &StoredConnector, row: &OwnerRow) -> Answer {
    let member = match row.owner {
        Owner::User(_) => "connectorOwnerUser",
        Owner::Entitlement { .. } => "connectorOwnerEntitlement",
    };
    Ok(Json(json!({member: view(tenant, connector, row)?})))
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
