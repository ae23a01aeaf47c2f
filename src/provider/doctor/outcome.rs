//! The outcome of a check.

use crate::conductorone::{Cause, Error};
use crate::provider::api_errors;
use crate::terraform::diagnostics::{Diagnostic, Severity};

use super::privacy::Privacy;
use super::row::{Row, State};

/// The outcome of a check, before anything is withheld.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) subject: String,
    pub(super) state: State,
    pub(super) detail: String,
    pub(super) remedy: String,
}

impl Outcome {
    pub(super) fn ok(detail: &str) -> Self {
        Self {
            subject: String::new(),
            state: State::Ok,
            detail: detail.to_owned(),
            remedy: String::new(),
        }
    }

    pub(super) fn skipped(reason: &str) -> Self {
        Self {
            state: State::Skipped,
            ..Self::ok(reason)
        }
    }

    /// Names what the check is about, if it has several outcomes.
    pub(super) fn about(self, subject: &str) -> Self {
        let subject = subject.to_owned();
        Self { subject, ..self }
    }

    /// Adds the detail of a check that has a warning or an error, too.
    pub(super) fn adding(self, detail: &str) -> Self {
        let detail = format!("{} {detail}", self.detail);
        Self { detail, ..self }
    }

    pub(super) fn into_row(self, name: &'static str, privacy: &Privacy) -> Row {
        Row {
            name,
            subject: self.subject,
            state: self.state,
            detail: privacy.protect(&self.detail),
            remedy: privacy.protect(&self.remedy),
        }
    }
}

/// An outcome with the texts of a diagnostic, except the text of a server.
impl From<Diagnostic> for Outcome {
    fn from(diagnostic: Diagnostic) -> Self {
        let state = match diagnostic.severity {
            Severity::Error => State::Failed,
            Severity::Warning => State::Warning,
        };
        let remedy = match diagnostic.remedy.strip_suffix(':') {
            Some(remedy) => format!("{remedy}; TF_LOG_PROVIDER=debug shows the answer."),
            None => diagnostic.remedy,
        };
        Self {
            subject: String::new(),
            state,
            detail: diagnostic.cause,
            remedy,
        }
    }
}

/// The outcome of a request that failed.
impl From<&Error> for Outcome {
    fn from(error: &Error) -> Self {
        let outcome = Self::from(api_errors::diagnose(error));
        match error.cause() {
            Some(cause) => outcome.adding(&describe(cause, error.status())),
            None => outcome,
        }
    }
}

/// The outcome of a step that failed before there was a response.
impl From<&Cause> for Outcome {
    fn from(cause: &Cause) -> Self {
        let outcome = Self::from(api_errors::diagnose_cause(cause, ""));
        outcome.adding(&describe(cause, None))
    }
}

/// Describes a cause without the text of a server.
fn describe(cause: &Cause, status: Option<u16>) -> String {
    match (cause, status) {
        (_, Some(status)) => format!("(HTTP {status})"),
        (Cause::TokenType(_), None) => String::new(),
        (cause, None) => format!("({cause})"),
    }
}
