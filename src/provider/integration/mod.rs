//! `confluence_integration`: Confluence Cloud connectors, which ConductorOne hosts.

mod attributes;
mod content;
mod data_source;
mod list_resource;
pub(super) mod messages;
mod resource;
mod settings;
mod state_movers;
mod summary;
mod validate;
mod version;

pub(super) use attributes::IntegrationModel;
pub(super) use content::{ContentSettings, diagnose_site};
pub(super) use data_source::IntegrationDataSource;
pub(super) use list_resource::IntegrationListResource;
pub(super) use resource::IntegrationResource;
pub use settings::{StoredSetting, stored_settings};
pub(super) use summary::Summary;
