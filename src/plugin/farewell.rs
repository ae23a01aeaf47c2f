//! What the services still do before the process ends.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};

/// The most time that it takes: the host waits for its end without any limit.
const LIMIT: Duration = Duration::from_secs(10);

/// Runs once, however often it is awaited.
pub(super) type Farewell = Shared<BoxFuture<'static, ()>>;

/// Makes sure that `work` ends, and that a panic in it is the end of nothing else.
pub(super) fn bounded(work: BoxFuture<'static, ()>) -> Farewell {
    let work = async {
        match tokio::time::timeout(LIMIT, AssertUnwindSafe(work).catch_unwind()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => tracing::error!("what was left to do at the end crashed"),
            Err(_) => tracing::warn!("what was left to do at the end took too long"),
        }
    };
    work.boxed().shared()
}

#[cfg(test)]
#[expect(clippy::panic, reason = "a test fails by panicking")]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_ends_in_time_whatever_happens_in_it() {
        let start = Instant::now();
        bounded(std::future::pending().boxed()).await;
        assert_eq!(start.elapsed(), LIMIT);
        bounded(async { panic!("a bug") }.boxed()).await;
        assert_eq!(start.elapsed(), LIMIT);
    }
}
