//! `data.confluence_integrations`: the Confluence connectors of an app, or of every app.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::stream::TryStreamExt as _;

use crate::conductorone::Connector;
use crate::provider::client::ConductorOne;
use crate::provider::connector::{
    BATON, CONFLUENCE, CONFLUENCE_V2, CatalogEntry, Session, connectors,
};
use crate::provider::problems::lookups as problems;
use crate::terraform::context::Context;
use crate::terraform::data_source::DataSource;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::schema::AttributeFlag::{Computed, Optional};
use crate::terraform::timeouts::ReadTimeout;
use crate::terraform::value::{Value, model};

use super::facts::Facts;

/// Bytes that the connectors may take until Terraform has them.
const LARGEST: usize = 8 << 20;
/// What a connector takes beside its texts.
const OVERHEAD: usize = 1 << 10;

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
        // Counted while the answers are decoded, because several apps are read at the same time.
        let size = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&size);
        let fitting = move |connector: &Connector| {
            let found = Integration::of(connector)?;
            let others = counted.fetch_add(found.size(), Ordering::Relaxed);
            (others < LARGEST).then_some(found)
        };
        let mut listed = connectors(Session::of(context), app_id, fitting);
        let mut found = Vec::new();
        while let Some(of_app) = listed.try_next().await? {
            if size.load(Ordering::Relaxed) >= LARGEST {
                return Err(problems::too_many_connectors(&(LARGEST >> 20)).into());
            }
            found.extend(of_app);
        }
        found.sort_unstable_by(|left, right| left.place().cmp(&right.place()));
        Ok(Model {
            integrations: Value::Known(found),
            ..config.clone()
        })
    }
}

impl Integration {
    /// None where the connector is not for Confluence.
    fn of(connector: &Connector) -> Option<Self> {
        let entries = [CONFLUENCE, CONFLUENCE_V2, BATON];
        let is_confluence = |entry: &CatalogEntry| entry.id == connector.catalog_id;
        entries.iter().any(is_confluence).then(|| Self {
            facts: Facts::of(connector),
            id: Value::Known(connector.id.clone()),
            app_id: Value::Known(connector.app_id.clone()),
        })
    }

    fn place(&self) -> (Option<&String>, Option<&String>) {
        (self.app_id.known(), self.id.known())
    }

    /// Bytes that it takes until Terraform has it.
    fn size(&self) -> usize {
        OVERHEAD + self.facts.text_length()
    }
}
