//! Errors and warnings for the user.

use std::num::NonZeroU32;

use super::path::Path;

/// Whether the user must act before anything can go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The operation failed.
    Error,
    /// The operation went on.
    Warning,
}

/// One fault, told to the user. Only [`problems!`] makes them, so that there is a list of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether it is an error or a warning.
    pub severity: Severity,
    /// A short title without a full stop.
    pub summary: String,
    /// What happened, and why.
    pub cause: String,
    /// What to do.
    pub cure: String,
    /// What somebody else said about it, such as the server.
    pub quote: Option<Box<str>>,
    /// The attribute at fault; the root where there is none.
    pub attribute: Path,
    /// How many bytes at the end of the cause other calls share, which fail for the same reason. The whole text is told
    /// only once then.
    pub shared: Option<NonZeroU32>,
}

impl Diagnostic {
    /// What Terraform shows below the summary.
    pub fn detail(&self) -> String {
        let Self {
            cause, cure, quote, ..
        } = self;
        match quote.as_deref() {
            None | Some("") => format!("{cause} {cure}"),
            Some(quote) => format!("{cause} {cure}\n\n{quote}"),
        }
    }

    /// The same fault, which makes other calls fail, too.
    #[must_use]
    pub fn shared(self) -> Self {
        let shared = u32::try_from(self.cause.len()).ok();
        Self {
            shared: shared.and_then(NonZeroU32::new),
            ..self
        }
    }

    /// The same in one line, after the whole text was told with another call.
    pub(super) fn again(self) -> Self {
        let short = super::problems::told_before(&self.summary);
        // What this call adds to the cause stays.
        let shared = self.shared.map_or(0, |shared| shared.get() as usize);
        let end = self.cause.len().saturating_sub(shared);
        let before = self.cause.get(..end).unwrap_or_default();
        Self {
            cause: format!("{before}{}", short.cause),
            severity: self.severity,
            attribute: self.attribute,
            ..short
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

    /// The same, as a warning.
    #[must_use]
    pub fn into_warning(self) -> Self {
        Self {
            severity: Severity::Warning,
            ..self
        }
    }
}

/// Declares problems: for each a function that makes the diagnostic, and `all`, which makes every one of them with the
/// names of its parameters in place of values.
///
/// The texts are format strings. After `on` stands the attribute at fault, where it is a top-level one.
macro_rules! problems {
    ($(
        $severity:ident $name:ident($($parameter:ident),*) $(on $attribute:literal)? {
            summary: $summary:literal,
            cause: $cause:literal,
            cure: $cure:literal,
            $(quote: $quote:literal,)?
        }
    )*) => {
        $(
            pub(crate) fn $name(
                $($parameter: &(impl std::fmt::Display + std::fmt::Debug + ?Sized)),*
            ) -> $crate::terraform::diagnostics::Diagnostic {
                problems!(@make $severity $summary, $cause, $cure $(, quote $quote)? $(, on $attribute)?)
            }
        )*

        pub(crate) fn all() -> Vec<$crate::terraform::diagnostics::Diagnostic> {
            vec![$({
                $(let $parameter = concat!("<", stringify!($parameter), ">");)*
                problems!(@make $severity $summary, $cause, $cure $(, quote $quote)? $(, on $attribute)?)
            }),*]
        }
    };
    (
        @make $severity:ident $summary:literal, $cause:literal, $cure:literal
        $(, quote $quote:literal)? $(, on $attribute:literal)?
    ) => {
        $crate::terraform::diagnostics::Diagnostic {
            severity: $crate::terraform::diagnostics::Severity::$severity,
            summary: format!($summary),
            cause: format!($cause),
            cure: format!($cure),
            quote: None$(.or(Some(format!($quote).into())))?,
            shared: None,
            attribute: $crate::terraform::path::Path::default() $(.then($crate::terraform::path::Step::Attribute(format!($attribute))))?,
        }
    };
}
pub(crate) use problems;

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
        let diagnostics = self.0.into_iter();
        diagnostics.map(Diagnostic::into_warning).collect()
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
