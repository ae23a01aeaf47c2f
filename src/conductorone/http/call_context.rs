//! The context of a call: how long it may wait, and what it is for.

use std::future::{Future, pending};
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

/// The time that an operation may take, as configured by the user.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TimeLimit {
    /// The name of the setting, such as `timeouts.create`.
    pub setting: &'static str,
    /// The time.
    pub time: Duration,
}

/// The limits of a call's waits. The default never ends a wait.
///
/// Only waits end early. A request in flight always runs to its end, so that its outcome is known.
#[derive(Clone, Debug, Default)]
pub(super) struct CallContext {
    pub(super) cancellation: CancellationToken,
    pub(super) deadline: Option<Instant>,
    pub(super) purpose: Purpose,
    /// The setting that the deadline comes from.
    pub(super) limit: Option<TimeLimit>,
}

/// The purpose of an operation. It decides how the user continues after the operation ended early.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Purpose {
    /// The operation changes nothing: a plan, a refresh, a data source, a query.
    #[default]
    Read,
    /// The operation creates, changes or deletes an object.
    Change,
    /// The operation is an action, which has no state.
    Action,
}

/// Why a wait ended early.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Interruption {
    Cancelled(Purpose),
    DeadlinePassed(Purpose, Option<TimeLimit>),
}

impl CallContext {
    /// Returns how long waits may still take, or `None` if they have no limit.
    pub(super) fn time_left(&self) -> Option<Duration> {
        let deadline = self.deadline?;
        Some(deadline.saturating_duration_since(Instant::now()))
    }

    /// Waits for `event`, which must be safe to drop.
    pub(super) async fn wait<F: Future>(&self, event: F) -> Result<F::Output, Interruption> {
        let deadline = async {
            match self.deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => pending().await,
            }
        };
        tokio::select! {
            // This order ensures that nothing starts after the deadline.
            biased;
            () = self.cancellation.cancelled() => Err(Interruption::Cancelled(self.purpose)),
            () = deadline => Err(self.too_late()),
            output = event => Ok(output),
        }
    }

    fn too_late(&self) -> Interruption {
        Interruption::DeadlinePassed(self.purpose, self.limit)
    }

    pub(super) async fn sleep(&self, duration: Duration) -> Result<(), Interruption> {
        self.wait(sleep(duration)).await
    }

    /// Sleeps before another step. Fails at once if the deadline is earlier than the end of the sleep.
    pub(super) async fn sleep_before(&self, duration: Duration) -> Result<(), Interruption> {
        let too_late = self.time_left().is_some_and(|left| left < duration);
        if too_late && !self.cancellation.is_cancelled() {
            return Err(self.too_late());
        }
        self.sleep(duration).await
    }
}
