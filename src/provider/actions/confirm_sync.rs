//! `confluence_confirm_sync`: accepts a sync that the data-drop check stopped.

use crate::conductorone::Connector;
use crate::provider::session::Session;
use crate::terraform::action::Progress;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::schema::AttributeFlag::Required;
use crate::terraform::value::model;

use super::connector_action::{ConnectorAction, Target};
use super::messages;

/// The action `confluence_confirm_sync`.
#[derive(Debug)]
pub(crate) struct ConfirmSync;

model! {
    /// Accepts a sync that ConductorOne's data-drop check stopped. The check stops a sync, and the syncs of the
    /// connector, if about half of the resources are missing. Confirm the sync only if they were really removed.
    pub(crate) struct ConfirmSyncConfig {
        ..target: Target,
        /// ID of the stopped sync, the `sync_lifecycle_id` of ConductorOne's API. No documented endpoint of the API
        /// returns it. If the connector's page or the notification about the stopped sync does not show it, ask
        /// ConductorOne's support.
        #[schemars(extend("x-terraform" = [Required], "format" = "id"))]
        sync_lifecycle_id: String,
    }
}

impl ConnectorAction for ConfirmSync {
    type Config = ConfirmSyncConfig;

    const TYPE_NAME: &'static str = "confluence_confirm_sync";

    async fn run(
        &self,
        session: &Session,
        connector: &Connector,
        config: &ConfirmSyncConfig,
        progress: &Progress,
    ) -> Result<(), Diagnostics> {
        let sync_id = config.sync_lifecycle_id.known().map_or("", String::as_str);
        let confirmed = session
            .api()
            .confirm_sync(&connector.app_id, &connector.id, sync_id);
        confirmed.await.map_err(|error| match error.status() {
            // The connector exists, so the request is about the sync.
            Some(400 | 404 | 409) => messages::sync_not_confirmed(&connector.id, sync_id, &error),
            _ => config.target.diagnose(&error),
        })?;
        progress.report("The sync is confirmed.").await;
        Ok(())
    }
}
