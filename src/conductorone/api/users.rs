//! Users, `/api/v1/users`.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::conductorone::http::{
    ApiPath, Client, Effect, Error, Request, ids, is_id, none_if_empty, none_if_not_found,
    or_default,
};

/// A user (`c1.api.user.v1.User`). Fields that the caller may not see are empty.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, rename_all = "camelCase")]
pub struct User {
    /// The user's ID.
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    /// The name shown to people.
    #[serde(deserialize_with = "or_default")]
    pub display_name: String,
    /// The email address, or `None` if there is none or the caller may not see it.
    #[serde(deserialize_with = "none_if_empty")]
    pub email: Option<String>,
    /// Whether the user can sign in.
    #[serde(deserialize_with = "or_default")]
    pub status: UserStatus,
    /// What kind of account this is.
    #[serde(rename = "type", deserialize_with = "or_default")]
    pub kind: UserKind,
    /// The IDs of the user's roles.
    #[serde(deserialize_with = "ids")]
    pub role_ids: Vec<String>,
    /// When the user was deleted, RFC 3339. A deleted user can still be read.
    pub deleted_at: Option<String>,
}

/// Whether a user can sign in. The service may add values.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(from = "String")]
#[non_exhaustive]
pub enum UserStatus {
    /// The service does not say.
    #[default]
    Unknown,
    /// The user can sign in.
    Enabled,
    /// The user cannot sign in.
    Disabled,
    /// The user was deleted from their directory.
    Deleted,
    /// A value that this version does not know.
    Other(String),
}

/// What kind of account a user is. The service may add values.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(from = "String")]
#[non_exhaustive]
pub enum UserKind {
    /// The service does not say, or says something that this version does not know.
    #[default]
    Unknown,
    /// A person.
    Human,
    /// A service principal.
    Service,
    /// An account of ConductorOne itself.
    System,
    /// An agent.
    Agent,
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

impl From<String> for UserKind {
    fn from(name: String) -> Self {
        match name.as_str() {
            "USER_TYPE_HUMAN" => Self::Human,
            "USER_TYPE_SERVICE" => Self::Service,
            "USER_TYPE_SYSTEM" => Self::System,
            "USER_TYPE_AGENT" => Self::Agent,
            _ => Self::Unknown,
        }
    }
}

impl UserStatus {
    /// Returns the name that the service uses.
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
    /// Returns whether the service reports that the user cannot sign in.
    pub fn is_disabled(&self) -> bool {
        let by_status = matches!(self.status, UserStatus::Disabled | UserStatus::Deleted);
        by_status || self.deleted_at.is_some()
    }
}

impl Client {
    /// Reads a user: `GET /api/v1/users/{id}`. Returns `None` if the user does not exist or is deleted.
    pub async fn get_user(&self, id: &str) -> Result<Option<User>, Error> {
        let request = Request::get(ApiPath::fill("/api/v1/users/{id}", &[id])?);
        let found =
            none_if_not_found(self.call(&request, "a user", UserResponse::into_user).await)?;
        Ok(found.filter(|user| user.deleted_at.is_none()))
    }

    /// Returns the user that the credential belongs to: `POST /api/v1/users/introspect`.
    pub async fn own_user(&self) -> Result<User, Error> {
        let path = ApiPath::fixed("/api/v1/users/introspect");
        let request = Request::post(path, json!({}), Effect::ReadOnly);
        self.call(&request, "a user", UserResponse::into_user).await
    }

    /// Returns the users with this email address, except deleted ones: `POST /api/v1/search/users`. The comparison is
    /// case-insensitive. Does not find users whose address the caller may not see.
    pub async fn search_users_by_email(&self, email: &str) -> Result<Vec<User>, Error> {
        let mut users = self.search_users(("email", json!(email))).await?;
        let email = Some(email.to_lowercase());
        users.retain(|user| user.email.as_deref().map(str::to_lowercase) == email);
        Ok(users)
    }

    /// Returns the users that exist, among the given IDs, except deleted ones and in any order:
    /// `POST /api/v1/search/users`.
    pub async fn search_users_by_id(&self, ids: &[String]) -> Result<Vec<User>, Error> {
        // The service treats an empty list as a search for all users.
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let refs: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
        self.search_users(("refs", json!(refs))).await
    }

    async fn search_users(&self, filter: (&str, Value)) -> Result<Vec<User>, Error> {
        let existing = |view: UserView| view.into_user().filter(|user| user.deleted_at.is_none());
        self.search("/api/v1/search/users", filter, existing).await
    }
}
