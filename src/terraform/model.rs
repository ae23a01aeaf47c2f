//! Models: the Rust structs that hold the attributes of an object.

use schemars::JsonSchema;

use super::diagnostics::{Diagnostic, Diagnostics};
use super::messages;
use super::value::{InvalidValue, Typed, Value};

/// The attributes of an object, declared with [`model!`](super::value::model).
pub trait Model: Typed + JsonSchema + Clone + PartialEq + Send + Sync + 'static {}

impl<M: Typed + JsonSchema + Clone + PartialEq + Send + Sync + 'static> Model for M {}

/// Converts an object to a model. A null object is an error.
pub(super) fn to_model<M: Typed>(object: Value) -> Result<M, Diagnostics> {
    to_optional_model(object)?.ok_or_else(|| not_an_object().into())
}

/// Converts an object to a model. Returns `None` for a null object.
pub(super) fn to_optional_model<M: Typed>(object: Value) -> Result<Option<M>, Diagnostics> {
    match Value::from_value(object).map_err(|error| invalid_value(&error))? {
        Value::Known(model) => Ok(Some(model)),
        Value::Null => Ok(None),
        Value::Unknown => Err(not_an_object().into()),
    }
}

/// Converts a model to an object.
pub(super) fn to_object<M: Typed>(model: M) -> Value {
    Value::Known(model.into_data())
}

/// Returns the diagnostic for a value that does not match its schema.
pub(super) fn invalid_value(error: &InvalidValue) -> Diagnostic {
    if error.path.is_root() {
        messages::invalid_value(error)
    } else {
        messages::invalid_attribute_value(&error.path, error).at(error.path.clone())
    }
}

fn not_an_object() -> Diagnostic {
    invalid_value(&InvalidValue::new("an object is expected"))
}
