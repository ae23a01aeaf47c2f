//! `list.confluence_self_hosted_integration`: the self-hosted connectors that exist.

use crate::provider::connector::{ConnectorListResource, ListScope};
use crate::provider::self_hosted_integration::SelfHostedIntegrationResource;
use crate::terraform::value::model;

/// The list resource `confluence_self_hosted_integration`.
pub(crate) type SelfHostedIntegrationListResource =
    ConnectorListResource<SelfHostedIntegrationResource, Config>;

model! {
    /// Lists the self-hosted connectors of one app or of all apps, so that you can import them as
    /// `confluence_self_hosted_integration`.
    ///
    /// ConductorOne does not record which product a self-hosted connector is for, so the list contains all of them,
    /// including those for Confluence Data Center and other products.
    pub(crate) struct Config {
        ..scope: ListScope,
    }
}
