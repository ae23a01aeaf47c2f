//! Connectors that ConductorOne hosts: it stores their settings and a secret, and runs them.

mod attributes;
mod catalog_check;
mod computed_attributes;
mod login;
pub(crate) mod messages;
mod model;
mod private_state;
mod resource;
mod setting_table;
mod stored_config;
mod validate;

pub(crate) use attributes::HostedAttributes;
pub(crate) use computed_attributes::ComputedAttributes;
pub(crate) use model::HostedModel;
pub(crate) use resource::HostedResource;
pub(crate) use setting_table::{Attribute, SecretSetting, SettingKind, SettingRow, attribute};
