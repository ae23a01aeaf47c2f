//! The space roles of Confluence Cloud, which a connector with `use_rbac` requires.

use serde::Deserialize;

use super::account::{check_current_user, is_not_found};
use super::outcome::{Outcome, Refusal};
use super::requests::{Requests, unexpected};

#[derive(Deserialize)]
struct SpaceRoleMode {
    mode: String,
}

/// Checks that the site has space roles, as a connector with `use_rbac` does instead of asking for the current user.
///
/// Endpoints: `GET /wiki/api/v2/space-role-mode`, `GET /wiki/api/v2/space-roles`.
pub(super) async fn check_space_roles(requests: &Requests<'_>) -> Result<(), Outcome> {
    let response = requests.get("wiki/api/v2/space-role-mode", None).await;
    let response = match response {
        Err(outcome) if is_not_found(&outcome) => {
            // A site without Confluence gives the same answer.
            check_current_user(requests).await?;
            return Err(Refusal::RbacNotSupported.into());
        }
        response => response?,
    };
    let Some(SpaceRoleMode { mode }) = response.json() else {
        return Err(unexpected(&response));
    };
    if mode == "PRE_ROLES" {
        return Err(Refusal::RbacOff.into());
    }
    let roles = requests.get("wiki/api/v2/space-roles", Some("limit=1"));
    match roles.await {
        Err(outcome) if is_not_found(&outcome) => return Err(Refusal::RbacExpired.into()),
        roles => roles?,
    };
    // Where everybody may read, these answers may be those for visitors who are not signed in.
    match check_current_user(requests).await {
        Err(outcome @ Outcome::Refused(Refusal::WrongLogin | Refusal::Anonymous)) => Err(outcome),
        _ => Ok(()),
    }
}
