//! The state that all connections share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::faults::Faults;
use crate::journal::Journal;
use crate::rate_limit::RateLimiter;
use crate::tenant::Tenant;

/// The tenant and the traffic to it. Neither lock is ever held across an await.
#[derive(Debug)]
pub(crate) struct Emulation {
    tenant: Mutex<Tenant>,
    traffic: Mutex<Traffic>,
}

/// The recorded requests, the active faults and the connections.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) journal: Journal,
    pub(crate) faults: Faults,
    pub(crate) rate_limiter: RateLimiter,
    pub(crate) connections: Connections,
}

/// The number of open and past connections.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Connections {
    pub(crate) opened: usize,
    pub(crate) open: usize,
    pub(crate) most_at_once: usize,
}

impl Connections {
    /// Counts a new connection and returns its number.
    pub(crate) fn opened(&mut self) -> usize {
        self.opened += 1;
        self.open += 1;
        self.most_at_once = self.most_at_once.max(self.open);
        self.opened
    }

    pub(crate) fn closed(&mut self) {
        self.open = self.open.saturating_sub(1);
    }
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
