//! Values that do not match the type of their attribute.

use crate::terraform::path::{Path, Step};
use crate::terraform::types::Type;

/// The maximum number of values in one object, including nested values. In memory, each value takes many times its bytes.
pub(in crate::terraform) const MAX_VALUES: usize = 200_000;

/// A value that does not match the type in the schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct InvalidValue {
    /// The path from the decoded object to the value.
    pub path: Path,
    /// The reason, without the value itself.
    pub reason: String,
}

impl InvalidValue {
    pub(in crate::terraform) fn new(reason: impl Into<String>) -> Self {
        Self {
            path: Path::default(),
            reason: reason.into(),
        }
    }

    pub(super) fn too_many_values() -> Self {
        Self::new(format!("the object contains more than {MAX_VALUES} values"))
    }

    pub(super) fn expected(ty: &Type) -> Self {
        Self::new(format!("{} is expected", ty.name()))
    }

    /// Returns the same error as seen from the object that contains the value.
    pub(super) fn under(self, step: Step) -> Self {
        Self {
            path: self.path.under(step),
            ..self
        }
    }

    /// Returns the same error at the path of a set, because the elements of a set have no path.
    pub(super) fn in_set(self) -> Self {
        Self {
            path: Path::default(),
            ..self
        }
    }
}
