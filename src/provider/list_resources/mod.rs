//! List resources, one file each: what exists and could be imported.

mod confluence_app;
mod confluence_datacenter_integration;
mod confluence_integration;
mod connectors;

pub(super) use confluence_app::ConfluenceApp;
pub(super) use confluence_datacenter_integration::ConfluenceDatacenterIntegration;
pub(super) use confluence_integration::ConfluenceIntegration;
