//! How long a caller is willing to wait.

use std::future::{Future, pending};
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

/// How long an operation may take, as the user set it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TimeLimit {
    /// What the user calls it, such as `timeouts.create`.
    pub setting: &'static str,
    /// The time.
    pub time: Duration,
}

/// When waits end. The default waits for ever.
///
/// Only waits are bounded: a request in flight is let finish, so that its outcome is known.
#[derive(Clone, Debug, Default)]
pub(super) struct CallContext {
    pub(super) cancellation: CancellationToken,
    pub(super) deadline: Option<Instant>,
    pub(super) purpose: Purpose,
    /// What the deadline comes from.
    pub(super) limit: Option<TimeLimit>,
}

/// What an operation is for, which decides how it is taken up again after it ended early.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Purpose {
    /// It changes nothing: a plan, a refresh, a data source, a query.
    #[default]
    Read,
    /// It creates, changes or deletes an object.
    Change,
}

/// Why a wait ended early.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Interruption {
    Cancelled(Purpose),
    DeadlinePassed(Purpose, Option<TimeLimit>),
}

impl CallContext {
    /// How long waits may go on; none: for ever.
    pub(super) fn time_left(&self) -> Option<Duration> {
        let deadline = self.deadline?;
        Some(deadline.saturating_duration_since(Instant::now()))
    }

    /// Waits for `event`, which must do no harm when dropped.
    pub(super) async fn wait<F: Future>(&self, event: F) -> Result<F::Output, Interruption> {
        let deadline = async {
            match self.deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => pending().await,
            }
        };
        tokio::select! {
            // In this order, so that nothing begins after its time.
            biased;
            () = self.cancellation.cancelled() => Err(Interruption::Cancelled(self.purpose)),
            () = deadline => Err(self.too_late()),
            output = event => Ok(output),
        }
    }

    fn too_late(&self) -> Interruption {
        Interruption::DeadlinePassed(self.purpose, self.limit)
    }

    /// Sleeps.
    pub(super) async fn sleep(&self, duration: Duration) -> Result<(), Interruption> {
        self.wait(sleep(duration)).await
    }

    /// Sleeps before something else is begun. Ends at once if the deadline would have passed by then.
    pub(super) async fn sleep_before(&self, duration: Duration) -> Result<(), Interruption> {
        let too_late = self.time_left().is_some_and(|left| left < duration);
        if too_late && !self.cancellation.is_cancelled() {
            return Err(self.too_late());
        }
        self.sleep(duration).await
    }
}
