//! A Terraform provider for ConductorOne's Confluence connectors.
//!
//! The code has four floors. [`plugin`] is a go-plugin process, [`terraform`] is the plugin protocol, [`conductorone`] is
//! the API client, and [`provider`] is this product, which uses the two before it.

pub mod conductorone;
pub mod plugin;
pub mod provider;
pub mod terraform;
