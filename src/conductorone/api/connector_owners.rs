//! Owners of connectors, `/api/v2/apps/{app_id}/connectors/{connector_id}/owners`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::users::User;
use crate::conductorone::http::{
    ApiPath, Client, Error, MAX_LIST_BYTES, Request, is_id, none_if_unavailable, or_default,
};

/// A user who owns a connector.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UserOwner {
    /// The user's role for the connector. The names of roles are not documented.
    pub role_slug: String,
    /// The user.
    pub user: User,
}

/// An entitlement whose holders own a connector.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct EntitlementOwner {
    /// The holders' role for the connector.
    pub role_slug: String,
    /// The app that the entitlement belongs to.
    pub app_id: String,
    /// The entitlement.
    pub id: String,
}

/// `c1.api.app.v2.ConnectorOwnerUser`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct UserRow {
    #[serde(deserialize_with = "or_default")]
    role_slug: String,
    #[serde(deserialize_with = "or_default")]
    user: User,
}

/// `c1.api.app.v2.ConnectorOwnerEntitlement`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct EntitlementRow {
    #[serde(deserialize_with = "or_default")]
    role_slug: String,
    #[serde(deserialize_with = "or_default")]
    app_entitlement: Entitlement,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Entitlement {
    #[serde(deserialize_with = "or_default")]
    id: String,
    #[serde(deserialize_with = "or_default")]
    app_id: String,
}

impl Client {
    /// Returns the users who own a connector: `GET .../owners/users`. Returns `None` if the tenant does not have this
    /// API.
    pub async fn list_user_owners(
        &self,
        app_id: &str,
        connector_id: &str,
    ) -> Result<Option<Vec<UserOwner>>, Error> {
        let template = "/api/v2/apps/{app_id}/connectors/{connector_id}/owners/users";
        let owner =
            |UserRow { role_slug, user }| is_id(&user.id).then_some(UserOwner { role_slug, user });
        let path = ApiPath::fill(template, &[app_id, connector_id])?;
        none_if_unavailable(self.list(&path, MAX_LIST_BYTES, owner).await)
    }

    /// Returns the entitlements whose holders own a connector: `GET .../owners/entitlements`. Returns `None` if the
    /// tenant does not have this API.
    pub async fn list_entitlement_owners(
        &self,
        app_id: &str,
        connector_id: &str,
    ) -> Result<Option<Vec<EntitlementOwner>>, Error> {
        let template = "/api/v2/apps/{app_id}/connectors/{connector_id}/owners/entitlements";
        let owner = |row: EntitlementRow| {
            let Entitlement { id, app_id } = row.app_entitlement;
            is_id(&id).then_some(EntitlementOwner {
                role_slug: row.role_slug,
                app_id,
                id,
            })
        };
        let path = ApiPath::fill(template, &[app_id, connector_id])?;
        none_if_unavailable(self.list(&path, MAX_LIST_BYTES, owner).await)
    }

    /// Replaces all owners of one role: `PUT .../owners`. The change shows after a delay: read the owners until they
    /// match.
    pub async fn set_owners(
        &self,
        app_id: &str,
        connector_id: &str,
        role_slug: &str,
        user_ids: &[String],
        entitlements: &[EntitlementOwner],
    ) -> Result<(), Error> {
        let path = ApiPath::fill(
            "/api/v2/apps/{app_id}/connectors/{connector_id}/owners",
            &[app_id, connector_id],
        )?;
        let users: Vec<Value> = user_ids.iter().map(|id| json!({ "id": id })).collect();
        let entitlements: Vec<Value> = entitlements
            .iter()
            .map(|owner| json!({ "appId": owner.app_id, "id": owner.id }))
            .collect();
        let body =
            json!({ "roleSlug": role_slug, "userRefs": users, "appEntitlementRefs": entitlements });
        self.run(&Request::put(path, body)).await
    }
}
