//! The ConductorOne API: which host a tenant is, how to get an access token, how a request is sent, repeated and
//! logged, and one file per area of the API.
//!
//! Every request goes through one function of `transport`. What may be repeated after a failure is decided in one table
//! ([`Cause`]), what is safe to repeat at all is said by each request, and every failure arrives as an [`Error`] that
//! tells whether a write may have happened.
//!
//! Endpoints are written as in the public API description, `GET /api/v1/apps/{app_id}/connectors/{id}`, and IDs reach a
//! path only through `path`, which refuses those that would address something else.

mod app_owners;
mod apps;
mod assertion;
mod bounds;
mod call;
mod catalog_rules;
mod cause;
mod certificates;
mod client;
mod clock;
mod connections;
mod connector_catalog;
mod connector_config;
mod connector_credentials;
mod connector_owners;
mod connector_sync;
mod connectors;
mod credentials;
mod decode;
mod dns;
mod error;
mod host;
mod log;
mod managed_state;
mod notices;
mod oidc;
mod pages;
mod path;
mod peer_text;
mod pool;
mod proxy;
mod redact;
mod request;
mod retry;
mod roles;
mod server_message;
mod token;
mod transport;
mod users;
mod wire;

#[cfg(test)]
pub(crate) mod heard;
#[cfg(test)]
mod tests;

pub use apps::{App, AppUpdate, NewApp};
pub use bounds::{Limit, Purpose};
pub use catalog_rules::{CatalogSchema, Setting, Violation};
pub use cause::{Cause, ProxyFault};
pub use certificates::{UnusableCertificates, check_certificates};
pub use client::{Client, Settings};
pub use connector_config::{ConfigValue, ConnectorConfig, parse_bool};
pub use connector_credentials::ConnectorCredential;
pub use connector_owners::{EntitlementOwner, UserOwner};
pub use connectors::{
    Connector, ConnectorStatus, CronSchedule, DelegatedUpdate, NewConnector, NewDelegatedConnector,
    SyncStatus,
};
pub use credentials::{ClientSecret, Credentials, InvalidClientSecret};
pub use error::{CallError, Error, Overrun};
pub use host::{BaseUrl, HostError};
pub use managed_state::{DiscoveredApp, ManagedState, ManagedStateBinding};
pub use notices::Notice;
pub use path::InvalidId;
pub use peer_text::PeerText;
pub use proxy::{InvalidProxy, Proxy, is_exempt};
pub use redact::remember as remember_secret;
pub use roles::Role;
pub use server_message::ServerMessage;
pub use users::{User, UserStatus};
