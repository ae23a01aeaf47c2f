//! Checks in a plan whether the app and the owners of a connector exist.

use crate::conductorone::{Role, User};
use crate::provider::connector::messages;
use crate::provider::owners::email_address::select_user;
use crate::provider::owners::messages as owner_messages;
use crate::provider::plan_checks::PlanChecks;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::{Set, Value};

use super::attributes::ConnectorAttributes;
use super::owners::{describe_user, diagnose_email};

/// The display names of the roles that let a user manage connectors. Older tenants have other names for Connector
/// Administrator, whose internal name is not public.
const ADMINISTRATORS: [&str; 5] = [
    "Super Administrator",
    "Connector Administrator",
    "Connector Admin",
    "Integration Administrator",
    "Integration Admin",
];
/// The internal name of the role Super Administrator.
const SUPER_ADMINISTRATOR: &str = "system:owner";

/// Checks references of `planned` that differ from the prior state.
pub(super) async fn check_references(
    checks: &PlanChecks,
    prior: Option<&ConnectorAttributes>,
    planned: &ConnectorAttributes,
    diagnostics: &mut Diagnostics,
) {
    let unset = ConnectorAttributes::default();
    let prior = prior.unwrap_or(&unset);
    if planned.app_id != prior.app_id {
        check_app(checks, &planned.app_id, diagnostics).await;
    }
    // Without addresses the IDs count, also if they replace addresses.
    if planned.owner_emails.is_null() {
        if planned.owner_ids != prior.owner_ids {
            check_owner_ids(checks, &planned.owner_ids, diagnostics).await;
        }
    } else if planned.owner_emails != prior.owner_emails {
        check_owner_emails(checks, &planned.owner_emails, diagnostics).await;
    }
}

async fn check_app(checks: &PlanChecks, id: &Value<String>, diagnostics: &mut Diagnostics) {
    let Some(id) = id.known() else { return };
    let session = checks.session();
    let request = session.lookups().app(session.api(), id);
    if let Some(None) = checks.ask(request, diagnostics).await {
        diagnostics.push(messages::app_not_found(id));
    }
}

async fn check_owner_ids(
    checks: &PlanChecks,
    ids: &Value<Set<String>>,
    diagnostics: &mut Diagnostics,
) {
    let Some(ids) = ids.known() else { return };
    let ids: Vec<String> = ids.known().cloned().collect();
    let session = checks.session();
    let request = session.lookups().users(session.api(), &ids);
    let Some(users) = checks.ask(request, diagnostics).await else {
        return;
    };
    for id in ids {
        match users.iter().find(|user| user.id == id) {
            Some(user) => check_owner(checks, "owner_ids", user, diagnostics).await,
            None => diagnostics.push(owner_messages::no_such_id(&id)),
        }
    }
}

async fn check_owner_emails(
    checks: &PlanChecks,
    emails: &Value<Set<String>>,
    diagnostics: &mut Diagnostics,
) {
    let Some(emails) = emails.known() else { return };
    let session = checks.session();
    for email in emails.known() {
        let request = session.lookups().users_with_email(session.api(), email);
        match checks.ask(request, diagnostics).await.map(select_user) {
            Some(Ok(user)) => check_owner(checks, "owner_emails", &user, diagnostics).await,
            Some(Err(reason)) => diagnostics.push(diagnose_email(email, &reason)),
            None => {}
        }
    }
}

/// Checks that a user can manage a connector.
async fn check_owner(
    checks: &PlanChecks,
    attribute: &str,
    user: &User,
    diagnostics: &mut Diagnostics,
) {
    if user.is_disabled() {
        diagnostics.push(owner_messages::not_enabled(&describe_user(user), attribute));
        return;
    }
    // If the API shows neither, the credential may not see them.
    if user.role_ids.is_empty() && user.email.is_none() {
        return;
    }
    let session = checks.session();
    let request = session.lookups().roles(session.api());
    let roles = checks.ask(request, diagnostics).await.unwrap_or_default();
    let mut fitting = roles.iter().filter(|role| manages_connectors(role));
    let has = |role: &Role| user.role_ids.contains(&role.id);
    if fitting.clone().next().is_some() && !fitting.any(has) {
        diagnostics.push(owner_messages::lacks_role(&describe_user(user), attribute));
    }
}

/// Returns whether the holders of a role can manage connectors.
pub(crate) fn manages_connectors(role: &Role) -> bool {
    role.name == SUPER_ADMINISTRATOR || ADMINISTRATORS.contains(&role.display_name.as_str())
}
