//! The last step of each creation of a connector: it replaces the mark of an unfinished connector with the description. The
//! step is deferred until Terraform has saved the state, so a killed run leaves a connector that the next run recognizes.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::conductorone::{Client, Connector, DelegatedUpdate};
use crate::provider::creation_mark::CreationMark;
use crate::provider::lock::lock;

/// The time limit of one step, including retries, and the longest time without a step that succeeds. Terraform waits for the
/// process to end.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// The number of steps at the same time. The client may send fewer requests at the same time.
const STEPS_AT_ONCE: usize = 100;

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
    /// description. This ends early if no step succeeds for a while.
    pub(crate) async fn write_all(&self) {
        let steps = std::mem::take(&mut *lock(&self.0)).into_iter();
        let steps = steps.map(|(id, step)| async move { step.write(&id).await });
        let left = run_while_successful(steps).await;
        if left > 0 {
            tracing::warn!(
                left,
                "could not remove the marks of unfinished connectors; the next apply removes them"
            );
        }
    }
}

/// Runs the steps until none has succeeded for [`TIME_LIMIT`]. Each step returns whether it has succeeded. Returns the number of
/// steps that have not ended.
async fn run_while_successful<F: Future<Output = bool>>(
    steps: impl ExactSizeIterator<Item = F>,
) -> usize {
    let mut left = steps.len();
    let mut last_success = Instant::now();
    let mut ended = stream::iter(steps).buffer_unordered(STEPS_AT_ONCE);
    while let Some(succeeded) = ended.next().await {
        left -= 1;
        if succeeded {
            last_success = Instant::now();
        } else if last_success.elapsed() >= TIME_LIMIT {
            break;
        }
    }
    left
}

impl PendingDescription {
    /// Writes the description, and returns whether that has succeeded.
    async fn write(&self, id: &str) -> bool {
        let api = (self.api).within(CancellationToken::new(), Instant::now() + TIME_LIMIT);
        let update = DelegatedUpdate {
            description: Some(self.description.clone()),
            ..DelegatedUpdate::default()
        };
        let updated = api.update_delegated_connector(&self.app_id, id, &update);
        // The client does not interrupt a request in flight.
        let failure = match tokio::time::timeout(TIME_LIMIT, updated).await {
            Ok(Ok(_)) => return true,
            Ok(Err(error)) => error.to_string(),
            Err(elapsed) => elapsed.to_string(),
        };
        tracing::warn!(
            connector_id = id,
            failure,
            "could not remove the mark of an unfinished connector; the next apply removes it"
        );
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs three batches of steps that take their whole time, and returns how many are left. The step with this number
    /// succeeds, one second before the others of its batch fail.
    async fn left(successful: Option<usize>) -> usize {
        let steps = (0..3 * STEPS_AT_ONCE).map(|number| async move {
            let succeeds = successful == Some(number);
            let early = Duration::from_secs(u64::from(succeeds));
            tokio::time::sleep(TIME_LIMIT.saturating_sub(early)).await;
            succeeds
        });
        run_while_successful(steps).await
    }

    #[tokio::test(start_paused = true)]
    async fn steps_continue_only_while_some_succeed() {
        let start = Instant::now();
        // The step that fails first ends the run, so the others of its batch are left, too.
        assert_eq!(left(None).await, 3 * STEPS_AT_ONCE - 1);
        assert_eq!(start.elapsed(), TIME_LIMIT);
        let start = Instant::now();
        assert!(left(Some(0)).await < 2 * STEPS_AT_ONCE);
        assert!(start.elapsed() < 3 * TIME_LIMIT);
        let all_succeed = (0..3 * STEPS_AT_ONCE).map(|_| async {
            tokio::time::sleep(TIME_LIMIT).await;
            true
        });
        assert_eq!(run_while_successful(all_succeed).await, 0);
    }
}
