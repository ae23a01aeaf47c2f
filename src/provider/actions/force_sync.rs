//! `confluence_force_sync`: requests a sync, and waits for it.

use crate::conductorone::{Connector, Error};
use crate::provider::connector::{SyncResult, wait_for_next_sync};
use crate::provider::session::Session;
use crate::terraform::action::Progress;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::schema::AttributeFlag::Optional;
use crate::terraform::value::{Value, model};

use super::connector_action::{ConnectorAction, Target};
use super::messages;

/// The action `confluence_force_sync`.
#[derive(Debug)]
pub(crate) struct ForceSync;

model! {
    /// Requests a sync of a connector, and waits until the sync has ended if you want to.
    pub(crate) struct ForceSyncConfig {
        ..target: Target,
        /// Whether the action waits until a sync that started after the request has ended. A failed sync is then an
        /// error with the connector's own message. Default: `false`.
        #[schemars(extend("x-terraform" = [Optional]))]
        wait: bool,
    }
}

impl ConnectorAction for ForceSync {
    type Config = ForceSyncConfig;

    const TYPE_NAME: &'static str = "confluence_force_sync";

    async fn run(
        &self,
        session: &Session,
        connector: &Connector,
        config: &ForceSyncConfig,
        progress: &Progress,
    ) -> Result<(), Diagnostics> {
        let requested = session.api().force_sync(&connector.app_id, &connector.id);
        if let Err(error) = requested.await {
            return Err(refused(&config.target, connector, &error).into());
        }
        progress
            .report("ConductorOne accepted the request for a sync.")
            .await;
        if config.wait != Value::Known(true) {
            return Ok(());
        }
        let id = &connector.id;
        match wait_for_next_sync(session, connector, progress).await? {
            SyncResult::Synced => progress.report("The sync succeeded.").await,
            SyncResult::Failed(reason) => return Err(messages::sync_failed(id, &reason).into()),
            SyncResult::Paused => return Err(messages::paused_while_waiting(id).into()),
            SyncResult::Gone => return Err(config.target.not_found().into()),
        }
        Ok(())
    }
}

/// Returns the diagnostic for a refused request. ConductorOne starts no sync of a paused connector.
fn refused(target: &Target, connector: &Connector, error: &Error) -> Diagnostic {
    let is_paused = connector.sync_disabled_at.is_some();
    if is_paused && matches!(error.status(), Some(400 | 409)) {
        return messages::paused(&connector.id, error);
    }
    target.diagnose(error)
}
