//! The current owners of a connector.

use crate::conductorone::{Error, UserOwner};
use crate::provider::owners::CurrentOwners;
use crate::provider::session::Session;

/// The role of owners if no other role is known.
const DEFAULT_ROLE: &str = "owner";

/// The users who own a connector.
#[derive(Debug, Clone)]
pub(crate) struct Owners {
    pub(crate) users: CurrentOwners,
    /// The role slug of the owners. `None` if the tenant has no owners API, so the connector's own `userIds` count.
    pub(super) role_slug: Option<String>,
}

impl Owners {
    /// Reads the owners. `user_ids` are the connector's own, which count on tenants without the owners API.
    pub(crate) async fn read(
        session: &Session,
        app_id: &str,
        id: &str,
        user_ids: &[String],
    ) -> Result<Self, Error> {
        let found = session.api().list_user_owners(app_id, id).await?;
        Ok(Self::from_api(session, found, user_ids))
    }

    /// Takes the owners from a response of the owners API. Users with other roles than the one that the provider writes are
    /// not owners in this sense. `user_ids` are the connector's own, which count on tenants without the owners API.
    pub(crate) fn from_api(
        session: &Session,
        found: Option<Vec<UserOwner>>,
        user_ids: &[String],
    ) -> Self {
        let Some(found) = found else {
            return Self {
                users: user_ids.iter().cloned().collect(),
                role_slug: None,
            };
        };
        let role_slug = role_slug(session, &found);
        let in_role = found
            .into_iter()
            .filter(|owner| owner.role_slug == role_slug);
        Self {
            users: in_role.map(|owner| owner.user).collect(),
            role_slug: Some(role_slug),
        }
    }
}

/// Returns `owner_role_slug`, or the role of the first owner, or `owner`.
fn role_slug(session: &Session, found: &[UserOwner]) -> String {
    let configured = session.provider().owner_role_slug.clone();
    let discovered = || found.first().map(|owner| owner.role_slug.clone());
    configured
        .or_else(discovered)
        .unwrap_or_else(|| DEFAULT_ROLE.to_owned())
}
