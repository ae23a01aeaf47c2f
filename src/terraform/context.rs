//! What a call that talks to the remote side may use.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The client, and how long the call may take.
#[derive(Debug)]
pub struct Context<C> {
    client: Arc<C>,
    cancellation: CancellationToken,
    deadline: Instant,
    changes: bool,
    limit: Limit,
}

/// How long a call may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The attribute that says so, such as `timeouts.create`.
    pub attribute: &'static str,
    /// The time.
    pub time: Duration,
}

impl<C> Clone for Context<C> {
    fn clone(&self) -> Self {
        Self {
            client: Arc::clone(&self.client),
            cancellation: self.cancellation.clone(),
            deadline: self.deadline,
            changes: self.changes,
            limit: self.limit,
        }
    }
}

impl<C> Context<C> {
    /// For a call that must have ended at `deadline`, because of this limit. `changes` is whether it creates, changes or
    /// deletes an object.
    pub(super) fn new(
        client: Arc<C>,
        cancellation: CancellationToken,
        deadline: Instant,
        limit: Limit,
        changes: bool,
    ) -> Self {
        Self {
            client,
            cancellation,
            deadline,
            changes,
            limit,
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

    /// Whether the call creates, changes or deletes an object.
    pub fn changes(&self) -> bool {
        self.changes
    }

    /// When the call must have ended.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// What the deadline comes from.
    pub fn limit(&self) -> Limit {
        self.limit
    }
}
