//! Messages about the credentials of self-hosted connectors.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Warning will_be_issued() on "credential_id" {
        summary: "Credential will be issued",
        cause: "The state holds no credential of this connector: the connector was imported or moved, its creation failed \
                before it had one, or the credential was revoked. The apply issues one. A running connector keeps the one it \
                has until you roll out the new environment.",
        remedy: "If there is an old one, revoke it on the connector's page in ConductorOne after that.",
    }

    Warning expired() on "credential_expires_at" {
        summary: "Credential has expired",
        cause: "The connector can no longer sign in to ConductorOne.",
        remedy: "Change credential_version to issue another credential, or set early_rotation_hours so that this happens in \
               time.",
    }

    Warning maybe_lost(connector_id, error) {
        summary: "Credential may have been lost",
        cause: "ConductorOne gave no clear answer to the request to issue a credential for the connector {connector_id}. One may have \
                been issued, whose secret nobody knows, so another one was asked for.",
        remedy: "Look at the connector's page in ConductorOne, and revoke the credential that is never used.",
        server_message: "{error}",
    }
}
