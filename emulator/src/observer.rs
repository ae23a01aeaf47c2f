//! A look at every exchange, for tests that compare them with the API's description.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::journal::JournalEntry;

/// A request, and what came of it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The request as it is in the journal, with the status that left the emulator; none: no answer left.
    pub request: JournalEntry,
    /// The service's own answer; null: an empty one. None where a fault gave, spoiled or kept back the answer, and where
    /// the client did not wait for it.
    pub answer: Option<Value>,
}

/// Sees every exchange when it ends, also one whose connection closes before.
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

/// An exchange under way, shown to the observer when it is dropped.
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
