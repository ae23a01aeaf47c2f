//! Whether and when a connector syncs, and waiting for a sync.

mod attributes;
mod change;
mod formats;
mod private_state;
mod wait;

pub(super) use attributes::SyncAttributes;
pub(super) use change::{pause_or_resume, schedule};
pub(crate) use formats::{CRON, TIME_ZONE};
pub(super) use private_state::SyncPrivateState;
pub(super) use wait::{StoredSettings, wait_until_synced};
pub(crate) use wait::{SyncResult, wait_for_next_sync};
