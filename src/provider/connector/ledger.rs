//! What one configured provider knows beyond single resources: which connectors and apps it has in hand, and what an app
//! held before anything was created in it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::conductorone::{Client, Connector, Error};
use crate::provider::lookups::Answers;

/// Keeps two resources from taking the same object.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    claimed: Mutex<BTreeSet<String>>,
    before: Answers<Arc<[Connector]>>,
    lost_in: Mutex<BTreeSet<String>>,
    doomed: Mutex<BTreeSet<String>>,
}

impl Ledger {
    /// Notes that a connector or an app belongs to a resource. False where it did already.
    pub(crate) fn claim(&self, id: &str) -> bool {
        locked(&self.claimed).insert(id.to_owned())
    }

    /// Whether a connector or an app belongs to a resource that this process has seen.
    pub(crate) fn has_claimed(&self, id: &str) -> bool {
        locked(&self.claimed).contains(id)
    }

    /// Notes that a connector of the state is gone from this app.
    pub(super) fn lose_in(&self, app_id: &str) {
        locked(&self.lost_in).insert(app_id.to_owned());
    }

    /// Whether a connector of the state is gone from this app.
    pub(super) fn has_lost_in(&self, app_id: &str) -> bool {
        locked(&self.lost_in).contains(app_id)
    }

    /// Notes that this run is going to destroy a connector.
    pub(super) fn doom(&self, id: &str) {
        locked(&self.doomed).insert(id.to_owned());
    }

    /// Whether this run is known to be going to destroy a connector.
    pub(crate) fn is_doomed(&self, id: &str) -> bool {
        locked(&self.doomed).contains(id)
    }

    /// The connectors that an app held before this process created the first one in it. None where the app or the list
    /// is not to be had: the creation will say why.
    pub(super) async fn before(
        &self,
        api: &Client,
        app_id: &str,
    ) -> Result<Arc<[Connector]>, Error> {
        let list = || async {
            match api.list_connectors(app_id).await {
                Err(error) if matches!(error.status(), Some(403 | 404 | 501)) => Ok(Arc::default()),
                listed => listed.map(Arc::from),
            }
        };
        self.before.get(app_id, list).await
    }
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds one of these locks.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
