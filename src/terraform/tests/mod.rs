//! The floor as a whole, with a made-up provider.

pub(crate) mod life;
mod listing;
mod lists;
mod plan;
mod problems;
mod sample;
mod schema;
mod service;
mod stored;
