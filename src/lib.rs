//! A Terraform provider for ConductorOne's Confluence connectors.

pub mod conductorone;
pub mod plugin;
pub mod terraform;
