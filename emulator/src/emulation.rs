//! What all connections share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::faults::Faults;
use crate::journal::Journal;
use crate::tenant::Tenant;

/// The tenant and the traffic to it. Neither lock is ever held across an await.
#[derive(Debug)]
pub(crate) struct Emulation {
    tenant: Mutex<Tenant>,
    traffic: Mutex<Traffic>,
}

/// What came in, and what is to go wrong.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) journal: Journal,
    pub(crate) faults: Faults,
    /// The number of connections opened so far.
    pub(crate) connections: usize,
}

impl Emulation {
    pub(crate) fn new(tenant: Tenant) -> Self {
        Self {
            tenant: Mutex::new(tenant),
            traffic: Mutex::default(),
        }
    }

    pub(crate) fn tenant(&self) -> MutexGuard<'_, Tenant> {
        self.tenant.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn traffic(&self) -> MutexGuard<'_, Traffic> {
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
