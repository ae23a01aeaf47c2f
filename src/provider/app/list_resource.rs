//! `list.confluence_app`: the apps that exist.

use futures_util::stream::{self, Stream, TryStreamExt as _};

use crate::conductorone::App;
use crate::provider::message_values::shorten_name;
use crate::provider::provider_data::ProviderData;
use crate::provider::session::Session;
use crate::terraform::context::Context;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::list_resource::{ListResource, Listed};
use crate::terraform::resource::Resource as _;
use crate::terraform::schema::AttributeFlag::Optional;
use crate::terraform::timeouts::ReadTimeout;
use crate::terraform::value::model;

use super::resource::AppResource;

/// The list resource `confluence_app`.
#[derive(Debug)]
pub(crate) struct AppListResource;

model! {
    /// Lists the apps in ConductorOne, all of them or those with one name, so that you can import them as
    /// `confluence_app`.
    ///
    /// You do not have to import an app to create connectors for it: connectors refer to it by its ID.
    pub(crate) struct Config {
        /// Name of the apps to list, exactly as ConductorOne shows it. Several apps can have the same name. If unset,
        /// every app that the credential's user may see is listed.
        #[schemars(extend("x-terraform" = [Optional], "format" = "not-blank"))]
        display_name: String,
        /// How long the search may take, including all requests, retries and waits.
        #[schemars(extend("x-terraform" = [Optional]))]
        timeouts: ReadTimeout,
    }
}

impl ListResource for AppListResource {
    type Config = Config;
    type Client = ProviderData;

    const TYPE_NAME: &'static str = AppResource::TYPE_NAME;

    fn list(
        &self,
        context: Context<ProviderData>,
        config: Config,
    ) -> impl Stream<Item = Result<Listed, Diagnostics>> + Send {
        let each = |apps: Vec<Listed>| stream::iter(apps.into_iter().map(Ok));
        stream::once(apps(context, config))
            .map_ok(each)
            .try_flatten()
    }
}

async fn apps(context: Context<ProviderData>, config: Config) -> Result<Vec<Listed>, Diagnostics> {
    let session = Session::new(&context);
    let lookups = session.lookups();
    let apps = match config.display_name.known() {
        Some(name) => lookups.apps_named(session.api(), name).await?.into(),
        None => lookups.all_apps(session.api()).await?,
    };
    Ok(apps.iter().map(listed).collect())
}

fn listed(app: &App) -> Listed {
    Listed {
        import_id: app.id.clone(),
        display_name: shorten_name(&app.display_name),
    }
}
