//! What can be wrong with a self-hosted connector, in the user's words.

use jiff::Timestamp;

use crate::conductorone::Connector;
use crate::provider::problems::{connectors, credentials};
use crate::terraform::diagnostics::Diagnostic;

use super::SelfHostedAttributes;

impl SelfHostedAttributes {
    /// What there is to say about the credential in the state before a change.
    pub(super) fn credential_in_doubt(&self, looked_at: Option<Timestamp>) -> Option<Diagnostic> {
        if self.credential_id.is_null() {
            return Some(credentials::will_be_issued());
        }
        let expired = looked_at.is_some_and(|now| self.has_expired(now));
        (expired && self.early_rotation_hours.is_null()).then(credentials::expired)
    }
}

pub(super) fn not_self_hosted(found: &Connector, other: &str) -> Diagnostic {
    let Connector {
        id,
        display_name,
        catalog_id,
        ..
    } = found;
    connectors::not_self_hosted(id, display_name, catalog_id, other)
}
