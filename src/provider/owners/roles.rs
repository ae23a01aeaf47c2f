//! The roles that owners of connectors require.

use crate::conductorone::Role;

/// The display names of the roles that let a user manage connectors. Older tenants have other names for Connector
/// Administrator, whose internal name is not public.
const ADMINISTRATORS: [&str; 5] = [
    "Super Administrator",
    "Connector Administrator",
    "Connector Admin",
    "Integration Administrator",
    "Integration Admin",
];
/// The internal name of the role Super Administrator.
const SUPER_ADMINISTRATOR: &str = "system:owner";

/// Returns whether the holders of a role can manage connectors.
pub(crate) fn manages_connectors(role: &Role) -> bool {
    role.name == SUPER_ADMINISTRATOR || ADMINISTRATORS.contains(&role.display_name.as_str())
}
