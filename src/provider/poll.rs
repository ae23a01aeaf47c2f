//! Waiting for what ConductorOne accepted to show: reads may be behind writes, by minutes at times.

use std::time::Duration;

use tokio::time::Instant;

use crate::conductorone::{Client, Error};

/// First wait for a write to show; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Looks again and again, ever less often, until there is something to see or the time of `api`'s operation is over.
pub(super) async fn until<T, F>(api: &Client, what: &str, look: impl Fn() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<Option<T>, Error>>,
{
    let mut pace = Pace::new(api);
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        pace.pause(what).await?;
    }
}

/// The waits between looks.
#[derive(Debug)]
pub(super) struct Pace<'a> {
    api: &'a Client,
    began: Instant,
    wait: Duration,
}

impl<'a> Pace<'a> {
    /// For the operation that `api` is made for.
    pub(super) fn new(api: &'a Client) -> Self {
        Self {
            api,
            began: Instant::now(),
            wait: FIRST_WAIT,
        }
    }

    /// Waits before the next look, and says so. An error where the operation is over.
    pub(super) async fn pause(&mut self, what: &str) -> Result<(), Error> {
        let next_look_ms = u64::try_from(self.wait.as_millis()).unwrap_or(u64::MAX);
        let waited_s = self.began.elapsed().as_secs();
        let left_s = self.api.time_left().map(|left| left.as_secs());
        tracing::info!(waited_s, left_s, next_look_ms, "waiting for {what}");
        self.api.pause(self.wait).await?;
        self.wait = (self.wait * 2).min(LONGEST_WAIT);
        Ok(())
    }
}
