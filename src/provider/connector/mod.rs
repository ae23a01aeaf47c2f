//! What all connectors have in common.

mod attributes;
mod catalog;
mod comma_list;
mod connector_resource;
mod create;
mod existing;
mod first_steps;
pub(super) mod hosted;
mod import;
mod lifecycle;
mod list_resource;
mod listing;
pub(super) mod listing_messages;
mod login;
pub(super) mod messages;
mod owners;
mod plan;
pub(super) mod self_hosted;
mod similar;
mod status;
mod status_wait;
mod sync;
#[cfg(test)]
#[expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
mod tests;

pub(super) use attributes::ConnectorAttributes;
pub(super) use catalog::{BATON, CONFLUENCE, CONFLUENCE_V2, CatalogEntry, resource_type};
pub(super) use hosted::{
    Attribute, ComputedAttributes, HostedAttributes, HostedModel, HostedResource, SecretSetting,
    SettingKind, SettingRow, attribute,
};
pub(super) use lifecycle::read;
pub(super) use list_resource::{ConnectorListResource, ListScope};
pub(super) use listing::list_connectors;
pub(super) use self_hosted::{SelfHostedAttributes, SelfHostedModel, SelfHostedResource, Variable};
pub(super) use status::Status;
pub(super) use status_wait::wait_for_status;
pub(super) use sync::{CRON, SyncResult, TIME_ZONE, wait_for_next_sync};
