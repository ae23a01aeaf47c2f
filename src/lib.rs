//! A Terraform provider for ConductorOne's Confluence connectors.
//!
//! Four floors, each knowing only those below it: [`plugin`] is a go-plugin process, `terraform` is the plugin protocol,
//! `conductorone` is the API, and `provider` is this product.

pub mod conductorone;
pub mod plugin;
pub mod provider;
pub mod terraform;
