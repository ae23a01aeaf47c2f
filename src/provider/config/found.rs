//! Values from attributes and environment variables.

use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::value::{Secret, Value};

/// The environment variables.
pub(super) type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A value and its source.
pub(super) struct Found<T> {
    pub(super) value: T,
    /// The name of the attribute or variable.
    pub(super) source: &'static str,
    /// The attribute for diagnostics. `None` for a variable.
    pub(super) attribute: Option<&'static str>,
}

impl<T> Found<T> {
    /// Returns the diagnostic for an invalid value.
    pub(super) fn wrong<E>(&self, problem: fn(&str, &E) -> Diagnostic, reason: &E) -> Diagnostic {
        self.blamed(problem(self.source, reason))
    }

    /// Adds the attribute of this value to a diagnostic.
    pub(super) fn blamed(&self, problem: Diagnostic) -> Diagnostic {
        match self.attribute {
            Some(attribute) => problem.on(attribute),
            None => problem,
        }
    }
}

/// Removes surrounding white space, such as the line break at the end of a file. `None` if nothing is left.
fn trimmed(value: &str) -> Option<&str> {
    Some(value.trim()).filter(|value| !value.is_empty())
}

/// Returns the value of an attribute. An empty string counts as unset.
pub(super) fn text(value: &Value<String>, attribute: &'static str) -> Option<Found<String>> {
    let value = trimmed(value.known()?)?.to_owned();
    Some(Found {
        value,
        source: attribute,
        attribute: Some(attribute),
    })
}

/// Returns the value of the first variable that is set. An empty one counts as unset.
pub(super) fn variable(env: Env<'_>, names: &[&'static str]) -> Option<Found<String>> {
    names.iter().find_map(|name| {
        let value = env(name)?;
        Some(Found {
            value: trimmed(&value)?.to_owned(),
            source: name,
            attribute: None,
        })
    })
}

/// Returns a secret from its attribute or from a variable.
pub(super) fn secret(
    value: &Value<Secret>,
    attribute: &'static str,
    env: Env<'_>,
    names: &[&'static str],
) -> Option<Found<Secret>> {
    let set = value.known().and_then(|secret| trimmed(secret.expose()));
    let own = set.map(|value| Found {
        value: value.to_owned().into(),
        source: attribute,
        attribute: Some(attribute),
    });
    own.or_else(|| {
        let Found {
            value,
            source,
            attribute,
        } = variable(env, names)?;
        Some(Found {
            value: value.into(),
            source,
            attribute,
        })
    })
}
