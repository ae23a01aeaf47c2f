//! Checks of what the credential may do: the token, the user behind it, roles and users.

use crate::conductorone::{Client, Credentials, Role, User, UserKind};
use crate::provider::owners::manages_connectors;

use super::facts::Facts;
use super::messages;
use super::outcome::Outcome;
use super::privacy::shown_name;

/// The prefix of the internal names of ConductorOne's own roles.
const OWN_ROLE: &str = "system:";

/// Checks that the credentials are worth a token.
pub(super) async fn token(facts: &mut Facts) -> Outcome {
    let client = match facts.settings().map(Client::new) {
        Some(Ok(client)) => client,
        Some(Err(error)) => return Outcome::from(&error),
        None => return Outcome::skipped("there is no host"),
    };
    facts.keep_client(client);
    let Some(client) = facts.client() else {
        return no_client();
    };
    match (client.sign_in().await, &facts.credentials) {
        (Ok(()), Some(Credentials::AccessToken(_))) => {
            Outcome::ok("the configured access token is used as it is")
        }
        (Ok(()), _) => Outcome::ok("ConductorOne issued a token"),
        (Err(error), _) => Outcome::from(&error),
    }
}

/// Checks that roles can be read.
pub(super) async fn roles(facts: &mut Facts) -> Outcome {
    let Some(client) = facts.client() else {
        return no_client();
    };
    match client.list_roles().await {
        Ok(roles) => {
            let fitting = roles.iter().filter(|role| manages_connectors(role)).count();
            let detail = format!("{} roles, {fitting} of them manage connectors", roles.len());
            facts.roles = roles;
            Outcome::ok(&detail)
        }
        Err(error) => Outcome::from(&error),
    }
}

/// Checks who signed in.
pub(super) async fn identity(facts: &mut Facts) -> Outcome {
    let Some(client) = facts.client() else {
        return no_client();
    };
    let user = match client.own_user().await {
        Ok(user) => user,
        Err(error) => return Outcome::from(&error),
    };
    let outcome = describe(&user, &facts.roles);
    facts.user = Some(user);
    outcome
}

/// Checks that users can be searched, as for `owner_ids` and `owner_emails`.
pub(super) async fn users(facts: &mut Facts) -> Outcome {
    let (Some(client), Some(own)) = (facts.client(), &facts.user) else {
        return no_client();
    };
    match client
        .search_users_by_id(std::slice::from_ref(&own.id))
        .await
    {
        Ok(found) if found.iter().any(|user| user.id == own.id) => {
            Outcome::ok("the search finds the credential's own user")
        }
        Ok(_) => messages::user_not_found().into(),
        Err(error) => Outcome::from(&error),
    }
}

fn describe(user: &User, roles: &[Role]) -> Outcome {
    let kind = match user.kind {
        UserKind::Human => "a person",
        UserKind::Service => "a service principal",
        UserKind::System => "an account of ConductorOne",
        UserKind::Agent => "an agent",
        _ => "a user of unknown kind",
    };
    let held: Vec<_> = roles
        .iter()
        .filter(|role| user.role_ids.contains(&role.id))
        .collect();
    let detail = format!("The user is {kind} with {}.", list(user, &held));
    // Without the list of roles, nothing is known about them.
    let is_known = held.len() == user.role_ids.len() && !held.is_empty();
    if is_known && !held.iter().any(|role| manages_connectors(role)) {
        return Outcome::from(messages::no_administrator()).adding(&detail);
    }
    Outcome::ok(&detail)
}

/// Lists the internal names of ConductorOne's own roles. The names of others are texts of the tenant.
fn list(user: &User, held: &[&Role]) -> String {
    let own = held.iter().filter(|role| role.name.starts_with(OWN_ROLE));
    let names: Vec<_> = own.map(|role| shown_name(&role.name)).collect();
    let others = user.role_ids.len().saturating_sub(names.len());
    match (names.as_slice(), others) {
        ([], 0) => "no roles".to_owned(),
        ([], _) => format!("{others} roles whose names are not shown"),
        (names, 0) => format!("the roles: {}", names.join(", ")),
        (names, _) => format!("the roles: {} and {others} others", names.join(", ")),
    }
}

pub(super) fn no_client() -> Outcome {
    Outcome::skipped("there is no client")
}
