//! Decodes the objects in requests.

use std::collections::BTreeMap;

use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::model::invalid_value;
use crate::terraform::proto::DynamicValue;
use crate::terraform::schema::Schema;
use crate::terraform::value::{Data, Value};

/// Decodes an object, which must match the schema. An empty or missing message means null.
pub(super) fn decode_object(
    message: Option<&DynamicValue>,
    schema: &Schema,
) -> Result<Value, Diagnostic> {
    DynamicValue::decode(message, &schema.value_type()).map_err(|error| invalid_value(&error))
}

/// Decodes an optional block. If the block is missing, all of its attributes are null.
pub(super) fn decode_block(
    message: Option<&DynamicValue>,
    schema: &Schema,
) -> Result<Value, Diagnostic> {
    Ok(match decode_object(message, schema)? {
        Value::Null => Value::Known(Data::Map(BTreeMap::new())),
        block => block,
    })
}
