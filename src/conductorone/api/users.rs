//! Users, `/api/v1/users`.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::conductorone::http::{
    ApiPath, Client, Error, Request, ids, is_id, none_if_empty, none_if_not_found, or_default,
};

/// A user (`c1.api.user.v1.User`). What the caller may not see is empty.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, rename_all = "camelCase")]
pub struct User {
    /// The user's ID.
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    /// The name shown to people.
    #[serde(deserialize_with = "or_default")]
    pub display_name: String,
    /// Their address. None if there is none, or if the caller may not see it.
    #[serde(deserialize_with = "none_if_empty")]
    pub email: Option<String>,
    /// Whether they can sign in.
    #[serde(deserialize_with = "or_default")]
    pub status: UserStatus,
    /// IDs of the roles they hold.
    #[serde(deserialize_with = "ids")]
    pub role_ids: Vec<String>,
    /// When they were deleted, RFC 3339. Deletion is soft.
    pub deleted_at: Option<String>,
}

/// Whether a user can sign in. The service may add names.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(from = "String")]
#[non_exhaustive]
pub enum UserStatus {
    /// The service does not say.
    #[default]
    Unknown,
    /// They can.
    Enabled,
    /// They cannot.
    Disabled,
    /// Their directory no longer has them.
    Deleted,
    /// A name this version does not know.
    Other(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserResponse {
    user_view: Option<UserView>,
}

#[derive(Deserialize)]
struct UserView {
    user: Option<User>,
}

impl UserResponse {
    fn into_user(self) -> Option<User> {
        self.user_view.and_then(UserView::into_user)
    }
}

impl UserView {
    fn into_user(self) -> Option<User> {
        self.user.filter(|user| is_id(&user.id))
    }
}

impl From<String> for UserStatus {
    fn from(name: String) -> Self {
        match name.as_str() {
            "" | "UNKNOWN" => Self::Unknown,
            "ENABLED" => Self::Enabled,
            "DISABLED" => Self::Disabled,
            "DELETED" => Self::Deleted,
            _ => Self::Other(name),
        }
    }
}

impl UserStatus {
    /// As the service names it.
    pub fn name(&self) -> &str {
        match self {
            Self::Unknown => "UNKNOWN",
            Self::Enabled => "ENABLED",
            Self::Disabled => "DISABLED",
            Self::Deleted => "DELETED",
            Self::Other(name) => name,
        }
    }
}

impl User {
    /// Whether the service says that they cannot sign in.
    pub fn is_disabled(&self) -> bool {
        let by_status = matches!(self.status, UserStatus::Disabled | UserStatus::Deleted);
        by_status || self.deleted_at.is_some()
    }
}

impl Client {
    /// Reads a user: `GET /api/v1/users/{id}`. None if they do not exist or are deleted.
    pub async fn get_user(&self, id: &str) -> Result<Option<User>, Error> {
        let request = Request::get(ApiPath::fill("/api/v1/users/{id}", &[id])?);
        let found =
            none_if_not_found(self.call(&request, "a user", UserResponse::into_user).await)?;
        Ok(found.filter(|user| user.deleted_at.is_none()))
    }

    /// Users with this address, upper and lower case being the same: `POST /api/v1/search/users`. Without deleted ones,
    /// and without those whose address the caller may not see.
    pub async fn search_users_by_email(&self, email: &str) -> Result<Vec<User>, Error> {
        let mut users = self.search_users(("email", json!(email))).await?;
        let wanted = Some(email.to_lowercase());
        users.retain(|user| user.email.as_deref().map(str::to_lowercase) == wanted);
        Ok(users)
    }

    /// Those users of these that exist, in any order: `POST /api/v1/search/users`. Without deleted ones.
    pub async fn search_users_by_id(&self, ids: &[String]) -> Result<Vec<User>, Error> {
        // To the service, nobody in particular is everybody.
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let refs: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
        self.search_users(("refs", json!(refs))).await
    }

    async fn search_users(&self, filter: (&str, Value)) -> Result<Vec<User>, Error> {
        let there = |view: UserView| view.into_user().filter(|user| user.deleted_at.is_none());
        self.search("/api/v1/search/users", filter, there).await
    }
}
