//! What users should know although nothing failed.

use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;

/// Something that a user should know although the call succeeded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Notice {
    /// The clock of this machine is wrong, and ConductorOne's was used instead. It is ahead by this.
    ClockOff(SignedDuration),
}

/// Notices that nobody has told the user yet.
#[derive(Debug, Default)]
pub(super) struct Notices(Mutex<Vec<Notice>>);

impl Notices {
    pub(super) fn add(&self, notice: Notice) {
        self.lock().push(notice);
    }

    /// Hands all of them over.
    pub(super) fn take(&self) -> Vec<Notice> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Notice>> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
