//! Data sources, one file each.

mod confluence_app;
mod confluence_integration;
mod confluence_integrations;
mod confluence_user;
mod facts;
mod search;

pub(super) use confluence_app::ConfluenceApp;
pub(super) use confluence_integration::ConfluenceIntegration;
pub(super) use confluence_integrations::ConfluenceIntegrations;
pub(super) use confluence_user::ConfluenceUser;
