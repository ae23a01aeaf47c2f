//! Values as Terraform sends and stores them, and the Rust types of attributes.

mod data;
mod invalid;
pub mod json;
pub mod msgpack;
mod number;
mod secret;
mod typed;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;

pub use data::{Data, Set, Value};
pub use invalid::InvalidValue;
pub use number::Number;
pub use secret::Secret;
pub(crate) use typed::model;
pub use typed::{Attributes, Fields, Typed};
