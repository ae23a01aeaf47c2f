//! Diagnostics: errors and warnings for the user.

use std::num::NonZeroU32;

use super::path::Path;

/// The severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The operation failed.
    Error,
    /// The operation continued.
    Warning,
}

/// An error or a warning. Only [`declare_diagnostics!`] creates diagnostics, so that there is a list of all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The severity.
    pub severity: Severity,
    /// A short title without a full stop.
    pub summary: String,
    /// What happened, and why.
    pub cause: String,
    /// What to do.
    pub remedy: String,
    /// Text from the server or another program, which follows the remedy.
    pub server_message: Option<Box<str>>,
    /// The path to the attribute that causes the diagnostic. The root path means that there is none.
    pub attribute: Path,
    /// The length in bytes of the end of `cause` that is the same for all calls that fail for this reason. Terraform shows
    /// this text only once. `None` means that the diagnostic is about one call.
    pub shared: Option<NonZeroU32>,
}

impl Diagnostic {
    /// Returns the text that Terraform shows below the summary.
    pub fn detail(&self) -> String {
        let Self {
            cause,
            remedy,
            server_message,
            ..
        } = self;
        match server_message.as_deref() {
            None | Some("") => format!("{cause} {remedy}"),
            Some(message) => format!("{cause} {remedy}\n\n{message}"),
        }
    }

    /// Marks the diagnostic as one that many calls share.
    #[must_use]
    pub fn shared(self) -> Self {
        let shared = u32::try_from(self.cause.len()).ok();
        Self {
            shared: shared.and_then(NonZeroU32::new),
            ..self
        }
    }

    /// Sets the attribute.
    #[must_use]
    pub fn at(self, attribute: Path) -> Self {
        Self { attribute, ..self }
    }

    /// Sets the attribute, which is a top-level attribute.
    #[must_use]
    pub fn on(self, attribute: &str) -> Self {
        self.at(Path::attribute(attribute))
    }

    /// Returns the diagnostic as a warning.
    #[must_use]
    pub fn into_warning(self) -> Self {
        Self {
            severity: Severity::Warning,
            ..self
        }
    }
}

/// Declares diagnostics. Each declaration becomes a function that returns the diagnostic. The function `all` returns every
/// diagnostic with the names of the parameters in place of values.
///
/// The texts are format strings. The optional `on` names a top-level attribute.
macro_rules! declare_diagnostics {
    ($(
        $severity:ident $name:ident($($parameter:ident),*) $(on $attribute:literal)? {
            summary: $summary:literal,
            cause: $cause:literal,
            remedy: $remedy:literal,
            $(server_message: $server_message:literal,)?
        }
    )*) => {
        $(
            pub(crate) fn $name(
                $($parameter: &(impl std::fmt::Display + std::fmt::Debug + ?Sized)),*
            ) -> $crate::terraform::diagnostics::Diagnostic {
                declare_diagnostics!(
                    @make $severity $summary, $cause, $remedy
                    $(, server_message $server_message)? $(, on $attribute)?
                )
            }
        )*

        pub(crate) fn all() -> Vec<$crate::terraform::diagnostics::Diagnostic> {
            vec![$({
                $(let $parameter = concat!("<", stringify!($parameter), ">");)*
                declare_diagnostics!(
                    @make $severity $summary, $cause, $remedy
                    $(, server_message $server_message)? $(, on $attribute)?
                )
            }),*]
        }
    };
    (
        @make $severity:ident $summary:literal, $cause:literal, $remedy:literal
        $(, server_message $server_message:literal)? $(, on $attribute:literal)?
    ) => {
        $crate::terraform::diagnostics::Diagnostic {
            severity: $crate::terraform::diagnostics::Severity::$severity,
            summary: format!($summary),
            cause: format!($cause),
            remedy: format!($remedy),
            server_message: None$(.or(Some(format!($server_message).into())))?,
            shared: None,
            attribute: $crate::terraform::path::Path::default() $(.then($crate::terraform::path::Step::Attribute(format!($attribute))))?,
        }
    };
}
pub(crate) use declare_diagnostics;

/// The diagnostics of one call, in the order in which they were added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all diagnostics of `other`.
    pub fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Returns whether any diagnostic is an error.
    pub fn has_errors(&self) -> bool {
        self.iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Turns all errors into warnings.
    #[must_use]
    pub fn into_warnings(self) -> Self {
        let diagnostics = self.0.into_iter();
        diagnostics.map(Diagnostic::into_warning).collect()
    }

    /// Explains the failure of a step after other resources could use the new `object`. Errors become warnings, because
    /// Terraform would destroy the object after an error.
    #[must_use]
    pub fn after_creation(self, object: &str) -> Self {
        let explained = |diagnostic: Diagnostic| Diagnostic {
            cause: format!(
                "The {object} was created and is in the state, but a later step failed. The next plan shows what is missing, \
                 and the next apply adds it.\n\n{}",
                diagnostic.cause,
            ),
            ..diagnostic.into_warning()
        };
        self.0.into_iter().map(explained).collect()
    }

    /// Iterates over the diagnostics.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl From<Option<Diagnostic>> for Diagnostics {
    fn from(diagnostic: Option<Diagnostic>) -> Self {
        diagnostic.into_iter().collect()
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
