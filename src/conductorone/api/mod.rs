//! The areas of the API, one file each. Each file has the types of its area, and a method of `Client` for each
//! endpoint.

mod app_owners;
mod apps;
mod catalog_rules;
mod connector_catalog;
mod connector_config;
mod connector_credentials;
mod connector_owners;
mod connector_sync;
mod connectors;
mod managed_state;
mod roles;
mod synced_data;
mod users;

#[cfg(test)]
mod tests;

pub use apps::{App, AppUpdate, NewApp};
pub use catalog_rules::{CatalogSchema, Setting, Violation};
pub use connector_config::{ConfigValue, ConnectorConfig, parse_bool};
pub use connector_credentials::ConnectorCredential;
pub use connector_owners::{EntitlementOwner, UserOwner};
pub use connectors::{
    Connector, ConnectorPages, ConnectorStatus, CronSchedule, DelegatedUpdate, NewConnector,
    NewDelegatedConnector, SyncStatus,
};
pub use managed_state::{DiscoveredApp, ManagedState, ManagedStateBinding};
pub use roles::Role;
pub use synced_data::ResourceType;
pub use users::{User, UserKind, UserStatus};
