//! The attributes of a connector that both data sources of connectors have.

use crate::conductorone::Connector;
use crate::provider::connector::{ComputedAttributes, Status};
use crate::terraform::schema::AttributeFlag::Computed;
use crate::terraform::value::{Value, model};

use super::settings::CloudSettings;
use super::version::find_version;

model! {
    /// A summary of a connector, with its settings.
    pub(crate) struct Summary {
        ..settings: ComputedAttributes<CloudSettings>,
        /// ID of the catalog entry that the connector was created from.
        #[schemars(extend("x-terraform" = [Computed]))]
        catalog_id: String,
        /// Version of the Confluence Cloud connector, `1` or `2`. Null for any other connector, such as a self-hosted
        /// one.
        #[schemars(extend("x-terraform" = [Computed]))]
        connector_version: i64,
        /// Name of the connector.
        #[schemars(extend("x-terraform" = [Computed]))]
        display_name: String,
        /// Description of the connector.
        #[schemars(extend("x-terraform" = [Computed]))]
        description: String,
        /// `NOT_CONNECTED` before the first sync, `SYNCING` during a sync, `CONNECTED` or `ERROR` after it, or
        /// `DISABLED` while syncs are paused.
        #[schemars(extend("x-terraform" = [Computed]))]
        status: String,
        /// Error of the last sync as the connector reported it, with secrets masked. Empty if the last sync did not
        /// fail.
        #[schemars(extend("x-terraform" = [Computed]))]
        last_error: String,
        /// When the last sync ended (RFC 3339). Null before the end of the first sync.
        #[schemars(extend("x-terraform" = [Computed]))]
        last_sync_at: String,
    }
}

impl Summary {
    /// Summarizes a connector.
    pub(crate) fn from_connector(connector: &Connector) -> Self {
        let version = find_version(&connector.catalog_id);
        let sync = connector.status.clone().unwrap_or_default();
        Self {
            settings: ComputedAttributes(read_settings(connector)),
            catalog_id: Value::Known(connector.catalog_id.clone()),
            connector_version: version.map(|(number, _)| number).into(),
            display_name: Value::Known(connector.display_name.clone()),
            description: Value::Known(connector.description.clone()),
            status: Value::Known(Status::from_connector(connector).name().to_owned()),
            last_error: Value::Known(sync.last_error),
            last_sync_at: sync.completed_at.into(),
        }
    }
}

/// Reads the stored settings of a connector. All are null if the connector is not one of Confluence Cloud.
fn read_settings(connector: &Connector) -> CloudSettings {
    let version = find_version(&connector.catalog_id);
    CloudSettings::read(version.map(|(_, entry)| entry), &connector.config)
}
