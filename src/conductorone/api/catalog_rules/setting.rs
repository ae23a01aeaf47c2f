//! The settings that rules are applied to.

use crate::conductorone::api::connector_config::ConfigValue;

/// One setting of a connector, before it is sent. One that will not be sent is not there at all.
#[derive(Clone, Debug)]
pub enum Setting {
    /// It will have this value.
    Known(ConfigValue),
    /// It will have some value, or none: it is computed later, or stored already and never shown.
    Unknown,
}
