//! Roles, `/api/v1/iam/roles`.

use serde::Deserialize;

use crate::conductorone::http::{ApiPath, Client, Error, MAX_LIST_BYTES, or_default};

/// A role that users hold (`c1.api.iam.v1.Role`).
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, rename_all = "camelCase")]
pub struct Role {
    /// The role's ID.
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    /// The internal name, for example `system:owner` for a Super Administrator. Not all names are public.
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    /// The name shown to people.
    #[serde(deserialize_with = "or_default")]
    pub display_name: String,
}

impl Client {
    /// Lists all roles: `GET /api/v1/iam/roles`.
    pub async fn list_roles(&self) -> Result<Vec<Role>, Error> {
        let path = ApiPath::fixed("/api/v1/iam/roles");
        self.list(&path, MAX_LIST_BYTES, Some).await
    }
}
