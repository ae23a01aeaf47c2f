//! The state movers from the vendor's own provider to `confluence_integration`.

use crate::terraform::state_migration::StateMover;

/// The vendor's resources for the two versions of the connector.
pub(super) const STATE_MOVERS: &[StateMover] = &[FROM_V1, FROM_V2];

const VENDOR: &str = "conductorone/conductorone";

/// The vendor's resource for the first connector.
const FROM_V1: StateMover = StateMover {
    provider: VENDOR,
    type_name: "conductorone_integration_confluence",
    attributes: &[
        ("id", "id"),
        ("app_id", "app_id"),
        ("created_at", "created_at"),
        ("user_ids", "owner_ids"),
        ("confluence_domain", "site_domain"),
        ("confluence_username", "username"),
        ("confluence_apikey", "api_key"),
    ],
    implied: &[("connector_version", 1)],
};

/// The vendor's resource for the current connector.
const FROM_V2: StateMover = StateMover {
    provider: VENDOR,
    type_name: "conductorone_integration_confluence_v2",
    attributes: &[
        ("id", "id"),
        ("app_id", "app_id"),
        ("created_at", "created_at"),
        ("user_ids", "owner_ids"),
        ("domain_url", "site_domain"),
        ("username", "username"),
        ("api_key", "api_key"),
        ("skip_personal_spaces", "skip_personal_spaces"),
    ],
    implied: &[("connector_version", 2)],
};
