//! Finding one object by its ID or by another attribute.

mod find_one;
pub(super) mod messages;

pub(super) use find_one::{Key, Search};
