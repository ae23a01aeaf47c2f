//! The ConductorOne API: which host a tenant is, how to get an access token, how a request is sent, repeated and
//! logged, and one file per area of the API.
//!
//! Every request goes through one function of `transport`. What may be repeated after a failure is decided in one table
//! ([`Cause`]), what is safe to repeat at all is said by each request, and every failure arrives as an [`Error`] that
//! tells whether a write may have happened.
//!
//! Endpoints are written as in the public API description, `GET /api/v1/apps/{app_id}/connectors/{id}`, and IDs reach a
//! path only through `path`, which refuses those that would address something else.

mod api;
mod http;

#[cfg(test)]
pub(crate) mod test_support;

pub use api::{
    App, AppUpdate, CatalogSchema, ConfigValue, Connector, ConnectorConfig, ConnectorCredential,
    ConnectorStatus, CronSchedule, DelegatedUpdate, DiscoveredApp, EntitlementOwner, ManagedState,
    ManagedStateBinding, NewApp, NewConnector, NewDelegatedConnector, Role, Setting, SyncStatus,
    User, UserOwner, UserStatus, Violation, parse_bool,
};
pub use http::{
    BaseUrl, CallError, Cause, Client, ClientSecret, ClientSettings, Credentials, DeadlineError,
    Error, HostError, InvalidClientSecret, InvalidId, InvalidProxy, Notice, PeerText, Proxy,
    ProxyFault, Purpose, ServerMessage, TimeLimit, UnusableCertificates, check_certificates,
    is_exempt, remember_secret,
};
