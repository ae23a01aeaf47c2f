//! `confluence_self_hosted_integration`: Confluence Cloud connectors that users run.

mod attributes;
mod list_resource;
pub(super) mod messages;
mod resource;
mod settings;
mod validate;

pub(super) use list_resource::SelfHostedIntegrationListResource;
pub(super) use resource::SelfHostedIntegrationResource;
