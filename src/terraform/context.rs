//! What a call that talks to the remote side may use.

use std::sync::Arc;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The client, and how long the call may take.
#[derive(Debug)]
pub struct Context<C> {
    client: Arc<C>,
    cancellation: CancellationToken,
    deadline: Instant,
}

impl<C> Clone for Context<C> {
    fn clone(&self) -> Self {
        Self {
            client: Arc::clone(&self.client),
            cancellation: self.cancellation.clone(),
            deadline: self.deadline,
        }
    }
}

impl<C> Context<C> {
    /// For a call that must have ended at `deadline`.
    pub(super) fn new(client: Arc<C>, cancellation: CancellationToken, deadline: Instant) -> Self {
        Self {
            client,
            cancellation,
            deadline,
        }
    }

    /// What the provider's configuration made.
    pub fn client(&self) -> &Arc<C> {
        &self.client
    }

    /// Cancelled when the user interrupts Terraform.
    pub fn cancellation(&self) -> &CancellationToken {
        &self.cancellation
    }

    /// When the call must have ended.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }
}
