//! What can be wrong with a self-hosted connector, in the user's words.

use jiff::Timestamp;

use crate::conductorone::{Connector, Error};
use crate::terraform::diagnostics::Diagnostic;

use super::SelfHostedAttributes;

impl SelfHostedAttributes {
    /// What there is to say about the credential in the state before a change.
    pub(super) fn credential_in_doubt(&self, now: Timestamp) -> Option<Diagnostic> {
        if self.credential_id.is_null() {
            return Some(new_credential());
        }
        let expired = self
            .expires_at()
            .is_some_and(|expires_at| expires_at <= now);
        (expired && self.early_rotation_hours.is_null()).then(expired_credential)
    }
}

pub(super) fn lost_credential(connector_id: &str, error: &Error) -> Diagnostic {
    Diagnostic::warning(
        "Credential may have been lost",
        format!(
            "ConductorOne did not answer the request to issue a credential for the connector {connector_id}. One may have \
             been issued, whose secret nobody knows, so another one was asked for. Look at the connector's page in \
             ConductorOne, and revoke the credential that is never used.\n\n{error}"
        ),
    )
}

pub(super) fn not_self_hosted(found: &Connector, other: &str) -> Diagnostic {
    Diagnostic::error(
        "Not a self-hosted connector",
        format!(
            "The connector {} ({:?}) was made from the catalog entry {}, which ConductorOne hosts itself. Check the ID; \
             {other}.",
            found.id, found.display_name, found.catalog_id,
        ),
    )
}

fn new_credential() -> Diagnostic {
    Diagnostic::warning(
        "Credential will be issued",
        "The state holds no credential of this connector: it was imported or moved, or the credential was revoked. The apply \
         issues one, and the running connector goes on with the one it has until you roll out the new environment. Revoke \
         the old one on the connector's page in ConductorOne after that.",
    )
    .on("credential_id")
}

fn expired_credential() -> Diagnostic {
    Diagnostic::warning(
        "Credential has expired",
        "The connector can no longer sign in to ConductorOne. Change credential_version to issue another credential, or set \
         early_rotation_hours so that this happens in time.",
    )
    .on("credential_expires_at")
}
