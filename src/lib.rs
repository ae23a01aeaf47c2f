//! A Terraform provider for ConductorOne's Confluence connectors.
