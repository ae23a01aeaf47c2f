//! The private state of self-hosted connectors.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::provider::connector::sync::SyncPrivateState;

use super::attributes::SelfHostedAttributes;

/// The private state of a self-hosted connector.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SelfHostedPrivateState {
    /// When the credential was read, in ConductorOne's time and RFC 3339. A plan uses this instead of a clock, because Terraform
    /// plans again during apply and requires the same result.
    looked_at: Option<String>,
    #[serde(flatten)]
    pub(super) sync: SyncPrivateState,
}

impl SelfHostedPrivateState {
    /// Returns when the credential was read.
    pub(super) fn looked_at(&self) -> Option<Timestamp> {
        self.looked_at.as_deref()?.parse().ok()
    }

    /// Records that the credential in `state` was read. If nothing has changed since the last read, the recorded time stays.
    /// Otherwise Terraform would report a change outside of Terraform.
    pub(super) fn record_read(&mut self, state: &SelfHostedAttributes, now: Timestamp) {
        let before = self.looked_at();
        if before.is_none_or(|before| state.expiry(before) != state.expiry(now)) {
            self.looked_at = Some(now.to_string());
        }
    }
}

impl AsRef<SyncPrivateState> for SelfHostedPrivateState {
    fn as_ref(&self) -> &SyncPrivateState {
        &self.sync
    }
}

impl AsMut<SyncPrivateState> for SelfHostedPrivateState {
    fn as_mut(&mut self) -> &mut SyncPrivateState {
        &mut self.sync
    }
}
