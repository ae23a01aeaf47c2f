//! Tests of the whole floor with a sample provider.

pub(crate) mod lifecycle;
mod list_resources;
mod messages;
mod nested_lists;
mod plan;
mod rpcs;
mod sample;
mod schema;
mod stored_state;
