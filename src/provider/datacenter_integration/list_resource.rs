//! `list.confluence_datacenter_integration`: the self-hosted connectors that exist.

use crate::provider::datacenter_integration::DatacenterIntegrationResource;
use crate::terraform::value::model;

use crate::provider::connector::{ConnectorListResource, ListScope};

/// The list resource `confluence_datacenter_integration`.
pub(crate) type DatacenterIntegrationListResource =
    ConnectorListResource<DatacenterIntegrationResource, Config>;

model! {
    /// Self-hosted connectors that exist in ConductorOne, of an app or of every app, to be imported as
    /// `confluence_datacenter_integration`.
    ///
    /// ConductorOne does not say what a self-hosted connector is for, so all of them are listed, also those for other
    /// products.
    pub(crate) struct Config {
        ..scope: ListScope,
    }
}
