//! `confluence_pause_sync`: pauses the syncs of a connector.

use crate::conductorone::Connector;
use crate::provider::session::Session;
use crate::terraform::action::Progress;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::model;

use super::connector_action::{ConnectorAction, Target};

/// The action `confluence_pause_sync`.
#[derive(Debug)]
pub(crate) struct PauseSync;

model! {
    /// Pauses the syncs and the provisioning of a connector, until a user resumes it.
    pub(crate) struct PauseSyncConfig {
        ..target: Target,
    }
}

impl ConnectorAction for PauseSync {
    type Config = PauseSyncConfig;

    const TYPE_NAME: &'static str = "confluence_pause_sync";

    async fn run(
        &self,
        session: &Session,
        connector: &Connector,
        config: &PauseSyncConfig,
        progress: &Progress,
    ) -> Result<(), Diagnostics> {
        let done = session
            .api()
            .pause_connector(&connector.app_id, &connector.id);
        done.await.map_err(|error| config.target.diagnose(&error))?;
        progress.report("The connector is paused.").await;
        Ok(())
    }
}
