//! The last steps of creations. No other object depends on them, so Terraform creates further objects while they run. ConductorOne
//! shows the owners of a connector minutes late, and this is waited for once instead of once per connector.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use tokio::sync::watch;

use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

use super::claims::ActiveCreation;
use super::lock::lock;

/// The last steps of the creations of one configured provider.
#[derive(Debug, Default)]
pub(crate) struct FollowUps {
    /// The IDs of the objects whose steps are running.
    running: watch::Sender<BTreeSet<String>>,
    failures: Mutex<Vec<Failure>>,
    /// What the last creation looks for, by subject.
    reports: Mutex<BTreeMap<String, Report>>,
}

/// The failed steps of one object.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) id: String,
    pub(crate) diagnostics: Diagnostics,
}

/// A search that the last creation makes for all creations.
struct Report(BoxFuture<'static, Option<Diagnostic>>);

// A future has nothing to show.
impl fmt::Debug for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Report")
    }
}

/// What is known at the end of the last creation.
pub(crate) struct Ending {
    /// The failures so far, each of them once.
    pub(crate) failures: Vec<Failure>,
    reports: BTreeMap<String, Report>,
}

impl Ending {
    /// Makes the searches.
    pub(crate) async fn reports(self) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        for Report(report) in self.reports.into_values() {
            diagnostics.extend(report.await);
        }
        diagnostics
    }
}

impl FollowUps {
    /// Lets the last creation make a search. Searches with the same subject are made once.
    pub(crate) fn report_at_end<F>(&self, subject: &str, report: impl FnOnce() -> F)
    where
        F: Future<Output = Option<Diagnostic>> + Send + 'static,
    {
        let mut reports = lock(&self.reports);
        let entry = reports.entry(subject.to_owned());
        entry.or_insert_with(|| Report(Box::pin(report())));
    }

    /// Starts the last steps of an object.
    pub(crate) fn start(
        self: &Arc<Self>,
        id: &str,
        steps: impl Future<Output = Result<(), Diagnostics>> + Send + 'static,
    ) {
        self.running.send_modify(|running| {
            running.insert(id.to_owned());
        });
        let running = Running {
            all: Arc::clone(self),
            id: id.to_owned(),
        };
        tokio::spawn(async move {
            if let Err(diagnostics) = steps.await {
                let id = running.id.clone();
                lock(&running.all.failures).push(Failure { id, diagnostics });
            }
        });
    }

    /// Waits until the steps of an object have ended.
    pub(crate) async fn ended(&self, id: &str) {
        let mut running = self.running.subscribe();
        // The sender is a part of `self`, so the channel is open.
        let _ = running.wait_for(|running| !running.contains(id)).await;
    }

    /// Waits until all steps have ended.
    pub(crate) async fn all_ended(&self) {
        let mut running = self.running.subscribe();
        let _ = running.wait_for(BTreeSet::is_empty).await;
    }

    /// Ends a creation. If it was the last active one, waits for the steps of all creations. If another creation starts
    /// meanwhile, that one waits instead, and this returns `None`.
    pub(crate) async fn end_creation(&self, creation: ActiveCreation) -> Option<Ending> {
        tokio::select! {
            biased;
            () = creation.until_others() => None,
            () = self.all_ended() => Some(Ending {
                failures: std::mem::take(&mut lock(&self.failures)),
                reports: std::mem::take(&mut lock(&self.reports)),
            }),
        }
    }
}

/// Steps that are running until this is dropped, also by a panic.
#[derive(Debug)]
struct Running {
    all: Arc<FollowUps>,
    id: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.all.running.send_modify(|running| {
            running.remove(&self.id);
        });
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use futures_util::FutureExt;
    use tokio::sync::oneshot;

    use super::*;
    use crate::provider::claims::Claims;
    use crate::terraform::messages;

    #[tokio::test]
    async fn a_failure_is_returned_once_after_the_steps() {
        let (claims, follow_ups) = (Arc::<Claims>::default(), Arc::new(FollowUps::default()));
        let end_creation = || follow_ups.end_creation(claims.start_creation());
        let (end, ended) = oneshot::channel::<()>();
        follow_ups.start("first", async {
            let _ = ended.await;
            Err(Diagnostics::default())
        });
        follow_ups.start("second", async { Ok(()) });
        follow_ups.ended("second").await;
        assert!(follow_ups.ended("first").now_or_never().is_none());
        assert!(follow_ups.all_ended().now_or_never().is_none());
        assert!(end_creation().now_or_never().is_none());
        drop(end);
        let failures = end_creation().await.unwrap().failures;
        assert_eq!(failures.len(), 1);
        assert!(failures.iter().all(|failure| failure.id == "first"));
        assert!(end_creation().await.unwrap().failures.is_empty());
    }

    #[tokio::test]
    async fn one_of_several_creations_waits_also_if_they_end_at_the_same_time() {
        let (claims, follow_ups) = (Arc::<Claims>::default(), Arc::new(FollowUps::default()));
        let (end, ended) = oneshot::channel::<()>();
        follow_ups.start("first", async {
            let _ = ended.await;
            Err(Diagnostics::default())
        });
        let (first, second) = (claims.start_creation(), claims.start_creation());
        let both = async {
            tokio::join!(
                follow_ups.end_creation(first),
                follow_ups.end_creation(second)
            )
        };
        let mut both = Box::pin(both);
        assert!(both.as_mut().now_or_never().is_none());
        drop(end);
        let (first, second) = both.await;
        assert!(first.is_none());
        assert_eq!(second.unwrap().failures.len(), 1);
    }

    #[tokio::test]
    async fn a_creation_that_starts_meanwhile_waits_instead() {
        let (claims, follow_ups) = (Arc::<Claims>::default(), Arc::new(FollowUps::default()));
        follow_ups.start("first", std::future::pending());
        let mut ending = Box::pin(follow_ups.end_creation(claims.start_creation()));
        assert!(ending.as_mut().now_or_never().is_none());
        let _next = claims.start_creation();
        assert!(ending.await.is_none());
    }

    #[tokio::test]
    async fn the_last_of_several_creations_makes_each_search_once() {
        let (claims, follow_ups) = (Arc::<Claims>::default(), Arc::new(FollowUps::default()));
        let found = || async { Some(messages::crashed()) };
        let (first, second) = (claims.start_creation(), claims.start_creation());
        for subject in ["an app", "an app", "another app"] {
            follow_ups.report_at_end(subject, found);
        }
        let (first, second) = tokio::join!(
            follow_ups.end_creation(first),
            follow_ups.end_creation(second)
        );
        assert!(first.is_none());
        assert_eq!(second.unwrap().reports().await.iter().count(), 2);
    }

    #[tokio::test]
    async fn steps_that_panic_have_ended() {
        let follow_ups = Arc::new(FollowUps::default());
        #[expect(clippy::panic, reason = "the steps have a bug")]
        follow_ups.start("first", async { panic!("a bug") });
        follow_ups.all_ended().await;
    }
}
