//! The list resource of any connector: the connectors that a resource can import.

use std::marker::PhantomData;

use futures_util::stream::{self, Stream, TryStreamExt as _};

use crate::conductorone::Connector;
use crate::provider::message_values::shorten_name;
use crate::provider::provider_data::ProviderData;
use crate::provider::session::Session;
use crate::terraform::context::Context;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::list_resource::{ListResource, Listed};
use crate::terraform::model::Model;
use crate::terraform::schema::AttributeFlag::Optional;
use crate::terraform::timeouts::ReadTimeout;
use crate::terraform::value::model;

use super::connector_resource::ConnectorResource;
use super::import::import_id;
use super::listing::list_connectors;

model! {
    /// The connectors to list.
    pub(crate) struct ListScope {
        /// ID of the app whose connectors are listed. If unset, the connectors of every app that the credential's user
        /// may see are listed, which takes one request per app.
        #[schemars(extend("x-terraform" = [Optional], "format" = "id"))]
        app_id: String,
        /// How long the search may take, including all requests, retries and waits.
        #[schemars(extend("x-terraform" = [Optional]))]
        timeouts: ReadTimeout,
    }
}

/// The list resource of the connector resource `R`. `C` is its configuration, which takes in [`ListScope`].
#[derive(Debug)]
pub(crate) struct ConnectorListResource<R, C>(PhantomData<fn() -> (R, C)>);

impl<R, C> Default for ConnectorListResource<R, C> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<R, C> ListResource for ConnectorListResource<R, C>
where
    R: ConnectorResource,
    C: Model + AsRef<ListScope>,
{
    type Config = C;
    type Client = ProviderData;

    const TYPE_NAME: &'static str = R::TYPE_NAME;

    fn list(
        &self,
        context: Context<ProviderData>,
        config: C,
    ) -> impl Stream<Item = Result<Listed, Diagnostics>> + Send {
        let app_id = config.as_ref().app_id.known().cloned();
        let pick = |connector| listed::<R>(&connector);
        list_connectors(Session::new(&context), app_id, pick)
            .map_ok(|listed| stream::iter(listed.into_iter().map(Ok)))
            .try_flatten()
    }
}

fn listed<R: ConnectorResource>(connector: &Connector) -> Option<Listed> {
    R::supports(connector).then(|| Listed {
        import_id: import_id(&connector.app_id, &connector.id),
        display_name: shorten_name(&connector.display_name),
    })
}
