//! The attributes of every connector.

use std::fmt::Debug;

use crate::conductorone::Connector;
use crate::provider::creation_mark::CreationMark;
use crate::provider::owners::OwnerAttributes;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::model::Model;
use crate::terraform::schema::AttributeFlag::{Computed, ForcesReplacement, Optional, Required};
use crate::terraform::timeouts::Timeouts;
use crate::terraform::value::{Set, Value, model};

use super::sync::SyncAttributes;

model! {
    /// Attributes of every connector.
    pub(crate) struct ConnectorAttributes {
        /// ID of the connector.
        #[schemars(extend("x-terraform" = [Computed]))]
        id: String,
        /// ID of the ConductorOne app that the connector belongs to, which is in the URL of the app's page. Changing it
        /// creates a new connector.
        #[schemars(extend("x-terraform" = [Required, ForcesReplacement], "format" = "id"))]
        app_id: String,
        /// ID of the catalog entry that the connector was created from.
        #[schemars(extend("x-terraform" = [Computed]))]
        catalog_id: String,
        /// IDs of the ConductorOne users who own the connector. They get its notifications and, if no settings are
        /// configured, the email that asks for them. If unset, ConductorOne chooses, usually the user who creates the
        /// connector.
        #[schemars(extend("x-terraform" = [Optional, Computed], "format" = "id", "minItems" = 1))]
        owner_ids: Set<String>,
        /// Email addresses of the owners, instead of `owner_ids`, which then shows the IDs of these users. If an
        /// address belongs to another user later, the next plan changes the owner. If several users have an address,
        /// the only enabled one is the owner.
        #[schemars(extend("x-terraform" = [Optional], "format" = "email", "minItems" = 1))]
        owner_emails: Set<String>,
        /// Name of the connector in ConductorOne. Default for a new connector: the name of its type, such as
        /// `Confluence v2` or `Confluence Data Center`.
        #[schemars(extend("x-terraform" = [Optional, Computed], "format" = "not-blank"))]
        display_name: String,
        /// Description of the connector in ConductorOne.
        #[schemars(extend("x-terraform" = [Optional, Computed]))]
        description: String,
        /// Whether and when the connector syncs. Attributes that are not set keep their values in ConductorOne. If unset,
        /// a new connector syncs on ConductorOne's own schedule.
        #[schemars(extend("x-terraform" = [Optional, Computed]))]
        sync: SyncAttributes,
        /// Whether the provider signs in to Confluence before the connector gets a new or changed login: in the plan, and
        /// again in the apply. If Confluence refuses the login, Terraform shows an error at the wrong attribute and changes
        /// nothing. If the account is not an administrator, or if this machine cannot reach Confluence, Terraform shows a
        /// warning. Default: `false`.
        #[schemars(extend("x-terraform" = [Optional]))]
        check_login: bool,
        /// When the connector was created (RFC 3339).
        #[schemars(extend("x-terraform" = [Computed]))]
        created_at: String,
        /// How long each operation may take, including all requests, retries and waits.
        #[schemars(extend("x-terraform" = [Optional]))]
        timeouts: Timeouts,
    }
}

/// The attributes of a connector resource. Every model that includes [`ConnectorAttributes`] implements this.
pub(crate) trait ConnectorModel:
    Model + Default + Debug + AsRef<ConnectorAttributes> + AsMut<ConnectorAttributes>
{
    /// Returns the attributes that every connector has.
    fn connector(&self) -> &ConnectorAttributes {
        self.as_ref()
    }

    /// Returns the attributes that every connector has, for changes.
    fn connector_mut(&mut self) -> &mut ConnectorAttributes {
        self.as_mut()
    }
}

impl<M> ConnectorModel for M where
    M: Model + Default + Debug + AsRef<ConnectorAttributes> + AsMut<ConnectorAttributes>
{
}

impl ConnectorAttributes {
    /// Returns the IDs of the app and the connector. The client refuses a missing one, which is empty.
    pub(crate) fn ids(&self) -> (&str, &str) {
        (
            self.app_id.known().map_or("", String::as_str),
            self.id.known().map_or("", String::as_str),
        )
    }

    /// Returns the attributes that name the owners.
    pub(crate) fn owners(&self) -> OwnerAttributes<'_> {
        OwnerAttributes {
            ids: &self.owner_ids,
            emails: &self.owner_emails,
        }
    }

    /// Returns whether the description is the mark of an unfinished connector.
    fn is_unfinished(&self) -> bool {
        self.description
            .known()
            .is_some_and(|description| CreationMark::from_description(description).is_some())
    }

    /// Returns whether syncs are enabled, if known.
    pub(crate) fn sync_enabled(&self) -> Option<bool> {
        self.sync.known()?.enabled.known().copied()
    }

    /// Returns whether the login to Confluence is to be checked.
    pub(super) fn checks_login(&self) -> bool {
        self.check_login == Value::Known(true)
    }

    /// Validates the rules between these attributes of a configuration.
    pub(crate) fn validate(&self, diagnostics: &mut Diagnostics) {
        self.owners().validate(diagnostics);
        if let Some(sync) = self.sync.known() {
            sync.validate(diagnostics);
        }
    }

    /// Plans the attributes that every connector has. The provider writes the values of a new connector, so they are known.
    pub(crate) fn plan(&mut self, config: &Self) {
        // With `ignore_changes` for the description, Terraform passes the mark as if it was configured.
        let is_open = self.description.is_unknown() || self.is_unfinished();
        if is_open && config.description.is_null() {
            self.description = Value::Known(String::new());
        }
        if self.sync.is_unknown() && config.sync.is_null() {
            self.sync = Value::Known(SyncAttributes::of_new_connector());
        }
    }

    /// Plans the name of a new connector, which is the default if none is configured.
    pub(crate) fn plan_name(&mut self, config: &Self, default: &str) {
        if self.display_name.is_unknown() && config.display_name.is_null() {
            self.display_name = Value::Known(default.to_owned());
        }
    }

    /// Updates the attributes with what ConductorOne says about the connector.
    pub(crate) fn observe(&mut self, connector: &Connector) {
        self.id = Value::Known(connector.id.clone());
        self.catalog_id = Value::Known(connector.catalog_id.clone());
        self.display_name = Value::Known(connector.display_name.clone());
        self.description = Value::Known(connector.description.clone());
        self.created_at = connector.created_at.clone().into();
        self.sync = SyncAttributes::observe(&self.sync, connector);
    }
}
