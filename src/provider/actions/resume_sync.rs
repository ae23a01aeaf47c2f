//! `confluence_resume_sync`: resumes the syncs of a connector.

use crate::conductorone::Connector;
use crate::provider::session::Session;
use crate::terraform::action::Progress;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::model;

use super::connector_action::{ConnectorAction, Target};

/// The action `confluence_resume_sync`.
#[derive(Debug)]
pub(crate) struct ResumeSync;

model! {
    /// Resumes the syncs and the provisioning of a paused connector. ConductorOne then starts a sync.
    pub(crate) struct ResumeSyncConfig {
        ..target: Target,
    }
}

impl ConnectorAction for ResumeSync {
    type Config = ResumeSyncConfig;

    const TYPE_NAME: &'static str = "confluence_resume_sync";

    async fn run(
        &self,
        session: &Session,
        connector: &Connector,
        config: &ResumeSyncConfig,
        progress: &Progress,
    ) -> Result<(), Diagnostics> {
        let done = session
            .api()
            .resume_connector(&connector.app_id, &connector.id);
        done.await.map_err(|error| config.target.diagnose(&error))?;
        progress.report("The connector is resumed.").await;
        Ok(())
    }
}
