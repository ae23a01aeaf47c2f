//! The floor as a whole, with a made-up provider.

mod plan;
mod sample;
mod schema;
mod service;
mod stored;
