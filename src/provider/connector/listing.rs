//! Listing the connectors of an app or of all apps.

use futures_util::stream::{self, BoxStream, Stream, StreamExt as _, TryStreamExt as _};

use crate::conductorone::Connector;
use crate::provider::connector::listing_messages as messages;
use crate::terraform::diagnostics::Diagnostics;

use crate::provider::session::Session;

/// The number of apps whose connectors are listed concurrently. The client limits the number of requests further. The connectors
/// of an app stay in memory until the connectors of all previous apps were processed.
const APPS_AT_ONCE: usize = 8;

/// What to keep of a connector, if anything.
pub(crate) trait Pick<T>:
    Fn(Connector) -> Option<T> + Clone + Send + Sync + 'static
{
}

impl<T, P: Fn(Connector) -> Option<T> + Clone + Send + Sync + 'static> Pick<T> for P {}

/// Lists the connectors of the app with this ID, or app by app the connectors of all apps that the credential's user may see.
/// `pick` decides what to keep of each.
pub(crate) fn list_connectors<T: Send + 'static>(
    session: Session,
    app_id: Option<String>,
    pick: impl Pick<T>,
) -> BoxStream<'static, Result<Vec<T>, Diagnostics>> {
    match app_id {
        Some(app_id) => stream::once(list_in_app(session, app_id, pick)).boxed(),
        None => stream::once(list_all(session, pick)).try_flatten().boxed(),
    }
}

async fn list_in_app<T: Send + 'static>(
    session: Session,
    app_id: String,
    pick: impl Pick<T>,
) -> Result<Vec<T>, Diagnostics> {
    match session.api().find_connectors(&app_id, pick).await {
        Err(error) if error.is_not_found() => Err(messages::no_app(&app_id).into()),
        listed => Ok(listed?),
    }
}

async fn list_all<T: Send + 'static>(
    session: Session,
    pick: impl Pick<T>,
) -> Result<impl Stream<Item = Result<Vec<T>, Diagnostics>> + Send, Diagnostics> {
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
