//! The areas of the API with a server over a real socket.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod apps;
mod connector_catalog;
mod connector_sync;
mod users_and_roles;
mod wrong_types;
