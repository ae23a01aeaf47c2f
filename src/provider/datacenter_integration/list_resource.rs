//! `list.confluence_datacenter_integration`: the self-hosted connectors that exist.

use crate::provider::datacenter_integration::DatacenterIntegrationResource;
use crate::terraform::value::model;

use crate::provider::connector::{ConnectorListResource, ListScope};

/// The list resource `confluence_datacenter_integration`.
pub(crate) type DatacenterIntegrationListResource =
    ConnectorListResource<DatacenterIntegrationResource, Config>;

model! {
    /// Lists the self-hosted connectors of one app or of all apps, so that you can import them as
    /// `confluence_datacenter_integration`.
    ///
    /// ConductorOne does not record which product a self-hosted connector is for, so the list contains all of them,
    /// including those for other products.
    pub(crate) struct Config {
        ..scope: ListScope,
    }
}
