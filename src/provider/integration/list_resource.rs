//! `list.confluence_integration`: the Confluence Cloud connectors that exist.

use crate::provider::integration::IntegrationResource;
use crate::terraform::value::model;

use crate::provider::connector::{ConnectorListResource, ListScope};

/// The list resource `confluence_integration`.
pub(crate) type IntegrationListResource = ConnectorListResource<IntegrationResource, Config>;

model! {
    /// Lists the Confluence Cloud connectors of one app or of all apps, so that you can import them as
    /// `confluence_integration`.
    ///
    /// The list contains both versions of the connector, regardless of who created them.
    pub(crate) struct Config {
        ..scope: ListScope,
    }
}
