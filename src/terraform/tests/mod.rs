//! Tests of the whole floor with a sample provider.

mod actions;
mod ephemeral_resources;
pub(crate) mod lifecycle;
mod list_resources;
mod nested_lists;
mod plan;
mod plan_properties;
mod rpcs;
mod sample;
mod sample_messages;
mod schema;
mod stored_state;
