//! A Terraform provider for ConductorOne's Confluence connectors.
//!
//! The code has five floors. [`plugin`] is a go-plugin process, [`terraform`] is the plugin protocol, [`conductorone`] is
//! the API client, `confluence` checks logins to Confluence, and [`provider`] is this product, which uses the three before
//! it.

pub mod conductorone;
mod confluence;
pub mod plugin;
pub mod provider;
pub mod terraform;
