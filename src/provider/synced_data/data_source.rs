//! `data.confluence_synced_data`: how much data the connectors of an app have brought.

use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use crate::conductorone::{Client, Count, Error, ResourceType};
use crate::provider::connector::{listing_messages, messages};
use crate::provider::provider_data::ProviderData;
use crate::provider::session::Session;
use crate::terraform::context::Context;
use crate::terraform::data_source::DataSource;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::schema::AttributeFlag::{Computed, Optional, Required};
use crate::terraform::timeouts::ReadTimeout;
use crate::terraform::value::{Value, model};

/// The default of `count_limit`.
const COUNT_LIMIT: usize = 1000;
/// The number of kinds of resources that are counted concurrently. The client limits the number of requests further.
const KINDS_AT_ONCE: usize = 4;

/// The data source `confluence_synced_data`.
#[derive(Debug)]
pub(crate) struct SyncedDataSource;

model! {
    /// How many accounts, entitlements and resources the connectors of an app have brought to ConductorOne. Use it in
    /// `check` blocks and outputs, to see that data has arrived.
    ///
    /// ConductorOne offers no totals, so the provider reads the lists, 100 objects per request. Deleted objects do not
    /// count.
    pub(crate) struct SyncedDataModel {
        /// ID of the app whose data is counted, which is in the URL of the app's page.
        #[schemars(extend("x-terraform" = [Required], "format" = "id"))]
        app_id: String,
        /// ID of a connector of the app. If set, `entitlements` counts only those that this connector has brought.
        /// ConductorOne does not record which connector has brought an account or a resource.
        #[schemars(extend("x-terraform" = [Optional], "format" = "id"))]
        connector_id: String,
        /// The number at which each count stops, so that an app with much data does not take many requests. Default:
        /// `1000`.
        #[schemars(extend("x-terraform" = [Optional]), range(min = 1, max = 50_000))]
        count_limit: i64,
        /// Number of accounts, at most `count_limit`.
        #[schemars(extend("x-terraform" = [Computed]))]
        accounts: i64,
        /// Number of entitlements, at most `count_limit`.
        #[schemars(extend("x-terraform" = [Computed]))]
        entitlements: i64,
        /// Number of resources by kind, such as `Group` and `Space`, each at most `count_limit`. Empty before the first
        /// sync.
        #[schemars(extend("x-terraform" = [Computed]))]
        resources: BTreeMap<String, i64>,
        /// Whether everything was counted. `false` if a count stopped at `count_limit`.
        #[schemars(extend("x-terraform" = [Computed]))]
        complete: bool,
        /// How long the lookup may take, including all requests, retries and waits.
        #[schemars(extend("x-terraform" = [Optional]))]
        timeouts: ReadTimeout,
    }
}

impl DataSource for SyncedDataSource {
    type Model = SyncedDataModel;
    type Client = ProviderData;

    const TYPE_NAME: &'static str = "confluence_synced_data";

    /// Always asks ConductorOne, because every sync changes the data.
    async fn read(
        &self,
        context: &Context<ProviderData>,
        config: &SyncedDataModel,
    ) -> Result<SyncedDataModel, Diagnostics> {
        let session = Session::new(context);
        let app_id = config.app_id.known().map_or("", String::as_str);
        let connector_id = config.connector_id.known().map(String::as_str);
        if let Some(id) = connector_id {
            session.follow_ups_ended(id).await;
        }
        check_references(&session, app_id, connector_id).await?;
        let limit = config.count_limit.known().copied();
        let limit = limit.and_then(|limit| usize::try_from(limit).ok());
        let limit = limit.unwrap_or(COUNT_LIMIT);
        let api = session.api();
        let (accounts, entitlements, resources) = tokio::try_join!(
            api.count_accounts(app_id, limit),
            api.count_entitlements(app_id, connector_id, limit),
            count_resources(api, app_id, limit),
        )?;
        let is_complete = [&accounts, &entitlements]
            .into_iter()
            .chain(resources.values())
            .all(|count| count.is_complete);
        let by_kind = resources
            .into_iter()
            .map(|(kind, count)| (kind, to_number(count)));
        Ok(SyncedDataModel {
            accounts: Value::Known(to_number(accounts)),
            entitlements: Value::Known(to_number(entitlements)),
            resources: Value::Known(by_kind.collect()),
            complete: Value::Known(is_complete),
            ..config.clone()
        })
    }
}

/// Checks that the app exists, and that the connector is one of its connectors.
async fn check_references(
    session: &Session,
    app_id: &str,
    connector_id: Option<&str>,
) -> Result<(), Diagnostics> {
    if session
        .lookups()
        .app(session.api(), app_id)
        .await?
        .is_none()
    {
        return Err(messages::app_not_found(app_id).into());
    }
    if let Some(id) = connector_id
        && session.api().get_connector(app_id, id).await?.is_none()
    {
        let missing = listing_messages::no_connector(app_id, id);
        return Err(missing.on("connector_id").into());
    }
    Ok(())
}

/// Counts the resources by the name of their kind. Kinds of the same name count together.
async fn count_resources(
    api: &Client,
    app_id: &str,
    limit: usize,
) -> Result<BTreeMap<String, Count>, Error> {
    let count = |kind: ResourceType| async move {
        let count = api.count_resources(app_id, &kind.id, limit).await;
        count.map(|count| (kind, count))
    };
    let kinds = api.list_resource_types(app_id).await?;
    let counts = stream::iter(kinds).map(count).buffered(KINDS_AT_ONCE);
    let mut named = BTreeMap::new();
    let mut counts = std::pin::pin!(counts);
    while let Some((kind, count)) = counts.try_next().await? {
        let is_named = !kind.display_name.is_empty();
        let name = if is_named { kind.display_name } else { kind.id };
        let total = named.entry(name).or_insert(Count {
            number: 0,
            is_complete: true,
        });
        let number = total.number + count.number;
        *total = Count {
            number: number.min(limit),
            is_complete: total.is_complete && count.is_complete && number <= limit,
        };
    }
    Ok(named)
}

fn to_number(count: Count) -> i64 {
    i64::try_from(count.number).unwrap_or(i64::MAX)
}
