//! `data.confluence_integrations`: the Confluence connectors of an app, or of every app.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::stream::TryStreamExt as _;

use crate::conductorone::Connector;
use crate::provider::connector::listing_messages as messages;
use crate::provider::connector::{BATON, CONFLUENCE, CONFLUENCE_V2, CatalogEntry, list_connectors};
use crate::provider::provider_data::ProviderData;
use crate::terraform::context::Context;
use crate::terraform::data_source::DataSource;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::schema::AttributeFlag::{Computed, Optional};
use crate::terraform::timeouts::ReadTimeout;
use crate::terraform::value::{Value, model};

use crate::provider::integration::{Summary, read_settings};
use crate::provider::session::Session;

/// The maximum size of the listed connectors in bytes.
const MAX_SIZE: usize = 8 << 20;
/// The size of a connector without its texts, in bytes.
const OVERHEAD: usize = 1 << 10;

/// The data source `confluence_integrations`.
#[derive(Debug)]
pub(crate) struct IntegrationsDataSource;

model! {
    /// The Confluence connectors of one app or of all apps, both for Confluence Cloud and self-hosted.
    ///
    /// ConductorOne does not record which product a self-hosted connector is for, so the list contains all self-hosted
    /// connectors, including those for other products. Their `connector_version` is null.
    pub(crate) struct IntegrationsModel {
        /// ID of the app whose connectors are listed. If unset, the connectors of every app that the credential's user
        /// may see are listed, which takes one request per app.
        #[schemars(extend("x-terraform" = [Optional], "format" = "id"))]
        app_id: String,
        /// The connectors, sorted by `app_id` and `id`.
        #[schemars(extend("x-terraform" = [Computed]))]
        integrations: Vec<Integration>,
        /// How long the lookup may take, including all requests, retries and waits.
        #[schemars(extend("x-terraform" = [Optional]))]
        timeouts: ReadTimeout,
    }
}

model! {
    /// A connector.
    pub(crate) struct Integration {
        ..summary: Summary,
        /// ID of the connector.
        #[schemars(extend("x-terraform" = [Computed]))]
        id: String,
        /// ID of the app that the connector belongs to.
        #[schemars(extend("x-terraform" = [Computed]))]
        app_id: String,
        /// Confluence Cloud site, such as `acme.atlassian.net`, as the function `site_domain` returns it. Null if
        /// ConductorOne stores no site.
        #[schemars(extend("x-terraform" = [Computed]))]
        site_domain: String,
    }
}

impl DataSource for IntegrationsDataSource {
    type Model = IntegrationsModel;
    type Client = ProviderData;

    const TYPE_NAME: &'static str = "confluence_integrations";

    async fn read(
        &self,
        context: &Context<ProviderData>,
        config: &IntegrationsModel,
    ) -> Result<IntegrationsModel, Diagnostics> {
        let app_id = config.app_id.known().cloned();
        // The size is counted while the answers are decoded, because several apps are read concurrently.
        let size = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&size);
        let pick = move |connector: &Connector| {
            let found = Integration::from_connector(connector)?;
            let others = counted.fetch_add(found.size(), Ordering::Relaxed);
            (others < MAX_SIZE).then_some(found)
        };
        let mut listed = list_connectors(Session::new(context), app_id, pick);
        let mut found = Vec::new();
        while let Some(in_app) = listed.try_next().await? {
            if size.load(Ordering::Relaxed) >= MAX_SIZE {
                return Err(messages::too_many_connectors(&(MAX_SIZE >> 20)).into());
            }
            found.extend(in_app);
        }
        found.sort_unstable_by(|left, right| left.sort_key().cmp(&right.sort_key()));
        Ok(IntegrationsModel {
            integrations: Value::Known(found),
            ..config.clone()
        })
    }
}

impl Integration {
    /// Returns `None` if the connector is not for Confluence.
    fn from_connector(connector: &Connector) -> Option<Self> {
        let entries = [CONFLUENCE, CONFLUENCE_V2, BATON];
        let is_confluence = |entry: &CatalogEntry| entry.id == connector.catalog_id;
        entries.iter().any(is_confluence).then(|| Self {
            summary: Summary::from_connector(connector),
            site_domain: read_settings(connector).site_domain,
            id: Value::Known(connector.id.clone()),
            app_id: Value::Known(connector.app_id.clone()),
        })
    }

    fn sort_key(&self) -> (Option<&String>, Option<&String>) {
        (self.app_id.known(), self.id.known())
    }

    /// Returns the size in memory until Terraform has received it, in bytes.
    fn size(&self) -> usize {
        let site = self.site_domain.known().map_or(0, String::len);
        OVERHEAD + self.summary.text_length() + site
    }
}
