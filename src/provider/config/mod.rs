//! The `provider` block and the environment variables.

mod attributes;
mod connection;
mod environment;
mod formats;
pub(super) mod messages;
mod proxies;
#[cfg(test)]
#[expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
mod tests;

pub(super) use attributes::ProviderConfig;
pub(super) use environment::Environment;
pub(super) use formats::{SERVER_URL, TENANT_DOMAIN};
pub(super) use proxies::{Destination, Proxies};
