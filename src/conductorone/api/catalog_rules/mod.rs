//! Checks settings against the rules of a catalog entry.
//!
//! The rules are those of protoc-gen-validate, as `validate.StringRules` and related messages in the public API
//! description. A value of zero is not a rule, because the API writes unset members as zero. If the description is
//! ambiguous, the more lenient meaning applies: ConductorOne checks again, and the provider must not reject what
//! ConductorOne accepts.

mod field;
mod list;
mod pattern;
mod relationship;
mod rule_json;
mod scalar;
mod schema;
mod setting;
mod string;
mod violation;
mod well_known;

#[cfg(test)]
mod tests;

pub use schema::CatalogSchema;
pub use setting::Setting;
pub use violation::Violation;

pub(super) use field::{Field, FieldKind};
pub(super) use list::ListRules;
pub(super) use relationship::{Relationship, RelationshipKind};
pub(super) use rule_json::or_no_rules;
pub(super) use scalar::{BoolRules, IntRules};
pub(super) use string::StringRules;
