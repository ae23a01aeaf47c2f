//! The last step of each creation of a connector: it replaces the mark of an unfinished connector with the description. The
//! step is deferred until Terraform has saved the state, so a killed run leaves a connector that the next run recognizes.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use crate::conductorone::{Client, Connector, DelegatedUpdate};
use crate::provider::creation_mark::CreationMark;
use crate::provider::lock::lock;

/// How long the steps go on while none of them ends. Terraform waits for the process to end. If ConductorOne limits the
/// rate of requests, thousands of steps take minutes, but each of them is progress.
const TIME_WITHOUT_PROGRESS: Duration = Duration::from_secs(10);
/// The time limit of one step, including the waits for others. The shutdown hook ends earlier.
const TIME_LIMIT: Duration = Duration::from_mins(10);

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
        let left = finish(steps.into_iter().map(|(id, step)| step.write(id))).await;
        if left > 0 {
            tracing::warn!(
                left,
                "could not remove the marks of unfinished connectors in time; the next apply removes them"
            );
        }
    }
}

/// Runs all steps until they have ended, or until no further step ends in time. Returns the number of steps that are left.
async fn finish(steps: impl Iterator<Item: Future<Output = ()>>) -> usize {
    let mut steps: FuturesUnordered<_> = steps.collect();
    while let Ok(Some(())) = timeout(TIME_WITHOUT_PROGRESS, steps.next()).await {}
    steps.len()
}

impl PendingDescription {
    async fn write(self, id: String) {
        let api = (self.api).within(CancellationToken::new(), Instant::now() + TIME_LIMIT);
        let update = DelegatedUpdate {
            description: Some(self.description),
            ..DelegatedUpdate::default()
        };
        let updated = api.update_delegated_connector(&self.app_id, &id, &update);
        if let Err(error) = updated.await {
            tracing::warn!(connector_id = id, %error, "could not remove the mark of an unfinished connector; the next apply removes it");
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn steps_go_on_while_they_make_progress() {
        let start = Instant::now();
        let every_second = |second| sleep(Duration::from_secs(second));
        assert_eq!(finish((1..=100).map(every_second)).await, 0);
        assert_eq!(start.elapsed(), Duration::from_secs(100));
    }

    #[tokio::test(start_paused = true)]
    async fn steps_without_progress_are_left() {
        let start = Instant::now();
        let seconds = [1, 5, 16].into_iter();
        let steps = seconds.map(|second| sleep(Duration::from_secs(second)));
        assert_eq!(finish(steps).await, 1);
        assert_eq!(start.elapsed(), Duration::from_secs(15));
    }
}
