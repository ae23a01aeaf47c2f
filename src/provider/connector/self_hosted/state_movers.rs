//! The state movers from the vendor's own provider to any self-hosted connector.

use crate::terraform::state_migration::StateMover;

/// The vendor's resource for any self-hosted connector. Its settings and its credential are elsewhere.
pub(super) const STATE_MOVERS: &[StateMover] = &[StateMover {
    provider: "conductorone/conductorone",
    type_name: "conductorone_integration_baton",
    attributes: &[
        ("id", "id"),
        ("app_id", "app_id"),
        ("created_at", "created_at"),
        ("user_ids", "owner_ids"),
    ],
    implied: &[],
}];
