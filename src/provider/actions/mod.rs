//! Actions on the syncs of a connector.

mod confirm_sync;
mod connector_action;
mod force_sync;
pub(super) mod messages;
mod pause_sync;
mod resume_sync;

pub(super) use confirm_sync::ConfirmSync;
pub(super) use connector_action::OnConnector;
pub(super) use force_sync::ForceSync;
pub(super) use pause_sync::PauseSync;
pub(super) use resume_sync::ResumeSync;
