//! Who owns a connector: the v2 owners API, and what older tenants have in its place.

mod observation;

use std::collections::{BTreeMap, BTreeSet};

use crate::conductorone::{DelegatedUpdate, Error, User, UserOwner};
use crate::provider::people::{self, Names, Place, Surplus, Unclear};
use crate::provider::poll::{Look, until};
use crate::provider::problems::owners as problems;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::value::Value;

use super::{ConnectorAttributes, Session};

/// The role that owners have where no other is known.
const DEFAULT_ROLE: &str = "owner";

/// Where owners are named by their email addresses.
const PLACE: Place = Place {
    attribute: "owner_emails",
    id_attribute: "owner_ids",
};

/// The users who own a connector, and how that was found out.
#[derive(Debug, Clone)]
pub(super) struct Owners {
    user_ids: BTreeSet<String>,
    /// The role in which they own it; `None` where the tenant has no owners API and the connector's own `userIds` count.
    role_slug: Option<String>,
    /// Those of the users that were shown with the owners.
    users: BTreeMap<String, User>,
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
                users: BTreeMap::new(),
            };
        };
        let role_slug = role(session, &found);
        let in_role = found
            .into_iter()
            .filter(|owner| owner.role_slug == role_slug);
        let users: BTreeMap<_, _> = in_role
            .map(|owner| (owner.user.id.clone(), owner.user))
            .collect();
        Self {
            user_ids: users.keys().cloned().collect(),
            role_slug: Some(role_slug),
            users,
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

/// The error for an email address that does not mean one user.
pub(super) fn unclear(email: &str, why: &Unclear) -> Diagnostic {
    let problem = why.problem(email, PLACE);
    problem.unwrap_or_else(|| problems::no_such_email(email))
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
        let holders = lookups.users_with_email(&session.api, email).await?;
        match people::meant(holders) {
            Ok(user) => ids.push(user.id),
            Err(why) => mistakes.push(unclear(email, &why)),
        }
    }
    if mistakes.has_errors() {
        return Err(mistakes);
    }
    wanted.owner_ids = Value::Known(ids.into_iter().collect());
    Ok(wanted)
}

/// Owners to write.
#[derive(Debug)]
pub(super) struct Wanted {
    ids: Vec<String>,
    names: Names,
    /// The attribute that names them.
    attribute: &'static str,
}

impl Wanted {
    /// The owners that `wanted` names, whose IDs are known.
    pub(super) async fn of(session: &Session, wanted: &ConnectorAttributes) -> Option<Self> {
        let ids = wanted.owner_ids()?;
        let mut names = Names::new();
        let Some(emails) = wanted.owner_emails.known() else {
            let attribute = PLACE.id_attribute;
            return Some(Self {
                ids,
                names,
                attribute,
            });
        };
        for email in emails.known() {
            // Answered before, when the IDs were looked up.
            let holders = session
                .conductorone
                .lookups
                .users_with_email(&session.api, email);
            if let Ok(user) = people::meant(holders.await.unwrap_or_default()) {
                names.insert(user.id, email.clone());
            }
        }
        let attribute = PLACE.attribute;
        Some(Self {
            ids,
            names,
            attribute,
        })
    }
}

/// Makes `wanted` the owners and waits until that shows. Entitlements that own the connector go on owning it.
pub(super) async fn replace(
    session: &Session,
    app_id: &str,
    id: &str,
    wanted: &Wanted,
) -> Result<Owners, Diagnostics> {
    let api = &session.api;
    let Some(role_slug) = Owners::read(session, app_id, id, &[]).await?.role_slug else {
        let update = DelegatedUpdate {
            user_ids: Some(wanted.ids.clone()),
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
    api.set_owners(app_id, id, &role_slug, &wanted.ids, &entitlements)
        .await?;
    until_visible(session, app_id, id, wanted).await
}

/// Waits until the owners are `wanted`: writes show late, by minutes at times. Tenants without the owners API show them
/// at once.
pub(super) async fn until_visible(
    session: &Session,
    app_id: &str,
    id: &str,
    wanted: &Wanted,
) -> Result<Owners, Diagnostics> {
    let expected: BTreeSet<_> = wanted.ids.iter().map(String::as_str).collect();
    let look = || async {
        let owners = Owners::read(session, app_id, id, &wanted.ids).await?;
        let found = owners.user_ids().map(String::as_str).collect();
        let awaited = people::awaited(&expected, &found, Surplus::Goes, &wanted.names);
        Ok(awaited.map_or(Look::Shows(owners), Look::Lacks))
    };
    let visible = until(&session.api, look).await;
    Ok(visible.map_err(|error| people::late(&error, wanted.attribute))?)
}
