//! Users and their roles.

use serde::Serialize;
use serde_json::{Value, json};

use super::Tenant;
use crate::problem::{Problem, Result};
use crate::random;
use crate::time::Time;

/// The display name of the role that manages connectors.
pub(crate) const CONNECTOR_ADMINISTRATOR: &str = "Connector Administrator";
/// The display name of the role with all permissions.
pub(crate) const SUPER_ADMINISTRATOR: &str = "Super Administrator";

/// A role.
#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub(crate) id: String,
    /// The internal name.
    pub(crate) name: &'static str,
    pub(crate) display_name: &'static str,
    pub(crate) created_at: Time,
}

/// A user as stored.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredUser {
    /// Their id.
    pub id: String,
    /// Their name. [`crate::Emulator::user_id`] finds them by its first word in lower case.
    pub display_name: String,
    /// Their address.
    pub email: String,
    /// `ENABLED`, `DISABLED` or `DELETED`.
    pub status: String,
    /// `USER_TYPE_HUMAN` or `USER_TYPE_SERVICE`.
    #[serde(rename = "type")]
    pub user_type: String,
    /// The ids of their roles.
    pub role_ids: Vec<String>,
    /// When they were created.
    pub created_at: Time,
    /// When they were deleted.
    pub deleted_at: Option<Time>,
}

impl Role {
    pub(crate) fn view(&self) -> Value {
        json!({
            "id": self.id, "name": self.name, "displayName": self.display_name,
            "permissions": [], "serviceRoles": [], "systemBuiltin": true, "systemApiOnly": false,
            "createdAt": self.created_at, "updatedAt": self.created_at, "deletedAt": null,
        })
    }
}

impl StoredUser {
    /// Returns an enabled human user.
    pub(crate) fn new(display_name: &str, email: &str, role_ids: Vec<String>) -> Self {
        Self {
            id: random::id(),
            display_name: display_name.to_owned(),
            email: email.to_owned(),
            status: "ENABLED".to_owned(),
            user_type: "USER_TYPE_HUMAN".to_owned(),
            role_ids,
            created_at: Time::now(),
            deleted_at: None,
        }
    }

    /// Returns the origin of the user.
    pub(crate) fn origin(&self) -> &'static str {
        if self.user_type == "USER_TYPE_HUMAN" {
            "USER_ORIGIN_DIRECTORY"
        } else {
            "USER_ORIGIN_LOCAL"
        }
    }

    pub(crate) fn view(&self) -> Value {
        let emails = if self.email.is_empty() {
            json!([])
        } else {
            json!([self.email])
        };
        json!({
            "id": self.id, "displayName": self.display_name, "email": self.email, "emails": emails,
            "username": self.email, "usernames": emails,
            "status": self.status, "directoryStatus": self.status, "type": self.user_type, "origin": self.origin(),
            "roleIds": self.role_ids, "managerIds": [], "directoryIds": [], "delegatedUserId": "",
            "department": "", "jobTitle": "", "employmentStatus": "", "employmentType": "", "employeeIds": [],
            "departmentSources": [], "directoryStatusSources": [], "emailSources": [], "employeeIdSources": [],
            "employmentStatusSources": [], "employmentTypeSources": [], "jobTitleSources": [], "managerSources": [],
            "usernameSources": [], "profile": {},
            "createdAt": self.created_at, "updatedAt": self.deleted_at.unwrap_or(self.created_at),
            "deletedAt": self.deleted_at,
        })
    }
}

/// Returns a user as in lists, searches and reads.
pub(crate) fn user_view(user: &StoredUser) -> Value {
    json!({
        "user": user.view(), "userId": user.id, "rolesPath": "", "managersPath": "", "directoriesPath": "",
        "delegatedUserPath": "", "objectPermissions": null,
    })
}

impl Tenant {
    /// Returns the user, who may be deleted.
    pub(crate) fn user(&self, id: &str) -> Result<&StoredUser> {
        self.users
            .iter()
            .find(|user| user.id == id)
            .ok_or_else(|| Problem::not_found("user", id))
    }

    pub(crate) fn role_id(&self, display_name: &str) -> Option<String> {
        self.roles
            .iter()
            .find(|role| role.display_name == display_name)
            .map(|role| role.id.clone())
    }
}
