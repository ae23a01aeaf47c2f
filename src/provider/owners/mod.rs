//! What owners of apps and of connectors have in common.

mod attributes;
mod current;
mod desired;
pub(super) mod email_address;
pub(super) mod messages;
mod plan;
mod roles;
#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests;
mod waiting;

pub(super) use attributes::OwnerAttributes;
pub(super) use current::{CurrentOwners, describe_user};
pub(super) use desired::{DesiredOwners, resolve, resolve_changed};
pub(super) use plan::{Owned, OwnerChecks};
pub(super) use roles::manages_connectors;
pub(super) use waiting::FormerOwners;
