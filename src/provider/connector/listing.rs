//! The connectors of an app, or of every app, and which of them a resource is for.

use futures_util::stream::{self, BoxStream, Stream, StreamExt as _, TryStreamExt as _};

use crate::conductorone::Connector;
use crate::provider::client::ConductorOne;
use crate::provider::problems::lookups as problems;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::resource::Resource;

use super::{BATON, Hosted, HostedModel, SelfHosted, SelfHostedModel, Session};

/// Apps whose connectors are asked for at the same time. How many requests are made at once is the client's to decide.
/// What a list has of an app stays in memory until all apps before it are through.
const APPS_AT_ONCE: usize = 8;

/// A resource that is a connector.
pub(crate) trait ConnectorResource: Resource<Client = ConductorOne> {
    /// Whether a connector can be an object of this resource.
    fn fits(connector: &Connector) -> bool;
}

impl<M: HostedModel> ConnectorResource for Hosted<M> {
    fn fits(connector: &Connector) -> bool {
        M::default().observe_entry(&connector.catalog_id)
    }
}

impl<M: SelfHostedModel> ConnectorResource for SelfHosted<M> {
    fn fits(connector: &Connector) -> bool {
        connector.catalog_id == BATON.id
    }
}

/// What is kept of a connector, if anything.
pub(crate) trait Pick<R>:
    Fn(&Connector) -> Option<R> + Clone + Send + Sync + 'static
{
}

impl<R, P: Fn(&Connector) -> Option<R> + Clone + Send + Sync + 'static> Pick<R> for P {}

/// The connectors of the app with this ID, or app by app those of every app that the credential's user may see. Of each,
/// what `pick` makes of it.
pub(crate) fn connectors<R: Send + 'static>(
    session: Session,
    app_id: Option<String>,
    pick: impl Pick<R>,
) -> BoxStream<'static, Result<Vec<R>, Diagnostics>> {
    match app_id {
        Some(app_id) => stream::once(of_app(session, app_id, pick)).boxed(),
        None => stream::once(of_every_app(session, pick))
            .try_flatten()
            .boxed(),
    }
}

async fn of_app<R: Send + 'static>(
    session: Session,
    app_id: String,
    pick: impl Pick<R>,
) -> Result<Vec<R>, Diagnostics> {
    match session
        .api
        .find_connectors(&app_id, move |connector| pick(&connector))
        .await
    {
        Err(error) if error.is_not_found() => Err(problems::no_app(&app_id).into()),
        listed => Ok(listed?),
    }
}

async fn of_every_app<R: Send + 'static>(
    Session {
        conductorone, api, ..
    }: Session,
    pick: impl Pick<R>,
) -> Result<impl Stream<Item = Result<Vec<R>, Diagnostics>> + Send, Diagnostics> {
    let apps = conductorone.lookups.all_apps(&api).await?;
    let ids: Vec<_> = apps.iter().map(|app| app.id.clone()).collect();
    let of_app = move |app_id: String| {
        let (api, pick) = (api.clone(), pick.clone());
        async move {
            match api
                .find_connectors(&app_id, move |connector| pick(&connector))
                .await
            {
                // Deleted since the apps were listed.
                Err(error) if error.is_not_found() => Ok(Vec::new()),
                listed => Ok(listed?),
            }
        }
    };
    Ok(stream::iter(ids).map(of_app).buffered(APPS_AT_ONCE))
}
