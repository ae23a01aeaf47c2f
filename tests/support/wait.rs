//! Waiting for conditions with a time limit.

use std::time::{Duration, Instant};

/// The time between two checks of a condition.
const INTERVAL: Duration = Duration::from_millis(10);

/// Waits until `condition` returns a value. Fails the test with `what` after `limit`.
pub(crate) async fn until<T>(
    what: &str,
    limit: Duration,
    mut condition: impl FnMut() -> Option<T>,
) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = condition() {
            return found;
        }
        assert!(start.elapsed() < limit, "{what}: not within {limit:?}");
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Awaits `future`. Fails the test with `what` after `limit`.
pub(crate) async fn within<T>(what: &str, limit: Duration, future: impl Future<Output = T>) -> T {
    let Ok(output) = tokio::time::timeout(limit, future).await else {
        panic!("{what}: not within {limit:?}")
    };
    output
}
