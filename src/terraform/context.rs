//! The context of a call: the client, the cancellation token and the deadline.

use std::sync::Arc;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::timeouts::{Purpose, TimeLimit, TimedOperation};
use super::value::Value;

/// The context of one call that talks to the remote API.
#[derive(Debug)]
pub struct Context<C> {
    client: Arc<C>,
    cancellation: CancellationToken,
    deadline: Instant,
    purpose: Purpose,
    limit: TimeLimit,
}

impl<C> Clone for Context<C> {
    fn clone(&self) -> Self {
        Self {
            client: Arc::clone(&self.client),
            cancellation: self.cancellation.clone(),
            deadline: self.deadline,
            purpose: self.purpose,
            limit: self.limit,
        }
    }
}

impl<C> Context<C> {
    /// Returns the client that the provider's configuration created.
    pub fn client(&self) -> &Arc<C> {
        &self.client
    }

    /// Returns the token that is cancelled when the user interrupts Terraform.
    pub fn cancellation(&self) -> &CancellationToken {
        &self.cancellation
    }

    /// Returns what the call is for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Returns the time at which the call must have ended.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Returns the time limit that sets the deadline.
    pub fn limit(&self) -> TimeLimit {
        self.limit
    }
}

/// Builds the [`Context`] of a call once the object, and so the time limit, is known.
#[derive(Debug)]
pub struct ContextBuilder<C> {
    client: Arc<C>,
    cancellation: CancellationToken,
    /// The deadline of the whole operation, if the call is a part of one, and the limit that sets it.
    whole: Option<(Instant, TimeLimit)>,
}

impl<C> ContextBuilder<C> {
    pub(super) fn new(client: Arc<C>, cancellation: CancellationToken) -> Self {
        Self {
            client,
            cancellation,
            whole: None,
        }
    }

    pub(super) fn client(&self) -> &Arc<C> {
        &self.client
    }

    /// Returns the context of an operation on `object`, whose attribute `timeouts` can set the time limit.
    pub(super) fn context(self, operation: TimedOperation, object: &Value) -> Context<C> {
        let limit = operation.limit(object);
        let own = (Instant::now() + limit.time, limit);
        let sooner = self.whole.filter(|(deadline, _)| *deadline < own.0);
        let (deadline, limit) = sooner.unwrap_or(own);
        Context {
            client: self.client,
            cancellation: self.cancellation,
            deadline,
            purpose: operation.purpose(),
            limit,
        }
    }

    /// Returns the builder for one of several calls that share a deadline.
    pub(super) fn part_of(&self, whole: (Instant, TimeLimit)) -> Self {
        Self {
            client: Arc::clone(&self.client),
            cancellation: self.cancellation.clone(),
            whole: Some(whole),
        }
    }
}
