//! Listing the connectors of an app or of all apps.

use futures_util::stream::{self, BoxStream, Stream, StreamExt as _, TryStreamExt as _};

use crate::conductorone::Connector;
use crate::provider::connector::listing_messages as messages;
use crate::provider::provider_data::ProviderData;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::resource::Resource;

use crate::provider::session::Session;

/// The number of apps whose connectors are listed concurrently. The list of an app stays in memory until the lists of all apps
/// before it are finished.
const APPS_AT_ONCE: usize = 8;

/// A connector resource.
pub(crate) trait ConnectorResource: Resource<Client = ProviderData> {
    /// Returns whether a connector can be an object of this resource.
    fn supports(connector: &Connector) -> bool;
}

/// Selects what a list keeps of a connector, or nothing.
pub(crate) trait Pick<R>:
    Fn(Connector) -> Option<R> + Clone + Send + Sync + 'static
{
}

impl<R, P: Fn(Connector) -> Option<R> + Clone + Send + Sync + 'static> Pick<R> for P {}

/// Lists the connectors of the app with this ID, or app by app the connectors of all apps that the credential's user may see.
/// Each item is what `pick` selects from the connectors of one app.
pub(crate) fn list_connectors<R: Send + 'static>(
    session: Session,
    app_id: Option<String>,
    pick: impl Pick<R>,
) -> BoxStream<'static, Result<Vec<R>, Diagnostics>> {
    match app_id {
        Some(app_id) => stream::once(list_in_app(session, app_id, pick)).boxed(),
        None => stream::once(list_all(session, pick)).try_flatten().boxed(),
    }
}

async fn list_in_app<R: Send + 'static>(
    session: Session,
    app_id: String,
    pick: impl Pick<R>,
) -> Result<Vec<R>, Diagnostics> {
    match session.api().find_connectors(&app_id, pick).await {
        Err(error) if error.is_not_found() => Err(messages::no_app(&app_id).into()),
        listed => Ok(listed?),
    }
}

async fn list_all<R: Send + 'static>(
    session: Session,
    pick: impl Pick<R>,
) -> Result<impl Stream<Item = Result<Vec<R>, Diagnostics>> + Send, Diagnostics> {
    let apps = session.lookups().all_apps(session.api()).await?;
    let ids: Vec<_> = apps.iter().map(|app| app.id.clone()).collect();
    let api = session.api().clone();
    let list_in_app = move |app_id: String| {
        let (api, pick) = (api.clone(), pick.clone());
        async move {
            match api.find_connectors(&app_id, pick).await {
                // The app was deleted after the apps were listed.
                Err(error) if error.is_not_found() => Ok(Vec::new()),
                listed => Ok(listed?),
            }
        }
    };
    Ok(stream::iter(ids).map(list_in_app).buffered(APPS_AT_ONCE))
}
