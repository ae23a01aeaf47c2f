//! Schemas: the names, types, flags and rules of attributes.

mod declaration;
mod definition;
mod format;
mod lazy;
mod to_proto;
mod validate;

pub use definition::{Attribute, AttributeFlag, AttributeType, Rules, Schema};
pub use format::{COMMON_FORMATS, Format, duration, duration_text};
pub(super) use lazy::LazySchema;
pub(super) use validate::validate_required;
