//! Who owns a connector: the v2 owners API, and what older tenants have in its place.

use std::collections::BTreeSet;

use crate::conductorone::{DelegatedUpdate, Error, UserOwner};
use crate::provider::poll::until;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::{Set, Value};

use super::checks::not_one_user;
use super::{ConnectorAttributes, Session};

/// The role that owners have where no other is known.
const DEFAULT_ROLE: &str = "owner";

/// The users who own a connector, and how that was found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owners {
    user_ids: BTreeSet<String>,
    /// The role in which they own it; `None` where the tenant has no owners API and the connector's own `userIds` count.
    role_slug: Option<String>,
}

impl Owners {
    /// Reads the owners.
    pub(super) async fn read(
        session: &Session,
        app_id: &str,
        id: &str,
        user_ids: &[String],
    ) -> Result<Self, Error> {
        let found = session.api.list_user_owners(app_id, id).await?;
        Ok(Self::of(session, found, user_ids))
    }

    /// The owners among those that were `found`. Users who have other roles than the one that is written are not owners
    /// in this sense. `user_ids` are the connector's own, which count on tenants without the owners API.
    pub(super) fn of(
        session: &Session,
        found: Option<Vec<UserOwner>>,
        user_ids: &[String],
    ) -> Self {
        let Some(found) = found else {
            return Self {
                user_ids: user_ids.iter().cloned().collect(),
                role_slug: None,
            };
        };
        let role_slug = role(session, &found);
        let in_role = found
            .into_iter()
            .filter(|owner| owner.role_slug == role_slug);
        Self {
            user_ids: in_role.map(|owner| owner.user_id).collect(),
            role_slug: Some(role_slug),
        }
    }

    /// The users' IDs.
    pub(super) fn user_ids(&self) -> impl Iterator<Item = &String> {
        self.user_ids.iter()
    }
}

/// `owner_role_slug`, else the role that the first owner has, else `owner`.
fn role(session: &Session, found: &[UserOwner]) -> String {
    let configured = session.conductorone.owner_role_slug.clone();
    let discovered = || found.first().map(|owner| owner.role_slug.clone());
    configured
        .or_else(discovered)
        .unwrap_or_else(|| DEFAULT_ROLE.to_owned())
}

/// What is `planned`, with the IDs of the owners whose email addresses it names.
pub(super) async fn with_ids(
    session: &Session,
    planned: &ConnectorAttributes,
) -> Result<ConnectorAttributes, Diagnostics> {
    let mut wanted = planned.clone();
    let Some(emails) = planned.owner_emails.known() else {
        return Ok(wanted);
    };
    let mut mistakes = Diagnostics::default();
    let mut ids = Vec::new();
    for email in emails.known() {
        let lookups = &session.conductorone.lookups;
        match lookups
            .users_with_email(&session.api, email)
            .await?
            .as_slice()
        {
            [user] => ids.push(user.id.clone()),
            users => mistakes.push(not_one_user(email, users)),
        }
    }
    if mistakes.has_errors() {
        return Err(mistakes);
    }
    wanted.owner_ids = Value::Known(ids.into_iter().collect());
    Ok(wanted)
}

/// The email addresses of these users, as far as they can be seen.
pub(super) async fn emails(session: &Session, ids: &[String]) -> Result<Set<String>, Error> {
    let users = session
        .conductorone
        .lookups
        .users(&session.api, ids)
        .await?;
    Ok(users.into_iter().filter_map(|user| user.email).collect())
}

/// Makes `wanted` the owners and waits until that shows. Entitlements that own the connector go on owning it.
pub(super) async fn replace(
    session: &Session,
    app_id: &str,
    id: &str,
    wanted: &[String],
) -> Result<Owners, Error> {
    let api = &session.api;
    let Some(role_slug) = Owners::read(session, app_id, id, &[]).await?.role_slug else {
        let update = DelegatedUpdate {
            user_ids: Some(wanted.to_vec()),
            ..DelegatedUpdate::default()
        };
        api.update_delegated_connector(app_id, id, &update).await?;
        return until_visible(session, app_id, id, wanted).await;
    };
    let mut entitlements = api
        .list_entitlement_owners(app_id, id)
        .await?
        .unwrap_or_default();
    entitlements.retain(|owner| owner.role_slug == role_slug);
    api.set_owners(app_id, id, &role_slug, wanted, &entitlements)
        .await?;
    until_visible(session, app_id, id, wanted).await
}

/// Waits until the owners are `wanted`: writes show late, by minutes at times. Tenants without the owners API show them
/// at once.
pub(super) async fn until_visible(
    session: &Session,
    app_id: &str,
    id: &str,
    wanted: &[String],
) -> Result<Owners, Error> {
    let expected = wanted.iter().cloned().collect();
    let look = || async {
        let owners = Owners::read(session, app_id, id, wanted).await?;
        Ok((owners.user_ids == expected).then_some(owners))
    };
    until(&session.api, "the connector's owners to show", look).await
}
