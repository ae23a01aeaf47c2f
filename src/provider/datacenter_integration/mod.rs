//! `confluence_datacenter_integration`: Confluence Data Center connectors, which users run.

mod attributes;
mod list_resource;
pub(super) mod messages;
mod resource;
mod settings;
mod validate;

pub(super) use list_resource::DatacenterIntegrationListResource;
pub(super) use resource::DatacenterIntegrationResource;
