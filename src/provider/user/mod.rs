//! `confluence_user`: the data source that finds a user of ConductorOne.

mod data_source;

pub(super) use data_source::UserDataSource;
