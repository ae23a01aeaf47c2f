//! Errors that many calls share, such as refused credentials. Only the first one is reported in full.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::terraform::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::terraform::messages;

/// The summaries of the shared errors that were reported in full.
#[derive(Debug, Default)]
pub(super) struct SharedErrors(Mutex<BTreeSet<String>>);

impl SharedErrors {
    /// Shortens each shared error that was already reported in full.
    pub(super) fn shorten_repeated(&self, diagnostics: Diagnostics) -> Diagnostics {
        let mut reported = self.reported();
        let shorten = |diagnostic: Diagnostic| {
            let is_shared = diagnostic.shared.is_some() && diagnostic.severity == Severity::Error;
            if is_shared && !reported.insert(diagnostic.summary.clone()) {
                shortened(diagnostic)
            } else {
                diagnostic
            }
        };
        diagnostics.into_iter().map(shorten).collect()
    }

    /// Forgets the reported errors. Call this when the provider is configured again.
    pub(super) fn reset(&self) {
        self.reported().clear();
    }

    fn reported(&self) -> MutexGuard<'_, BTreeSet<String>> {
        // No code panics while it holds this lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Replaces the shared part of the text with a reference to the full error. The part about this call stays.
fn shortened(diagnostic: Diagnostic) -> Diagnostic {
    let short = messages::shown_before(&diagnostic.summary);
    let shared = diagnostic.shared.map_or(0, |shared| shared.get() as usize);
    let end = diagnostic.cause.len().saturating_sub(shared);
    let own = diagnostic.cause.get(..end).unwrap_or_default();
    Diagnostic {
        cause: format!("{own}{}", short.cause),
        severity: diagnostic.severity,
        attribute: diagnostic.attribute,
        ..short
    }
}
