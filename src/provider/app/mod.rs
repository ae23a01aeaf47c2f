//! `confluence_app`: the ConductorOne app that connectors belong to.

mod annotations;
mod attributes;
mod create;
mod data_source;
mod list_resource;
pub(super) mod messages;
mod owners;
mod private_state;
mod promote;
mod resource;
mod similar;
mod update;
mod validate;

pub(super) use data_source::AppDataSource;
pub(super) use list_resource::AppListResource;
pub(super) use resource::AppResource;
