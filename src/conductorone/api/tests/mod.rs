//! The areas of the API with a server over a real socket.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod apps;
mod catalog;
mod people;
mod shapes;
mod syncs;
