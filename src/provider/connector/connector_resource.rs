//! The trait for connector resources.

use crate::conductorone::Connector;
use crate::provider::provider_data::ProviderData;
use crate::terraform::resource::Resource;

use super::attributes::ConnectorModel;
use super::sync::SyncPrivateState;

/// A resource that is a connector.
pub(crate) trait ConnectorResource:
    Resource<
        Client = ProviderData,
        Model: ConnectorModel,
        Private: AsRef<SyncPrivateState> + AsMut<SyncPrivateState>,
    >
{
    /// Returns whether a connector can be an object of this resource.
    fn supports(connector: &Connector) -> bool;
}
