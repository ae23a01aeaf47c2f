//! The `provider` block and the environment variables.

mod attributes;
mod connection;
mod environment;
mod formats;
mod found;
mod from_environment;
pub(super) mod messages;
mod proxies;
#[cfg(test)]
#[expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
mod tests;
mod variable_names;

pub(super) use attributes::ProviderConfig;
pub(super) use environment::Environment;
pub(super) use formats::{SERVER_URL, TENANT_DOMAIN};
pub(super) use from_environment::{find_credentials, find_host, find_proxy};
pub(super) use proxies::Proxies;
pub(super) use variable_names::connection_variables;
