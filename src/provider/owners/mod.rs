//! What owners of apps and of connectors have in common.

pub(super) mod email_address;
pub(super) mod messages;
pub(super) mod waiting;
