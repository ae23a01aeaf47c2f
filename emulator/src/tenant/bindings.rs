//! Apps that a directory discovered, and their promotion to managed ones.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Owner, StoredApp, Tenant};
use crate::problem::{Code, Problem, Result};
use crate::time::Time;

/// A resource type of an app's connector.
#[derive(Clone, Debug)]
pub(crate) struct ResourceType {
    pub(crate) app_id: String,
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) created_at: Time,
}

/// A discovered app.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    pub(crate) app_id: String,
    pub(crate) resource_type_id: String,
    pub(crate) resource_id: String,
    pub(crate) display_name: String,
    /// The app that it was promoted to.
    pub(crate) managed_app_id: Option<String>,
    pub(crate) created_at: Time,
    pub(crate) updated_at: Time,
}

/// The reference to a discovered app, as in its path.
#[derive(Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the API's own names")]
pub(crate) struct BindingRef {
    pub(crate) app_id: String,
    pub(crate) resource_type_id: String,
    pub(crate) resource_id: String,
}

impl ResourceType {
    pub(crate) fn view(&self) -> Value {
        json!({"appPath": "", "appResourceType": {
            "id": self.id, "appId": self.app_id, "displayName": self.display_name, "traitIds": [],
            "createdAt": self.created_at, "updatedAt": self.created_at, "deletedAt": null,
        }})
    }
}

impl Binding {
    pub(crate) fn view(&self) -> Value {
        let state = match &self.managed_app_id {
            Some(app_id) => json!({"managed": {"appId": app_id}}),
            None => json!({"unmanaged": {}}),
        };
        json!({"appPath": "", "resourcePath": "", "appManagementStateBinding": {
            "appId": self.app_id, "resourceTypeId": self.resource_type_id, "resourceId": self.resource_id,
            "displayName": self.display_name, "state": state,
            "createdAt": self.created_at, "updatedAt": self.updated_at, "deletedAt": null,
        }})
    }

    fn is(&self, wanted: &BindingRef) -> bool {
        self.app_id == wanted.app_id
            && self.resource_type_id == wanted.resource_type_id
            && self.resource_id == wanted.resource_id
    }
}

impl Tenant {
    pub(crate) fn binding(&mut self, wanted: &BindingRef) -> Result<&mut Binding> {
        self.app(&wanted.app_id)?;
        let binding = self.bindings.iter_mut().find(|binding| binding.is(wanted));
        binding.ok_or_else(|| Problem::not_found("managed state binding", &wanted.resource_id))
    }

    /// Promotes a discovered app and returns the ID of the new app. Without owners, it inherits those of its source.
    pub(crate) fn promote(
        &mut self,
        wanted: &BindingRef,
        mut owners: Vec<Owner>,
    ) -> Result<String> {
        let binding = self.binding(wanted)?;
        if binding.managed_app_id.is_some() {
            return Err(Problem::new(
                Code::AlreadyExists,
                "the app is managed already",
            ));
        }
        let display_name = binding.display_name.clone();
        if owners.is_empty() {
            let inherited = self.app(&wanted.app_id)?.owner_ids();
            owners = inherited.into_iter().map(Owner::User).collect();
        }
        let app_id = self.create_app(StoredApp::new(&display_name), &owners);
        let binding = self.binding(wanted)?;
        binding.managed_app_id = Some(app_id.clone());
        binding.updated_at = Time::now();
        Ok(app_id)
    }
}
