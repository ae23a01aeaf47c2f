//! What one configured provider knows beyond single resources: which connectors and apps it has in hand, and what an app
//! held before anything was created in it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::conductorone::{Client, Connector, Error};
use crate::provider::lookups::Answers;
use crate::provider::place::Place;

use super::catalog::resource_type;

/// How long no claim must come before Terraform is believed to have read the objects of its state. It reads them in any
/// order, and plans creations in between.
const QUIET: Duration = Duration::from_millis(500);

/// Keeps two resources from taking the same object.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    claimed: Mutex<BTreeSet<String>>,
    /// How many claims and plans there have been.
    news: watch::Sender<usize>,
    named: Mutex<BTreeSet<String>>,
    creations: AtomicUsize,
    before: Answers<Arc<[Connector]>>,
    lost_in: Mutex<BTreeSet<String>>,
    doomed: Mutex<BTreeSet<String>>,
    imported: Mutex<BTreeSet<String>>,
    planned: Mutex<BTreeSet<String>>,
}

/// A plan for an object for which there is a plan already: the state holds the object twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Double {
    /// Both were in the state before this run.
    Stored,
    /// At least one of them is being imported.
    Imported,
}

impl Ledger {
    /// Notes that a connector or an app belongs to a resource. False where it did already.
    pub(crate) fn claim(&self, id: &str) -> bool {
        let is_new = locked(&self.claimed).insert(id.to_owned());
        if is_new {
            self.news.send_modify(|count| *count += 1);
        }
        is_new
    }

    /// Whether a connector or an app belongs to a resource that this process has seen.
    pub(crate) fn has_claimed(&self, id: &str) -> bool {
        locked(&self.claimed).contains(id)
    }

    /// Those of these IDs that no resource of this run holds, as far as can be known. A local state tells. Else this waits
    /// until Terraform's reads, which claim what they read, have come to an end.
    pub(crate) async fn unclaimed(&self, place: &Place, mut ids: Vec<String>) -> Vec<String> {
        let mut news = self.news.subscribe();
        loop {
            ids.retain(|id| !self.has_claimed(id));
            if ids.is_empty() {
                return ids;
            }
            if let Some(held) = place.held() {
                ids.retain(|id| !held.contains(id));
                return ids;
            }
            if timeout(QUIET, news.changed()).await.is_err() {
                return ids;
            }
        }
    }

    /// Whether nobody has told the user about this object yet. From now on somebody has.
    pub(crate) fn name_once(&self, id: &str) -> bool {
        locked(&self.named).insert(id.to_owned())
    }

    /// Notes that a creation is under way until the result is dropped.
    pub(crate) fn creation(self: &Arc<Self>) -> Creation {
        self.creations.fetch_add(1, Ordering::Relaxed);
        Creation(Arc::clone(self))
    }

    /// Notes that a connector or an app was read for an import.
    pub(crate) fn import(&self, id: &str) {
        locked(&self.imported).insert(id.to_owned());
    }

    /// Notes that a connector or an app of the state is planned: to stay, to change or to be destroyed. Terraform plans
    /// every resource once, so a second plan is that of a second resource with the same object. What a `removed` block or
    /// `terraform state rm` takes out of the state is not planned.
    pub(crate) fn plan(&self, id: &str) -> Option<Double> {
        if locked(&self.planned).insert(id.to_owned()) {
            self.news.send_modify(|count| *count += 1);
            None
        } else if locked(&self.imported).contains(id) {
            Some(Double::Imported)
        } else {
            Some(Double::Stored)
        }
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

    /// The connectors of these that this run does not destroy, as far as can be known. Where no dependency orders them,
    /// Terraform plans an app and its connectors at the same time, so this waits for the plans of those that it has read.
    pub(crate) async fn surviving(&self, mut connectors: Vec<Connector>) -> Vec<Connector> {
        let mut news = self.news.subscribe();
        loop {
            connectors.retain(|connector| !locked(&self.doomed).contains(&connector.id));
            let awaits_plan = |connector: &Connector| {
                self.has_claimed(&connector.id) && !locked(&self.planned).contains(&connector.id)
            };
            let is_settled = !connectors.iter().any(awaits_plan);
            if is_settled || timeout(QUIET, news.changed()).await.is_err() {
                return connectors;
            }
        }
    }

    /// The connectors that an app held before this process created the first one in it. None where the app or the list
    /// is not to be had: the creation will say why.
    pub(super) async fn before(
        &self,
        api: &Client,
        app_id: &str,
    ) -> Result<Arc<[Connector]>, Error> {
        let list = || async {
            let known = |connector| Some(known(connector));
            match api.find_connectors(app_id, known).await {
                Err(error) if matches!(error.status(), Some(403 | 404 | 501)) => Ok(Arc::default()),
                listed => listed.map(Arc::from),
            }
        };
        self.before.get(app_id, list).await
    }
}

/// A connector of an app, as far as creations ask for it. It is kept to the end of the run.
fn known(connector: Connector) -> Connector {
    let (id, unset) = (connector.id, Connector::default());
    if resource_type(&connector.catalog_id).is_none() {
        return Connector { id, ..unset };
    }
    Connector {
        id,
        app_id: connector.app_id,
        catalog_id: connector.catalog_id,
        display_name: connector.display_name,
        description: connector.description,
        config: connector.config,
        status: connector.status,
        created_at: connector.created_at,
        ..unset
    }
}

/// A creation that is under way.
#[derive(Debug)]
pub(crate) struct Creation(Arc<Ledger>);

impl Creation {
    /// Whether no other creation is under way, which could still claim something.
    pub(crate) fn is_last(&self) -> bool {
        self.0.creations.load(Ordering::Relaxed) == 1
    }
}

impl Drop for Creation {
    fn drop(&mut self) {
        self.0.creations.fetch_sub(1, Ordering::Relaxed);
    }
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds one of these locks.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
