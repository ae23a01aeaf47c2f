//! Rules between attributes that more than one resource has.

use crate::terraform::diagnostics::Diagnostic;

/// The error on `name`, which is set although `others` beside it are not; `example` shows how one of them is set.
pub(super) fn needs(name: &str, others: &str, example: &str) -> Diagnostic {
    let detail = format!(
        "{name} needs {others} beside it. Set {others} too, for example {example}, or remove {name}."
    );
    Diagnostic::error(format!("Missing {others}"), detail).on(name)
}
