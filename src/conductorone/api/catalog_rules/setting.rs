//! The settings that rules are applied to.

use crate::conductorone::api::connector_config::ConfigValue;

/// One setting of a connector to check. Settings that will not be sent are absent.
#[derive(Clone, Debug)]
pub enum Setting {
    /// The setting has this value.
    Known(ConfigValue),
    /// The value is unknown: Terraform computes it later, or ConductorOne stores it and never returns it.
    Unknown,
}
