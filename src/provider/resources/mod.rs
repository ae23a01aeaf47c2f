//! Managed resources, one file each.

mod confluence_app;
mod confluence_datacenter_integration;
mod confluence_integration;

pub(super) use confluence_app::ConfluenceApp;
pub(super) use confluence_datacenter_integration::ConfluenceDatacenterIntegration;
pub(super) use confluence_integration::ConfluenceIntegration;
