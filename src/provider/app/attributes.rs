//! The attributes of `confluence_app`.

use std::collections::BTreeMap;

use crate::conductorone::{App, DiscoveredApp};
use crate::provider::owners::OwnerAttributes;
use crate::terraform::schema::AttributeFlag::{Computed, ForcesReplacement, Optional, Required};
use crate::terraform::timeouts::Timeouts;
use crate::terraform::value::{Set, Value, model};

use super::annotations::{Annotations, find_visible};
use super::private_state::AppPrivateState;

model! {
    /// A ConductorOne app, which connectors belong to. The resource creates an app, or promotes an unmanaged app that
    /// an identity provider discovered.
    ///
    /// An existing app does not require a resource: connectors refer to it by its ID.
    pub(crate) struct AppModel {
        /// ID of the app, which is in the URL of its page.
        #[schemars(extend("x-terraform" = [Computed]))]
        id: String,
        /// Name of the app in ConductorOne. Required unless `unmanaged_app` is set. If unset, a promoted app has the
        /// name that the identity provider has for it.
        #[schemars(extend("x-terraform" = [Optional, Computed], "format" = "not-blank"))]
        display_name: String,
        /// Description of the app in ConductorOne.
        #[schemars(extend("x-terraform" = [Optional, Computed]))]
        description: String,
        /// Keys and values that programs can read from the app. The provider adds `managed_by` and `iac_workspace`,
        /// which are not part of the plan; set them here to give them other values. Terraform ignores keys that others
        /// add.
        #[schemars(extend("x-terraform" = [Optional]))]
        annotations: BTreeMap<String, Value<String>>,
        /// An app that an identity provider discovered. The resource promotes it to a managed app instead of creating a
        /// new one. Changing it deletes the app and promotes or creates another one.
        #[schemars(extend("x-terraform" = [Optional, ForcesReplacement]))]
        unmanaged_app: UnmanagedApp,
        /// IDs of the ConductorOne users who own the app. If unset, ConductorOne chooses the user who creates the app,
        /// or the owners of the identity provider's app.
        #[schemars(extend("x-terraform" = [Optional, Computed], "format" = "id", "minItems" = 1))]
        owner_ids: Set<String>,
        /// Email addresses of the owners, instead of `owner_ids`, which then shows the IDs of these users. If an
        /// address belongs to another user later, the next plan changes the owner. If several users have an address,
        /// the only enabled one is the owner.
        #[schemars(extend("x-terraform" = [Optional], "format" = "email", "minItems" = 1))]
        owner_emails: Set<String>,
        /// When the app was created (RFC 3339).
        #[schemars(extend("x-terraform" = [Computed]))]
        created_at: String,
        /// How long each operation may take, including all requests, retries and waits.
        #[schemars(extend("x-terraform" = [Optional]))]
        timeouts: Timeouts,
    }
}

model! {
    /// The IDs of a discovered app.
    #[expect(clippy::struct_field_names, reason = "the API's own names")]
    pub(crate) struct UnmanagedApp {
        /// ID of the identity provider's app in ConductorOne, such as the one for Okta.
        #[schemars(extend("x-terraform" = [Required], "format" = "id"))]
        app_id: String,
        /// ID of the identity provider's resource type for applications, such as `application`.
        #[schemars(extend("x-terraform" = [Required], "format" = "id"))]
        resource_type_id: String,
        /// ID of the discovered app among the resources of this type.
        #[schemars(extend("x-terraform" = [Required], "format" = "id"))]
        resource_id: String,
    }
}

impl UnmanagedApp {
    /// Returns the IDs of the discovered app for a request.
    pub(super) fn discovered(&self) -> DiscoveredApp {
        let text = |id: &Value<String>| id.known().cloned().unwrap_or_default();
        DiscoveredApp {
            app_id: text(&self.app_id),
            resource_type_id: text(&self.resource_type_id),
            resource_id: text(&self.resource_id),
        }
    }
}

impl AppModel {
    /// Returns the ID of the app. The client refuses a missing one, which is empty.
    pub(super) fn id(&self) -> &str {
        self.id.known().map_or("", String::as_str)
    }

    /// Returns the known annotations.
    pub(super) fn annotations(&self) -> Annotations {
        let entries = self.annotations.known().into_iter().flatten();
        let known =
            |(key, value): (&String, &Value<String>)| Some((key.clone(), value.known()?.clone()));
        entries.filter_map(known).collect()
    }

    /// Returns the attributes that name the owners.
    pub(super) fn owners(&self) -> OwnerAttributes<'_> {
        OwnerAttributes {
            ids: &self.owner_ids,
            emails: &self.owner_emails,
        }
    }

    /// Plans the description of a new app, which is empty if none is configured. ConductorOne chooses the one of a promoted app.
    pub(super) fn plan_description(&mut self, config: &Self) {
        let is_open = self.description.is_unknown() && config.description.is_null();
        if is_open && self.unmanaged_app.is_null() {
            self.description = Value::Known(String::new());
        }
    }

    /// Updates the attributes with what ConductorOne says about the app, except its annotations.
    pub(super) fn observe(&mut self, app: &App) {
        self.id = Value::Known(app.id.clone());
        self.display_name = Value::Known(app.display_name.clone());
        self.description = Value::Known(app.description.clone());
        self.created_at = app.created_at.clone().into();
    }

    /// Updates the annotations that concern the user.
    pub(super) fn observe_annotations(&mut self, app: &App, imported: bool) {
        let before = (!self.annotations.is_null()).then(|| self.annotations());
        let found = find_visible(app, before.as_ref(), imported);
        if before.is_some() || !found.is_empty() {
            let known = |(key, value)| (key, Value::Known(value));
            self.annotations = Value::Known(found.into_iter().map(known).collect());
        }
    }

    /// Returns the app as recorded in the state and the private state.
    pub(super) fn recorded_app(&self, private: &AppPrivateState) -> App {
        let mut annotations = private.stamped.clone();
        annotations.extend(self.annotations());
        let text = |value: &Value<String>| value.known().cloned().unwrap_or_default();
        App {
            id: text(&self.id),
            display_name: text(&self.display_name),
            description: text(&self.description),
            annotations,
            ..App::default()
        }
    }
}
