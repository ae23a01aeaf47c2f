//! The last step of each creation of a connector: it replaces the mark of an unfinished connector with the description. The
//! step is deferred until Terraform has saved the state, so a killed run leaves a connector that the next run recognizes.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::conductorone::{Client, Connector, DelegatedUpdate};
use crate::provider::creation_mark::CreationMark;
use crate::provider::lock::lock;

/// The time limit of the step, including retries. Terraform waits for the process to end.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// The connectors of this process whose description is not written yet, by ID. In debug mode they outlive a configuration.
#[derive(Debug, Default)]
pub(crate) struct PendingDescriptions(Mutex<BTreeMap<String, PendingDescription>>);

#[derive(Debug)]
struct PendingDescription {
    api: Client,
    app_id: String,
    description: String,
}

impl PendingDescriptions {
    /// Defers the description of a connector.
    pub(super) fn add(&self, api: &Client, (app_id, id): (&str, &str), description: &str) {
        let step = PendingDescription {
            api: api.clone(),
            app_id: app_id.to_owned(),
            description: description.to_owned(),
        };
        lock(&self.0).insert(id.to_owned(), step);
    }

    /// Returns whether the description of a connector is not written yet.
    pub(crate) fn contains(&self, id: &str) -> bool {
        lock(&self.0).contains_key(id)
    }

    /// Returns the connector with its final description. If somebody has given the connector another description, that one
    /// stays.
    pub(super) fn apply_to(&self, mut connector: Connector) -> Connector {
        let mut steps = lock(&self.0);
        if CreationMark::from_description(&connector.description).is_none() {
            steps.remove(&connector.id);
        } else if let Some(step) = steps.get(&connector.id) {
            connector.description.clone_from(&step.description);
        }
        connector
    }

    /// Forgets a deleted connector.
    pub(super) fn remove(&self, id: &str) {
        lock(&self.0).remove(id);
    }

    /// Writes all descriptions. If that fails, the next plan shows the mark as a change, and the next apply writes the
    /// description.
    pub(crate) async fn write_all(&self) {
        let steps = std::mem::take(&mut *lock(&self.0));
        join_all(steps.iter().map(|(id, step)| step.write(id))).await;
    }
}

impl PendingDescription {
    async fn write(&self, id: &str) {
        let api = (self.api).within(CancellationToken::new(), Instant::now() + TIME_LIMIT);
        let update = DelegatedUpdate {
            description: Some(self.description.clone()),
            ..DelegatedUpdate::default()
        };
        let updated = api.update_delegated_connector(&self.app_id, id, &update);
        if let Err(error) = updated.await {
            tracing::warn!(connector_id = id, %error, "could not remove the mark of an unfinished connector; the next apply removes it");
        }
    }
}
