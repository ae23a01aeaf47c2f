//! The results of tasks.

use std::future::pending;
use std::panic::resume_unwind;

use tokio::task::JoinError;

/// Returns the output of a task. A panic in the task continues in the caller.
pub(crate) async fn join<T>(result: Result<T, JoinError>) -> T {
    match result.map_err(JoinError::try_into_panic) {
        Ok(output) => output,
        Err(Ok(panic)) => resume_unwind(panic),
        // The runtime is shutting down, and it drops this future too.
        Err(Err(_)) => pending().await,
    }
}
