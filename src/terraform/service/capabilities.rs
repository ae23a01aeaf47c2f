//! The capabilities that the provider announces to Terraform.

use crate::terraform::proto::ServerCapabilities;

pub(super) const CAPABILITIES: ServerCapabilities = ServerCapabilities {
    plan_destroy: true,
    get_provider_schema_optional: true,
    move_resource_state: true,
    generate_resource_config: true,
};
