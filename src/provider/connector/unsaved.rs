//! The last step of every creation, which takes the mark of an unfinished connector away. It is put off until Terraform
//! has saved the state: a run that is killed before leaves a connector that the next one recognises.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::conductorone::{Client, Connector, DelegatedUpdate};
use crate::provider::mark::Mark;

use super::ledger::locked;

/// Time for the last step and its repeats, while Terraform waits for the process to end.
const LIMIT: Duration = Duration::from_secs(10);

/// The connectors of this process that lack the last step, by their IDs. In debug mode they outlive a configuration.
#[derive(Debug, Default)]
pub(crate) struct Unsaved(Mutex<BTreeMap<String, LastStep>>);

#[derive(Debug)]
struct LastStep {
    api: Client,
    app_id: String,
    description: String,
}

impl Unsaved {
    /// Puts the last step off. It gives the connector this description.
    pub(super) fn add(&self, api: &Client, (app_id, id): (&str, &str), description: &str) {
        let step = LastStep {
            api: api.clone(),
            app_id: app_id.to_owned(),
            description: description.to_owned(),
        };
        locked(&self.0).insert(id.to_owned(), step);
    }

    /// Whether the connector lacks the last step.
    pub(super) fn contains(&self, id: &str) -> bool {
        locked(&self.0).contains_key(id)
    }

    /// The connector as if the last step had been done. One that has got another description does not need it any more.
    pub(super) fn finished(&self, mut connector: Connector) -> Connector {
        let mut steps = locked(&self.0);
        if Mark::in_description(&connector.description).is_none() {
            steps.remove(&connector.id);
        } else if let Some(step) = steps.get(&connector.id) {
            connector.description.clone_from(&step.description);
        }
        connector
    }

    /// Drops the last step of a connector that was deleted.
    pub(super) fn remove(&self, id: &str) {
        locked(&self.0).remove(id);
    }

    /// Does the last steps. Where that fails, the next plan shows the mark as a change, and the next apply takes it away.
    pub(crate) async fn finish(&self) {
        let steps = std::mem::take(&mut *locked(&self.0));
        join_all(steps.iter().map(|(id, step)| step.carry_out(id))).await;
    }
}

impl LastStep {
    async fn carry_out(&self, id: &str) {
        let api = (self.api).within(CancellationToken::new(), Instant::now() + LIMIT);
        let update = DelegatedUpdate {
            description: Some(self.description.clone()),
            ..DelegatedUpdate::default()
        };
        let updated = api.update_delegated_connector(&self.app_id, id, &update);
        if let Err(error) = updated.await {
            tracing::warn!(connector_id = id, %error, "the mark of an unfinished connector stays until the next apply");
        }
    }
}
