//! Decides when a request may be sent.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::call_context::{CallContext, Interruption};
use super::congestion::{Blocked, Congestion, Sent};
use super::log;
use super::retry;
use super::settings::Concurrency;

/// What all calls of a client share to limit their requests.
#[derive(Debug)]
pub(super) struct Admission {
    congestion: Mutex<Congestion>,
    /// Locked by the call whose request is next. The calls behind it wait in the order of their arrival.
    turn: tokio::sync::Mutex<()>,
    /// Notified after each response.
    changed: Notify,
}

/// A request that may be sent. Drop this when it has ended.
#[derive(Debug)]
pub(super) struct Admitted<'a> {
    admission: &'a Admission,
    sent: Sent,
}

impl Admission {
    pub(super) fn new(concurrency: Concurrency) -> Self {
        Self {
            congestion: Mutex::new(Congestion::new(concurrency)),
            turn: tokio::sync::Mutex::default(),
            changed: Notify::new(),
        }
    }

    fn congestion(&self) -> MutexGuard<'_, Congestion> {
        self.congestion
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the number of requests that the server has accepted.
    pub(super) fn accepted(&self) -> u32 {
        self.congestion().accepted()
    }

    /// Returns whether the server limits the rate of requests.
    pub(super) fn is_paced(&self) -> bool {
        self.congestion().is_paced()
    }

    /// Waits until a request may be sent. Fails at once if that is later than the deadline.
    pub(super) async fn enter(&self, context: &CallContext) -> Result<Admitted<'_>, Interruption> {
        let _turn = context.wait(self.turn.lock()).await?;
        loop {
            let now = Instant::now();
            let admitted = self.congestion().admit(now);
            let changed = self.changed.notified();
            match admitted {
                Ok(sent) => {
                    return Ok(Admitted {
                        admission: self,
                        sent,
                    });
                }
                Err(Blocked::InFlight) => context.wait(changed).await?,
                Err(Blocked::Until(time)) => tokio::select! {
                    slept = context.sleep_before(time - now) => slept?,
                    () = changed => {}
                },
            }
        }
    }
}

impl Admitted<'_> {
    /// Records that the server accepted the request.
    pub(super) fn accepted(&self, is_http_2: bool) {
        let mut congestion = self.admission.congestion();
        congestion.accept(self.sent, is_http_2, Instant::now());
    }

    /// Records that the server refused the request with this `Retry-After`. Returns how long no request is sent.
    pub(super) fn refused(&self, retry_after: Option<Duration>) -> Duration {
        let now = Instant::now();
        let mut congestion = self.admission.congestion();
        let is_first = congestion.refuse(self.sent, retry_after, retry::random_fraction(), now);
        let pause = congestion.pause(now);
        drop(congestion);
        if is_first {
            log::rate_limited(pause);
        }
        pause
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        self.admission.congestion().end();
        self.admission.changed.notify_one();
    }
}
