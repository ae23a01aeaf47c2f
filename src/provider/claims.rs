//! Which objects belong to which resources. The resources of one configured provider share this.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::conductorone::Connector;

use super::lock::lock;
use super::terraform_run::TerraformRun;

/// If no new claim arrives in this time, Terraform has probably read all objects of its state. Terraform reads them in any
/// order and plans creations in between.
const QUIET_TIME: Duration = Duration::from_millis(500);

/// The IDs of the apps and connectors that resources of this process manage. They keep two resources from adopting the same
/// object.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    claimed: Mutex<BTreeSet<String>>,
    /// Counts new claims and plans.
    changes: watch::Sender<usize>,
    reported: Mutex<BTreeSet<String>>,
    active_creations: watch::Sender<usize>,
    apps_with_lost_connectors: Mutex<BTreeSet<String>>,
    to_be_destroyed: Mutex<BTreeSet<String>>,
    imported: Mutex<BTreeSet<String>>,
    planned: Mutex<BTreeSet<String>>,
}

/// A second resource for the same object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Duplicate {
    /// Both resources were in the state before this run.
    Stored,
    /// At least one of the resources is being imported.
    Imported,
}

impl Claims {
    /// Claims an object for a resource. Returns false if the object is claimed already.
    pub(crate) fn claim(&self, id: &str) -> bool {
        let is_new = lock(&self.claimed).insert(id.to_owned());
        if is_new {
            self.changes.send_modify(|count| *count += 1);
        }
        is_new
    }

    /// Returns whether a resource that this process has seen manages an object.
    pub(crate) fn is_claimed(&self, id: &str) -> bool {
        lock(&self.claimed).contains(id)
    }

    /// Returns those of these IDs that no resource of this run manages, if known. If the state is a local file, the file
    /// decides. Otherwise this waits until Terraform has probably read its whole state, because each read claims an object.
    pub(crate) async fn unclaimed(&self, run: &TerraformRun, mut ids: Vec<String>) -> Vec<String> {
        let mut changes = self.changes.subscribe();
        loop {
            ids.retain(|id| !self.is_claimed(id));
            if ids.is_empty() {
                return ids;
            }
            if let Some(in_state) = run.ids_in_state() {
                ids.retain(|id| !in_state.contains(id));
                return ids;
            }
            if timeout(QUIET_TIME, changes.changed()).await.is_err() {
                return ids;
            }
        }
    }

    /// Returns whether no message has named this object yet, and records that one does now.
    pub(crate) fn report_once(&self, id: &str) -> bool {
        lock(&self.reported).insert(id.to_owned())
    }

    /// Starts a creation. It is active until the result is dropped.
    pub(crate) fn start_creation(self: &Arc<Self>) -> ActiveCreation {
        self.active_creations.send_modify(|count| *count += 1);
        ActiveCreation(Arc::clone(self))
    }

    /// Records that an object was read for an import.
    pub(crate) fn record_import(&self, id: &str) {
        lock(&self.imported).insert(id.to_owned());
    }

    /// Records the plan of an object in the state, and returns whether another resource has the same object. Terraform plans
    /// each resource once, so a second plan belongs to a second resource. Terraform does not plan resources that a `removed`
    /// block or `terraform state rm` takes out of the state.
    pub(crate) fn record_plan(&self, id: &str) -> Option<Duplicate> {
        if lock(&self.planned).insert(id.to_owned()) {
            self.changes.send_modify(|count| *count += 1);
            None
        } else if lock(&self.imported).contains(id) {
            Some(Duplicate::Imported)
        } else {
            Some(Duplicate::Stored)
        }
    }

    /// Records that a connector in the state no longer exists in this app.
    pub(crate) fn record_lost_connector(&self, app_id: &str) {
        lock(&self.apps_with_lost_connectors).insert(app_id.to_owned());
    }

    /// Returns whether a connector in the state no longer exists in this app.
    pub(crate) fn has_lost_connector(&self, app_id: &str) -> bool {
        lock(&self.apps_with_lost_connectors).contains(app_id)
    }

    /// Records that this run plans to destroy a connector.
    pub(crate) fn record_destruction(&self, id: &str) {
        lock(&self.to_be_destroyed).insert(id.to_owned());
    }

    /// Returns the connectors that this run does not destroy, if known. Terraform plans an app and its connectors at the same
    /// time unless a dependency orders them, so this waits for the plans of the connectors that Terraform has read.
    pub(crate) async fn surviving(&self, mut connectors: Vec<Connector>) -> Vec<Connector> {
        let mut changes = self.changes.subscribe();
        loop {
            connectors.retain(|connector| !lock(&self.to_be_destroyed).contains(&connector.id));
            let awaits_plan = |connector: &Connector| {
                self.is_claimed(&connector.id) && !lock(&self.planned).contains(&connector.id)
            };
            let is_settled = !connectors.iter().any(awaits_plan);
            if is_settled || timeout(QUIET_TIME, changes.changed()).await.is_err() {
                return connectors;
            }
        }
    }
}

/// A creation that is active until this is dropped.
#[derive(Debug)]
pub(crate) struct ActiveCreation(Arc<Claims>);

impl ActiveCreation {
    /// Ends, and then waits until another creation is active.
    pub(super) async fn until_others(self) {
        let claims = Arc::clone(&self.0);
        drop(self);
        let mut active = claims.active_creations.subscribe();
        // The sender is a part of the claims, so the channel is open.
        let _ = active.wait_for(|count| *count > 0).await;
    }
}

impl Drop for ActiveCreation {
    fn drop(&mut self) {
        self.0.active_creations.send_modify(|count| *count -= 1);
    }
}
