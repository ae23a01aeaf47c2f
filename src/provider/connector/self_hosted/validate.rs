//! Validation of self-hosted connectors.

use jiff::Timestamp;

use crate::conductorone::Connector;
use crate::provider::connector::messages as connector_messages;

use super::messages;
use crate::terraform::diagnostics::Diagnostic;

use super::attributes::SelfHostedAttributes;

impl SelfHostedAttributes {
    /// Returns a warning about the credential in the state before a change.
    pub(super) fn diagnose_credential(&self, looked_at: Option<Timestamp>) -> Option<Diagnostic> {
        if self.credential_id.is_null() {
            return Some(messages::will_be_issued());
        }
        let expired = looked_at.is_some_and(|now| self.has_expired(now));
        (expired && self.early_rotation_hours.is_null()).then(messages::expired)
    }
}

/// Returns the error that a connector is not self-hosted.
pub(super) fn diagnose_hosted(found: &Connector, other: &str) -> Diagnostic {
    let Connector {
        id,
        display_name,
        catalog_id,
        ..
    } = found;
    connector_messages::not_self_hosted(id, display_name, catalog_id, other)
}
