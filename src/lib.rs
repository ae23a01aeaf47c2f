//! A Terraform provider for ConductorOne's Confluence connectors.

pub mod plugin;
pub mod terraform;
