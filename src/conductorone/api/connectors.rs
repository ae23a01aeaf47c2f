//! Connectors, `/api/v1/apps/{app_id}/connectors`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::connector_config::ConnectorConfig;
use crate::conductorone::http::{
    ApiPath, Client, Effect, Error, InvalidId, MAX_LIST_BYTES, MAX_PART_BYTES, Position, Request,
    fields_and_mask, ids, is_id, none_if_not_found, or_default, scrubbed,
};

/// A connector (`c1.api.app.v1.Connector`). Times are RFC 3339.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Connector {
    /// The connector's ID.
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    /// The app that the connector belongs to.
    #[serde(deserialize_with = "or_default")]
    pub app_id: String,
    /// The connector's catalog entry. Fixed at creation.
    #[serde(deserialize_with = "or_default")]
    pub catalog_id: String,
    /// The name shown to people.
    #[serde(deserialize_with = "or_default")]
    pub display_name: String,
    /// The description.
    #[serde(deserialize_with = "or_default")]
    pub description: String,
    /// The owners, if the tenant still reports them here. Newer tenants leave this empty and report owners at another
    /// endpoint.
    #[serde(deserialize_with = "ids")]
    pub user_ids: Vec<String>,
    /// The settings, without secrets.
    #[serde(deserialize_with = "or_default")]
    pub config: ConnectorConfig,
    /// When the settings were last changed, by any caller.
    pub config_updated_at: Option<String>,
    /// The last or current sync, or `None` before the first one.
    pub status: Option<ConnectorStatus>,
    /// Since when syncs are disabled.
    pub sync_disabled_at: Option<String>,
    /// The schedule of syncs, if it is not the tenant's default.
    pub connector_sync_cron_schedule: Option<CronSchedule>,
    /// When the connector was created.
    pub created_at: Option<String>,
    /// When the connector was deleted. A deleted connector can still be read.
    pub deleted_at: Option<String>,
}

/// The last or current sync of a connector (`c1.api.app.v1.ConnectorStatus`). Times are RFC 3339.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ConnectorStatus {
    /// The status.
    #[serde(deserialize_with = "or_default")]
    pub status: SyncStatus,
    /// The error, if the sync failed, with secrets masked: connectors quote rejected requests.
    #[serde(deserialize_with = "scrubbed")]
    pub last_error: String,
    /// When the sync started.
    pub started_at: Option<String>,
    /// When the sync ended.
    pub completed_at: Option<String>,
    /// When this status was last updated.
    pub updated_at: Option<String>,
}

/// The status of a sync. The service may add values.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(from = "String")]
#[non_exhaustive]
pub enum SyncStatus {
    /// No sync has run yet.
    #[default]
    Unspecified,
    /// A sync is running.
    Running,
    /// The last sync succeeded.
    Done,
    /// The last sync failed.
    Error,
    /// Syncs are disabled.
    Disabled,
    /// A value that this version does not know.
    Other(String),
}

/// The schedule of syncs (`c1.api.app.v1.ConnectorSyncCronSchedule`).
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, rename_all = "camelCase")]
pub struct CronSchedule {
    /// A cron expression.
    #[serde(deserialize_with = "or_default")]
    pub cron_spec: String,
    /// An IANA time zone.
    #[serde(deserialize_with = "or_default")]
    pub timezone: String,
}

/// A connector to create with its settings.
#[derive(Clone, Debug)]
pub struct NewConnector {
    /// The catalog entry.
    pub catalog_id: String,
    /// The description.
    pub description: Option<String>,
    /// The owners. Without owners, the caller becomes the owner.
    pub user_ids: Vec<String>,
    /// The settings, secrets included.
    pub config: ConnectorConfig,
}

/// A connector to create without settings. ConductorOne asks its owners for the settings.
#[derive(Clone, Debug)]
pub struct NewDelegatedConnector {
    /// The catalog entry.
    pub catalog_id: String,
    /// The name shown to people.
    pub display_name: String,
    /// The description.
    pub description: Option<String>,
    /// The owners. Without owners, the caller becomes the owner.
    pub user_ids: Vec<String>,
}

/// The changes to a connector, apart from its settings. `None` leaves a field unchanged.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct DelegatedUpdate {
    /// The name shown to people.
    pub display_name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The complete list of owners.
    pub user_ids: Option<Vec<String>>,
}

/// The position in a list of the connectors of one app.
#[derive(Debug, Default)]
pub struct ConnectorPages(Position);

impl ConnectorPages {
    /// Returns whether the last page was read.
    pub fn is_over(&self) -> bool {
        self.0.is_over
    }

    /// Returns what the connectors so far may take in memory, in bytes.
    pub fn size(&self) -> usize {
        self.0.size
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConnectorResponse {
    connector_view: Option<ConnectorView>,
}

#[derive(Deserialize)]
struct ConnectorView {
    connector: Option<Connector>,
}

impl ConnectorResponse {
    fn into_connector(self) -> Option<Connector> {
        self.connector_view.and_then(ConnectorView::into_connector)
    }
}

impl ConnectorView {
    fn into_connector(self) -> Option<Connector> {
        self.connector.filter(|connector| is_id(&connector.id))
    }

    fn into_existing(self) -> Option<Connector> {
        let connector = self.into_connector();
        connector.filter(|connector| connector.deleted_at.is_none())
    }
}

impl From<String> for SyncStatus {
    fn from(name: String) -> Self {
        match name.as_str() {
            "" | "SYNC_STATUS_UNSPECIFIED" => Self::Unspecified,
            "SYNC_STATUS_RUNNING" => Self::Running,
            "SYNC_STATUS_DONE" => Self::Done,
            "SYNC_STATUS_ERROR" => Self::Error,
            "SYNC_STATUS_DISABLED" => Self::Disabled,
            _ => Self::Other(name),
        }
    }
}

impl Client {
    /// Creates a connector with its settings: `POST /api/v1/apps/{app_id}/connectors/create`. The service chooses the
    /// name. Does not retry once the service may have created the connector.
    pub async fn create_connector(
        &self,
        app_id: &str,
        new: &NewConnector,
    ) -> Result<Connector, Error> {
        let path = ApiPath::fill("/api/v1/apps/{app_id}/connectors/create", &[app_id])?;
        // The service treats an absent description as an empty one.
        let body = json!({
            "catalogId": new.catalog_id,
            "description": new.description.as_deref().unwrap_or_default(),
            "userIds": new.user_ids,
            "config": new.config.encode()?,
        });
        self.connector(&Request::post(path, body, Effect::NonIdempotent))
            .await
    }

    /// Creates a connector without settings: `POST /api/v1/apps/{app_id}/connectors`. Does not retry once the service
    /// may have created the connector.
    pub async fn create_delegated_connector(
        &self,
        app_id: &str,
        new: &NewDelegatedConnector,
    ) -> Result<Connector, Error> {
        let path = ApiPath::fill("/api/v1/apps/{app_id}/connectors", &[app_id])?;
        let body = json!({
            "catalogId": new.catalog_id,
            "displayName": new.display_name,
            "description": new.description.as_deref().unwrap_or_default(),
            "userIds": new.user_ids,
        });
        self.connector(&Request::post(path, body, Effect::NonIdempotent))
            .await
    }

    /// Reads a connector: `GET /api/v1/apps/{app_id}/connectors/{id}`. Returns `None` if it does not exist or is
    /// deleted.
    pub async fn get_connector(&self, app_id: &str, id: &str) -> Result<Option<Connector>, Error> {
        let found = none_if_not_found(
            self.connector(&Request::get(connector_path(app_id, id)?))
                .await,
        )?;
        Ok(found.filter(|connector| connector.deleted_at.is_none()))
    }

    /// Replaces the settings: `POST /api/v1/apps/{app_id}/connectors/{id}` with the mask `config`.
    ///
    /// The API does not document whether omitted keys keep their values: send all keys, including secrets.
    pub async fn update_connector_config(
        &self,
        app_id: &str,
        id: &str,
        config: &ConnectorConfig,
    ) -> Result<Connector, Error> {
        let connector = json!({ "appId": app_id, "id": id, "config": config.encode()? });
        let body = json!({ "connector": connector, "updateMask": "config" });
        self.connector(&Request::post(
            connector_path(app_id, id)?,
            body,
            Effect::Idempotent,
        ))
        .await
    }

    /// Changes the name, description and owners:
    /// `POST /api/v1/apps/{connector_app_id}/connectors/{connector_id}/delegated`. The mask names exactly the fields
    /// that are set. Without any, only reads the connector.
    pub async fn update_delegated_connector(
        &self,
        app_id: &str,
        id: &str,
        update: &DelegatedUpdate,
    ) -> Result<Connector, Error> {
        let Some(body) = update.encode(app_id, id) else {
            return self
                .connector(&Request::get(connector_path(app_id, id)?))
                .await;
        };
        let template = "/api/v1/apps/{connector_app_id}/connectors/{connector_id}/delegated";
        let path = ApiPath::fill(template, &[app_id, id])?;
        self.connector(&Request::post(path, body, Effect::Idempotent))
            .await
    }

    /// Deletes a connector: `DELETE /api/v1/apps/{app_id}/connectors/{id}`. Succeeds if it does not exist.
    pub async fn delete_connector(&self, app_id: &str, id: &str) -> Result<(), Error> {
        self.remove(&Request::delete(connector_path(app_id, id)?))
            .await
    }

    /// Lists all connectors of an app except deleted ones: `GET /api/v1/apps/{app_id}/connectors`. Keeps only the result of
    /// `pick` for each connector.
    pub async fn find_connectors<R: Send + 'static>(
        &self,
        app_id: &str,
        pick: impl Fn(Connector) -> Option<R> + Send + Sync + 'static,
    ) -> Result<Vec<R>, Error> {
        let path = ApiPath::fill("/api/v1/apps/{app_id}/connectors", &[app_id])?;
        let existing = move |view: ConnectorView| pick(view.into_existing()?);
        self.list(&path, MAX_PART_BYTES, existing).await
    }

    /// Lists the next page of the connectors of an app: `GET /api/v1/apps/{app_id}/connectors`. Keeps the connectors for
    /// which `keeps` returns true. If the call is dropped, the position stays.
    pub async fn next_connectors(
        &self,
        app_id: &str,
        ConnectorPages(position): &mut ConnectorPages,
        keeps: fn(&Connector) -> bool,
    ) -> Result<Vec<Connector>, Error> {
        let path = ApiPath::fill("/api/v1/apps/{app_id}/connectors", &[app_id])?;
        let kept = move |view: ConnectorView| view.into_existing().filter(keeps);
        self.list_next(&path, position, MAX_LIST_BYTES, kept).await
    }

    async fn connector(&self, request: &Request) -> Result<Connector, Error> {
        self.call(request, "a connector", ConnectorResponse::into_connector)
            .await
    }
}

impl DelegatedUpdate {
    fn encode(&self, app_id: &str, id: &str) -> Option<Value> {
        let fields = [
            (
                "displayName",
                self.display_name.as_ref().map(|name| json!(name)),
            ),
            (
                "description",
                self.description.as_ref().map(|text| json!(text)),
            ),
            ("userIds", self.user_ids.as_ref().map(|ids| json!(ids))),
        ];
        let (mut connector, mask) = fields_and_mask(fields)?;
        connector.extend([("appId", app_id), ("id", id)].map(|(k, v)| (k.to_owned(), json!(v))));
        Some(json!({ "connector": connector, "updateMask": mask }))
    }
}

fn connector_path(app_id: &str, id: &str) -> Result<ApiPath, InvalidId> {
    ApiPath::fill("/api/v1/apps/{app_id}/connectors/{id}", &[app_id, id])
}
