//! Errors and warnings for the user.

use super::path::Path;

/// Whether the user must act before anything can go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The operation failed.
    Error,
    /// The operation went on.
    Warning,
}

/// One fault, told to the user: a short summary without a full stop, and a detail that ends with what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether it is an error or a warning.
    pub severity: Severity,
    /// A short title, the same at every run.
    pub summary: String,
    /// What happened, why, and what to do.
    pub detail: String,
    /// The attribute at fault; the root where there is none.
    pub attribute: Path,
}

impl Diagnostic {
    /// An error that belongs to no attribute.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            summary: summary.into(),
            detail: detail.into(),
            attribute: Path::default(),
        }
    }

    /// A warning that belongs to no attribute.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(summary, detail)
        }
    }

    /// The same, at an attribute.
    #[must_use]
    pub fn at(self, attribute: Path) -> Self {
        Self { attribute, ..self }
    }

    /// The same, at a top-level attribute.
    #[must_use]
    pub fn on(self, attribute: &str) -> Self {
        self.at(Path::attribute(attribute))
    }
}

/// All that there is to say about one call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds one more.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all of another call.
    pub fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether any of them is an error.
    pub fn has_errors(&self) -> bool {
        self.iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The same, with no error among them.
    #[must_use]
    pub fn into_warnings(self) -> Self {
        let warning = |diagnostic| Diagnostic {
            severity: Severity::Warning,
            ..diagnostic
        };
        Self(self.0.into_iter().map(warning).collect())
    }

    /// In the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        Self(diagnostics.into_iter().collect())
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        self.0.extend(diagnostics);
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
