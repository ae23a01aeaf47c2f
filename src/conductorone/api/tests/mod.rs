//! Tests of the areas of the API with a server over a real socket.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a panic fails the test"
)]

mod apps;
mod connector_catalog;
mod connector_sync;
mod connectors;
mod synced_data;
mod users_and_roles;
mod wrong_types;
