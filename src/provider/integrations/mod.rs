//! `confluence_integrations`: the data source that lists Confluence connectors.

mod data_source;

pub(super) use data_source::IntegrationsDataSource;
