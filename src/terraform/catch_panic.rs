//! Panics in the code of a provider.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::diagnostics::Diagnostics;
use super::messages;

/// Awaits an operation. A panic becomes an error, so that the caller can still return what the operation saved.
pub(super) async fn catch_panic<T>(
    operation: impl Future<Output = Result<T, Diagnostics>>,
) -> Result<T, Diagnostics> {
    let result = AssertUnwindSafe(operation).catch_unwind().await;
    // The diagnostic does not contain the panic message, because the message could contain a secret.
    result.unwrap_or_else(|_| Err(messages::crashed().into()))
}
