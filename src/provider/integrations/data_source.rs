//! `data.confluence_integrations`: the Confluence connectors of an app, or of every app.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::stream::TryStreamExt as _;

use crate::conductorone::{Connector, ConnectorStatus};
use crate::provider::connector::listing_messages as messages;
use crate::provider::connector::{list_connectors, resource_type};
use crate::provider::provider_data::ProviderData;
use crate::terraform::context::Context;
use crate::terraform::data_source::DataSource;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::schema::AttributeFlag::{Computed, Optional};
use crate::terraform::timeouts::ReadTimeout;
use crate::terraform::value::{Value, model};

use crate::provider::integration::Summary;
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
    /// connectors, including those for other products. Their `connector_version` and their settings are null.
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
        let session = Session::new(context);
        session.all_follow_ups_ended().await;
        let app_id = config.app_id.known();
        let look = || list(context, app_id.cloned());
        let connectors = session
            .lookups()
            .confluence_connectors(app_id.map(String::as_str), look);
        let connectors = connectors.await?;
        Ok(IntegrationsModel {
            integrations: Value::Known(connectors.iter().map(Integration::new).collect()),
            ..config.clone()
        })
    }
}

/// Lists the Confluence connectors of one app or of all apps, sorted by app and ID.
async fn list(
    context: &Context<ProviderData>,
    app_id: Option<String>,
) -> Result<Arc<[Connector]>, Diagnostics> {
    // The size is counted while the answers are decoded, because several apps are read concurrently.
    let size = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&size);
    let pick = move |connector: Connector| {
        resource_type(&connector.catalog_id)?;
        let connector = outline(connector);
        let others = counted.fetch_add(size_of(&connector), Ordering::Relaxed);
        (others < MAX_SIZE).then_some(connector)
    };
    let mut listed = list_connectors(Session::new(context), app_id, pick);
    let mut found = Vec::new();
    while let Some(in_app) = listed.try_next().await? {
        if size.load(Ordering::Relaxed) >= MAX_SIZE {
            return Err(messages::too_many_connectors(&(MAX_SIZE >> 20)).into());
        }
        let pending = &context.client().pending_descriptions;
        found.extend(in_app.into_iter().map(|it| pending.apply_to(it)));
    }
    found.sort_unstable_by(|left, right| (&left.app_id, &left.id).cmp(&(&right.app_id, &right.id)));
    Ok(found.into())
}

/// Returns the connector without the attributes that the data source does not use, because it stays in memory until the end of
/// the run.
fn outline(connector: Connector) -> Connector {
    let outline_status = |status: ConnectorStatus| ConnectorStatus {
        status: status.status,
        last_error: status.last_error,
        completed_at: status.completed_at,
        ..ConnectorStatus::default()
    };
    Connector {
        id: connector.id,
        app_id: connector.app_id,
        catalog_id: connector.catalog_id,
        display_name: connector.display_name,
        description: connector.description,
        config: connector.config,
        status: connector.status.map(outline_status),
        sync_disabled_at: connector.sync_disabled_at,
        ..Connector::default()
    }
}

/// Returns the size of an outlined connector in memory, in bytes.
fn size_of(connector: &Connector) -> usize {
    let texts = [
        &connector.id,
        &connector.app_id,
        &connector.catalog_id,
        &connector.display_name,
        &connector.description,
    ];
    let status = connector.status.iter();
    let error = status.clone().map(|status| &status.last_error);
    let ended = status.flat_map(|status| &status.completed_at);
    let texts = texts.into_iter().chain(error).chain(ended);
    let texts = texts.chain(&connector.sync_disabled_at).map(String::len);
    let keys = connector.config.0.keys();
    let setting = |key: &String| key.len() + connector.config.plain(key).map_or(0, str::len);
    OVERHEAD + texts.sum::<usize>() + keys.map(setting).sum::<usize>()
}

impl Integration {
    fn new(connector: &Connector) -> Self {
        Self {
            summary: Summary::from_connector(connector),
            id: Value::Known(connector.id.clone()),
            app_id: Value::Known(connector.app_id.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::conductorone::{ConfigValue, ConnectorConfig, CronSchedule};

    use super::*;

    #[test]
    fn every_text_that_is_kept_counts() {
        let text = || "x".repeat(1000);
        let time = || Some(text());
        let setting = (text(), ConfigValue::Plain(text()));
        let kept = outline(Connector {
            id: text(),
            app_id: text(),
            catalog_id: text(),
            display_name: text(),
            description: text(),
            user_ids: vec![text()],
            config: ConnectorConfig(BTreeMap::from([setting])),
            config_updated_at: time(),
            status: Some(ConnectorStatus {
                last_error: text(),
                started_at: time(),
                completed_at: time(),
                updated_at: time(),
                ..ConnectorStatus::default()
            }),
            sync_disabled_at: time(),
            connector_sync_cron_schedule: Some(CronSchedule {
                cron_spec: text(),
                timezone: text(),
            }),
            created_at: time(),
            deleted_at: time(),
        });
        let length = format!("{kept:?}").matches('x').count();
        assert_eq!(size_of(&kept), OVERHEAD + length);
    }
}
