//! An observer of every exchange, for tests that compare exchanges with the API's description.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::journal::JournalEntry;

/// A request and its result.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The request as in the journal, with the status of the sent response, or none if no response was sent.
    pub request: JournalEntry,
    /// The body of the service's response, or null if it is empty. None if a fault replaced, truncated or dropped the
    /// response, and if the client did not wait for it.
    pub answer: Option<Value>,
}

/// Observes every exchange when it ends, including exchanges whose connection closes early.
#[derive(Clone)]
pub struct Observer(Arc<dyn Fn(&Exchange) + Send + Sync>);

impl Observer {
    /// Calls `see` with every exchange.
    pub fn new(see: impl Fn(&Exchange) + Send + Sync + 'static) -> Self {
        Self(Arc::new(see))
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Observer")
    }
}

/// An exchange in progress. The observer sees it when it is dropped.
#[derive(Debug)]
pub(crate) struct Observed {
    pub(crate) exchange: Exchange,
    observer: Observer,
}

impl Observed {
    pub(crate) fn new(observer: Observer, request: JournalEntry) -> Self {
        let answer = None;
        Self {
            exchange: Exchange { request, answer },
            observer,
        }
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        (self.observer.0)(&self.exchange);
    }
}
