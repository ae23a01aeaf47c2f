//! `list.confluence_integration`: the Confluence Cloud connectors that exist.

use crate::provider::integration::IntegrationResource;
use crate::terraform::value::model;

use crate::provider::connector::{ConnectorListResource, ListScope};

/// The list resource `confluence_integration`.
pub(crate) type IntegrationListResource = ConnectorListResource<IntegrationResource, Config>;

model! {
    /// Confluence Cloud connectors that exist in ConductorOne, of an app or of every app, to be imported as
    /// `confluence_integration`.
    ///
    /// Both versions of the connector are listed, whoever made them.
    pub(crate) struct Config {
        ..scope: ListScope,
    }
}
