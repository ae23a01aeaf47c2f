//! Apps.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::owners::users;
use super::{Owner, Owners, Scope, Tenant};
use crate::fields::{self, Field, Kind};
use crate::problem::{Problem, Result};
use crate::random;
use crate::switches::{DeletedAnswer, Switches};
use crate::time::Time;

/// The fields of an app.
pub(crate) const FIELDS: &[Field] = &[
    Field::read_only("id"),
    Field::writable("displayName", Kind::Text),
    Field::writable("description", Kind::Text),
    Field::writable("annotations", Kind::Map),
    Field::writable("iconUrl", Kind::Text),
    Field::read_only("logoUri"),
    Field::writable("instructions", Kind::Text),
    Field::writable("monthlyCostUsd", Kind::Number),
    Field::writable("identityMatching", Kind::Text),
    Field::writable("appUserMapper", Kind::Message),
    Field::writable("grantPolicyId", Kind::Text),
    Field::writable("revokePolicyId", Kind::Text),
    Field::writable("certifyPolicyId", Kind::Text),
    Field::writable("defaultRequestCatalogId", Kind::Text),
    Field::writable("strictAccessEntitlementProvisioning", Kind::Flag),
    Field::writable("revokeGrantSources", Kind::Flag),
    Field::writable("enableConnectorSourcedOwnership", Kind::Flag),
    Field::writable("isManuallyManaged", Kind::Flag),
    Field::read_only("isDirectory"),
    Field::read_only("parentAppId"),
    Field::read_only("appAccountId"),
    Field::read_only("appAccountName"),
    Field::read_only("appOwners"),
    Field::read_only("userCount"),
    Field::writable("connectorVersion", Kind::Number),
    Field::writable("accessModel", Kind::Text),
    Field::read_only("matchBatonRef"),
    Field::read_only("fieldMask"),
    Field::read_only("createdAt"),
    Field::read_only("updatedAt"),
    Field::read_only("deletedAt"),
];

/// The writable fields that are not stored in [`StoredApp::settings`].
const OWN: &[&str] = &["displayName", "description", "annotations"];

/// The enums among the settings, with their zero values.
const ENUMS: [(&str, &str); 2] = [
    ("identityMatching", "APP_USER_IDENTITY_MATCHING_UNSPECIFIED"),
    ("accessModel", "APP_ACCESS_MODEL_UNSPECIFIED"),
];

/// Annotations of tools. The service removes them when somebody edits the app in the web interface.
const TOOL_ANNOTATIONS: [&str; 4] = [
    "managed_by",
    "iac_workspace",
    "iac_resource_address",
    "iac_tool_version",
];

const MOST_ANNOTATIONS: usize = 16;
const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;
const LARGEST_ANNOTATIONS: usize = 4096;

/// An app as stored.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredApp {
    /// Its id.
    pub id: String,
    /// Its name.
    pub display_name: String,
    /// Its description.
    pub description: String,
    /// Its annotations.
    pub annotations: Map<String, Value>,
    /// Its owners.
    pub owners: Owners,
    /// Whether it is a directory.
    pub is_directory: bool,
    /// The other writable fields by their JSON names.
    pub settings: Map<String, Value>,
    /// When it was created.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// When it was deleted.
    pub deleted_at: Option<Time>,
}

impl StoredApp {
    pub(crate) fn new(display_name: &str) -> Self {
        let now = Time::now();
        let mut settings = fields::zeros(FIELDS, OWN);
        settings.extend(ENUMS.map(|(name, zero)| (name.to_owned(), json!(zero))));
        Self {
            id: random::id(),
            display_name: display_name.to_owned(),
            description: String::new(),
            annotations: Map::new(),
            owners: Owners::default(),
            is_directory: false,
            settings,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        }
    }

    /// The ids of the users who own it, as last written.
    pub fn owner_ids(&self) -> Vec<String> {
        self.owners.user_ids()
    }

    /// Whether it was deleted.
    pub fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    /// Writes all fields or none.
    pub(crate) fn apply(&mut self, patch: Vec<(&'static str, Value)>) -> Result<()> {
        let mut updated = self.clone();
        for (name, value) in patch {
            match (name, value) {
                ("displayName", Value::String(text)) if text.is_empty() => {
                    return Err(Problem::invalid("display_name is required"));
                }
                ("displayName", Value::String(text)) => updated.display_name = text,
                ("description", Value::String(text)) => updated.description = text,
                ("annotations", Value::Object(given)) => annotate(&mut updated.annotations, given)?,
                (name, value) => {
                    updated.settings.insert(name.to_owned(), value);
                }
            }
        }
        updated.updated_at = Time::now();
        *self = updated;
        Ok(())
    }

    /// Removes the annotations of tools, as an edit in the web interface does.
    pub(crate) fn forget_tools(&mut self) {
        self.annotations
            .retain(|key, _| !TOOL_ANNOTATIONS.contains(&key.as_str()));
    }

    /// Returns whether reads already show the object.
    pub(crate) fn shows(&self, switches: &Switches) -> bool {
        self.created_at.is_past_ms(switches.app_delay_ms)
    }

    pub(crate) fn view(&self) -> Value {
        let mut app = self.settings.clone();
        let fields = json!({
            "id": self.id, "displayName": self.display_name, "description": self.description,
            "annotations": self.annotations, "isDirectory": self.is_directory, "matchBatonRef": null,
            // Always empty on the live service.
            "appOwners": [],
            "logoUri": "", "parentAppId": "", "appAccountId": "", "appAccountName": "",
            "userCount": "0", "fieldMask": null,
            "createdAt": self.created_at, "updatedAt": self.updated_at, "deletedAt": self.deleted_at,
        });
        app.extend(fields.as_object().cloned().unwrap_or_default());
        Value::Object(app)
    }
}

/// Merges annotations. Omitted keys stay, and an empty value deletes its key.
fn annotate(annotations: &mut Map<String, Value>, given: Map<String, Value>) -> Result<()> {
    for (key, value) in given {
        let text = value.as_str().unwrap_or_default();
        if !is_annotation_key(&key)
            || text.len() > LONGEST_VALUE
            || !text.bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(Problem::invalid(format!("invalid annotation {key:?}")));
        }
        if text.is_empty() {
            annotations.remove(&key);
        } else {
            annotations.insert(key, value);
        }
    }
    let size = Value::Object(annotations.clone()).to_string().len();
    if annotations.len() > MOST_ANNOTATIONS || size > LARGEST_ANNOTATIONS {
        return Err(Problem::invalid("too many annotations"));
    }
    Ok(())
}

fn is_annotation_key(key: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte);
    key.starts_with(|first: char| first.is_ascii_alphabetic())
        && key.len() <= LONGEST_KEY
        && key.bytes().all(allowed)
        && !key.starts_with("c1/")
}

impl Tenant {
    /// Returns the app if it exists and is not deleted.
    pub(crate) fn app(&self, id: &str) -> Result<&StoredApp> {
        let mut apps = self.apps.iter();
        let app = apps.find(|app| app.id == id && !app.is_deleted());
        app.ok_or_else(|| Problem::not_found("app", id))
    }

    pub(crate) fn app_mut(&mut self, id: &str) -> Result<&mut StoredApp> {
        let mut apps = self.apps.iter_mut();
        let app = apps.find(|app| app.id == id && !app.is_deleted());
        app.ok_or_else(|| Problem::not_found("app", id))
    }

    /// Returns `{app}`, which may be deleted.
    pub(crate) fn app_answer(&self, id: &str) -> Result<Value> {
        let shows_deleted = self.switches.deleted_answer == DeletedAnswer::DeletedAt;
        let mut apps = self.apps.iter();
        let app = apps.find(|app| app.id == id && (shows_deleted || !app.is_deleted()));
        let app = app.ok_or_else(|| Problem::not_found("app", id))?;
        Ok(json!({"app": app.view()}))
    }

    /// Returns the apps that lists show.
    pub(crate) fn live_apps(&self) -> impl Iterator<Item = &StoredApp> {
        self.apps
            .iter()
            .filter(|app| !app.is_deleted() && app.shows(&self.switches))
    }

    /// Stores a new app. Without owners, the caller becomes its owner.
    pub(crate) fn create_app(&mut self, mut app: StoredApp, owners: &[Owner]) -> String {
        let caller = [Owner::User(self.caller.clone())];
        let owners = if owners.is_empty() { &caller } else { owners };
        for owner in owners {
            app.owners.add(
                &self.switches.owner_role_slug,
                owner.clone(),
                self.switches.owner_delay_ms,
            );
        }
        let id = app.id.clone();
        self.apps.push(app);
        id
    }

    pub(crate) fn set_app_owners(&mut self, id: &str, user_ids: &[String]) -> Result<()> {
        let (slug, delay) = (
            self.switches.owner_role_slug.clone(),
            self.switches.owner_delay_ms,
        );
        self.app_mut(id)?
            .owners
            .replace(Scope::Users, &slug, &users(user_ids), delay);
        Ok(())
    }

    /// Deletes an app and its connectors.
    pub(crate) fn delete_app(&mut self, id: &str) {
        let now = Time::now();
        if let Ok(app) = self.app_mut(id) {
            app.deleted_at = Some(now);
            app.updated_at = now;
        }
        let of_app = self.connectors.iter().filter(|it| it.app_id == id);
        for connector in of_app.map(|it| it.id.clone()).collect::<Vec<_>>() {
            self.delete_connector(&connector);
        }
    }
}
