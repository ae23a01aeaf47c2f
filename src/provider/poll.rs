//! Waiting for what ConductorOne accepted to show: reads may be behind writes, by minutes at times.

use std::time::Duration;

use crate::conductorone::{Client, Error};

/// First wait for a write to show; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Looks again and again, ever less often, until there is something to see or the time of `api`'s operation is over.
pub(super) async fn until<T, F>(api: &Client, what: &str, look: impl Fn() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<Option<T>, Error>>,
{
    let mut wait = FIRST_WAIT;
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(wait_ms, "waiting for {what}");
        api.pause(wait).await?;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}
