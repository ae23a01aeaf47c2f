//! `data.confluence_integrations`: the Confluence connectors of an app, or of every app.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use crate::conductorone::{App, Client, Connector, Error};
use crate::provider::client::ConductorOne;
use crate::provider::connector::{BATON, CONFLUENCE, CONFLUENCE_V2, Session};
use crate::provider::problems::lookups as problems;
use crate::terraform::context::Context;
use crate::terraform::data_source::DataSource;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::schema::Behaviour::{Computed, Optional};
use crate::terraform::timeouts::ReadTimeout;
use crate::terraform::value::{Value, model};

use super::facts::Facts;

/// The data source `confluence_integrations`.
#[derive(Debug)]
pub(crate) struct ConfluenceIntegrations;

model! {
    /// The Confluence connectors of an app, or of every app: those for Confluence Cloud, and self-hosted ones.
    ///
    /// ConductorOne does not say what a self-hosted connector is for, so all of them are listed, also those for other
    /// products. `connector_version` tells them apart: it is null for self-hosted connectors.
    pub(crate) struct Model {
        /// ID of the app whose connectors are listed. Without it, those of every app that the credential's user may see,
        /// which takes one request for each app.
        #[schemars(extend("x-terraform" = [Optional], "format" = "id"))]
        app_id: String,
        /// The connectors, sorted by `app_id` and `id`.
        #[schemars(extend("x-terraform" = [Computed]))]
        integrations: Vec<Integration>,
        /// How long the lookup may take, with all its requests, retries and waits.
        #[schemars(extend("x-terraform" = [Optional]))]
        timeouts: ReadTimeout,
    }
}

model! {
    /// One of the connectors.
    pub(crate) struct Integration {
        ..facts: Facts,
        /// ID of the connector.
        #[schemars(extend("x-terraform" = [Computed]))]
        id: String,
        /// ID of the app that the connector belongs to.
        #[schemars(extend("x-terraform" = [Computed]))]
        app_id: String,
    }
}

/// Apps whose connectors are asked for at the same time. How many requests are made at once is the client's to decide.
const APPS_AT_ONCE: usize = 64;

impl DataSource for ConfluenceIntegrations {
    type Model = Model;
    type Client = ConductorOne;

    const TYPE_NAME: &'static str = "confluence_integrations";

    async fn read(
        &self,
        context: &Context<ConductorOne>,
        config: &Model,
    ) -> Result<Model, Diagnostics> {
        let session = Session::of(context);
        let mut connectors = if let Some(app_id) = config.app_id.known() {
            match session.api().list_connectors(app_id).await {
                Err(error) if error.is_not_found() => return Err(problems::no_app(app_id).into()),
                listed => listed?,
            }
        } else {
            let apps = context.client().lookups.all_apps(session.api()).await?;
            of_every_app(session.api(), apps).await?
        };
        connectors.retain(is_confluence);
        connectors.sort_unstable_by(|left, right| place(left).cmp(&place(right)));
        Ok(Model {
            integrations: Value::Known(connectors.iter().map(Integration::of).collect()),
            ..config.clone()
        })
    }
}

impl Integration {
    fn of(connector: &Connector) -> Self {
        Self {
            facts: Facts::of(connector),
            id: Value::Known(connector.id.clone()),
            app_id: Value::Known(connector.app_id.clone()),
        }
    }
}

async fn of_every_app(api: &Client, apps: Vec<App>) -> Result<Vec<Connector>, Error> {
    let of_app = |app: App| async move {
        match api.list_connectors(&app.id).await {
            // Deleted since the apps were listed.
            Err(error) if error.is_not_found() => Ok(Vec::new()),
            listed => listed,
        }
    };
    let listed = stream::iter(apps)
        .map(of_app)
        .buffer_unordered(APPS_AT_ONCE);
    let listed: Vec<_> = listed.try_collect().await?;
    Ok(listed.into_iter().flatten().collect())
}

fn is_confluence(connector: &Connector) -> bool {
    let entries = [CONFLUENCE, CONFLUENCE_V2, BATON];
    entries.iter().any(|entry| entry.id == connector.catalog_id)
}

fn place(connector: &Connector) -> (&str, &str) {
    (&connector.app_id, &connector.id)
}
