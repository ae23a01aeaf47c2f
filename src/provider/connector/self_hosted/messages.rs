//! Messages about the credentials of self-hosted connectors.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Warning will_be_issued() on "credential_id" {
        summary: "Credential will be issued",
        cause: "The state contains no credential of this connector, because the connector was imported or moved, its creation \
                failed early, or the credential was revoked. The apply issues a credential, but a running connector keeps its \
                old one until you roll out the new environment.",
        remedy: "After the rollout, revoke the old credential, if there is one, on the connector's page in ConductorOne.",
    }

    Warning expired() on "credential_expires_at" {
        summary: "Credential has expired",
        cause: "The credential has expired, so the connector can no longer sign in to ConductorOne.",
        remedy: "Change credential_version to issue another credential. To rotate credentials before they expire, set \
               early_rotation_hours, for example early_rotation_hours = 168.",
    }

    Warning maybe_lost(connector_id, error) {
        summary: "Credential may have been lost",
        cause: "ConductorOne gave no clear answer to the request to issue a credential for the connector {connector_id}. A \
                credential may exist whose secret was lost, so the provider requested another one.",
        remedy: "On the connector's page in ConductorOne, revoke the credential that is never used.",
        server_message: "{error}",
    }
}
