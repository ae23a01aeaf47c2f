//! Settings against the rules that a catalog entry has for them.
//!
//! The rules are those of protoc-gen-validate, as `validate.StringRules` and its siblings in the public API description.
//! A value of zero is no rule, because the API prints unset members as zero. Where the description leaves a meaning open,
//! the milder one holds: ConductorOne checks again, and refusing what it would take helps nobody.

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
