//! The shutdown hook: work that the services do before the process ends.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};

/// Terraform waits without a limit for the answer to Shutdown, so the hook needs one. The hook itself ends when it makes no
/// progress, and this is the limit for a hook with a bug.
const LIMIT: Duration = Duration::from_mins(5);

/// A future that runs the hook once, however many times it is awaited.
pub(super) type ShutdownHook = Shared<BoxFuture<'static, ()>>;

/// Limits the time of `hook` and catches its panics.
pub(super) fn with_time_limit(hook: BoxFuture<'static, ()>) -> ShutdownHook {
    let hook = async {
        match tokio::time::timeout(LIMIT, AssertUnwindSafe(hook).catch_unwind()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => tracing::error!("the shutdown hook panicked"),
            Err(_) => tracing::warn!("the shutdown hook took too long"),
        }
    };
    hook.boxed().shared()
}

#[cfg(test)]
#[expect(clippy::panic, reason = "a test fails by panicking")]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_hook_that_hangs_or_panics_ends_in_time() {
        let start = Instant::now();
        with_time_limit(std::future::pending().boxed()).await;
        assert_eq!(start.elapsed(), LIMIT);
        with_time_limit(async { panic!("a bug") }.boxed()).await;
        assert_eq!(start.elapsed(), LIMIT);
    }
}
