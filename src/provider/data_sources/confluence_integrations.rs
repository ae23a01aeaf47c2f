//! `data.confluence_integrations`: the Confluence connectors of an app, or of every app.

use futures_util::stream::TryStreamExt as _;

use crate::conductorone::Connector;
use crate::provider::client::ConductorOne;
use crate::provider::connector::{BATON, CONFLUENCE, CONFLUENCE_V2, Session, connectors};
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

impl DataSource for ConfluenceIntegrations {
    type Model = Model;
    type Client = ConductorOne;

    const TYPE_NAME: &'static str = "confluence_integrations";

    async fn read(
        &self,
        context: &Context<ConductorOne>,
        config: &Model,
    ) -> Result<Model, Diagnostics> {
        let app_id = config.app_id.known().cloned();
        let listed = connectors(Session::of(context), app_id).try_concat();
        let mut connectors: Vec<_> = listed.await?;
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

fn is_confluence(connector: &Connector) -> bool {
    let entries = [CONFLUENCE, CONFLUENCE_V2, BATON];
    entries.iter().any(|entry| entry.id == connector.catalog_id)
}

fn place(connector: &Connector) -> (&str, &str) {
    (&connector.app_id, &connector.id)
}
