//! `list.confluence_integration`: the Confluence Cloud connectors that exist.

use crate::provider::resources;
use crate::terraform::value::model;

use super::connectors::{Connectors, Scope};

/// The list resource `confluence_integration`.
pub(crate) type ConfluenceIntegration = Connectors<resources::ConfluenceIntegration, Config>;

model! {
    /// Confluence Cloud connectors that exist in ConductorOne, of an app or of every app, to be imported as
    /// `confluence_integration`.
    ///
    /// Both versions of the connector are listed, whoever made them.
    pub(crate) struct Config {
        ..scope: Scope,
    }
}
