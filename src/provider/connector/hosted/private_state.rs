//! The private state of hosted connectors.

use serde::{Deserialize, Serialize};

use crate::conductorone::Connector;
use crate::provider::connector::sync::SyncPrivateState;

/// The private state of a hosted connector.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct HostedPrivateState {
    /// When Terraform last changed the settings or first read them. After a later change, the secret may differ, because
    /// ConductorOne never returns it.
    pub(super) config_updated_at: Option<String>,
    /// When somebody else changed the settings. `None` after Terraform has written them again.
    pub(super) changed_at: Option<String>,
    /// Whether Terraform has sent the stored secret. The state does not show this for a write-only secret without a version.
    pub(super) secret_sent: bool,
    #[serde(flatten)]
    pub(super) sync: SyncPrivateState,
}

impl HostedPrivateState {
    /// Records that Terraform has written the settings and the secret.
    pub(super) fn record_write(&mut self, connector: &Connector) {
        self.record_settings(connector);
        self.secret_sent = true;
    }

    /// Records that Terraform knows the current settings.
    pub(super) fn record_settings(&mut self, connector: &Connector) {
        self.config_updated_at
            .clone_from(&connector.config_updated_at);
        self.changed_at = None;
    }

    /// Records that the configuration has no secret any more.
    pub(super) fn forget_secret(&mut self) {
        self.changed_at = None;
        self.secret_sent = false;
    }
}

impl AsRef<SyncPrivateState> for HostedPrivateState {
    fn as_ref(&self) -> &SyncPrivateState {
        &self.sync
    }
}

impl AsMut<SyncPrivateState> for HostedPrivateState {
    fn as_mut(&mut self) -> &mut SyncPrivateState {
        &mut self.sync
    }
}
