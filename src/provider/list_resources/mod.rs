//! List resources, one file each: what exists and could be imported.

mod confluence_app;
mod confluence_datacenter_integration;
mod confluence_integration;
mod connectors;

/// Characters of a name that a list shows.
const LONGEST_NAME: usize = 500;

/// A name in a list, which is for people and kept until Terraform takes it.
fn shown(name: &str) -> String {
    name.chars().take(LONGEST_NAME).collect()
}

pub(super) use confluence_app::ConfluenceApp;
pub(super) use confluence_datacenter_integration::ConfluenceDatacenterIntegration;
pub(super) use confluence_integration::ConfluenceIntegration;
