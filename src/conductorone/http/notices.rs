//! Notices for the user about calls that succeeded.

use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;

/// Information for the user about a call that succeeded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Notice {
    /// This machine's clock is wrong, and the client used ConductorOne's clock instead. Contains the offset of
    /// ConductorOne's clock.
    ClockOff(SignedDuration),
}

/// The notices that have not been shown to the user.
#[derive(Debug, Default)]
pub(super) struct Notices(Mutex<Vec<Notice>>);

impl Notices {
    pub(super) fn add(&self, notice: Notice) {
        self.lock().push(notice);
    }

    /// Returns all notices and forgets them.
    pub(super) fn take(&self) -> Vec<Notice> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Notice>> {
        // No code panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
