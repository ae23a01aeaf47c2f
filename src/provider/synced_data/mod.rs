//! `confluence_synced_data`: the data source that counts what connectors have brought.

mod data_source;

pub(super) use data_source::SyncedDataSource;
