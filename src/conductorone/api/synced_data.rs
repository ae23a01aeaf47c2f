//! What the connectors of an app have brought: accounts, entitlements and resources. The API has no totals, so counting means
//! reading all pages.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::conductorone::http::{ApiPath, Client, Count, Error, MAX_PART_BYTES, is_id, or_default};

/// A kind of resources (`c1.api.app.v1.AppResourceType`), for example groups.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ResourceType {
    /// The ID of the kind.
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    /// The name shown to people, for example `Group`.
    #[serde(deserialize_with = "or_default")]
    pub display_name: String,
    deleted_at: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResourceTypeView {
    app_resource_type: Option<ResourceType>,
}

/// An account, an entitlement or a resource, of which only these fields matter.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Item {
    #[serde(deserialize_with = "or_default")]
    source_connector_ids: BTreeMap<String, Option<String>>,
    deleted_at: Option<IgnoredAny>,
}

/// The view of an item, whose name depends on the list.
#[derive(Deserialize)]
struct ItemView {
    #[serde(alias = "appUser", alias = "appEntitlement", alias = "appResource")]
    item: Option<Item>,
}

impl ItemView {
    fn exists(&self) -> bool {
        let item = self.item.as_ref();
        item.is_some_and(|item| item.deleted_at.is_none())
    }

    /// Returns whether a connector has brought the item. The description of the API does not say whether the IDs of connectors
    /// are the keys or the values of the map.
    fn comes_from(&self, connector_id: &str) -> bool {
        let sources = self.item.iter().flat_map(|item| &item.source_connector_ids);
        let mut ids = sources.flat_map(|(key, value)| [Some(key), value.as_ref()]);
        ids.any(|id| id.is_some_and(|id| id == connector_id))
    }
}

impl Client {
    /// Counts the accounts of an app except deleted ones: `GET /api/v1/apps/{app_id}/app_users`. Stops at `limit`.
    pub async fn count_accounts(&self, app_id: &str, limit: usize) -> Result<Count, Error> {
        let path = ApiPath::fill("/api/v1/apps/{app_id}/app_users", &[app_id])?;
        self.count(&path, limit, |view: ItemView| view.exists())
            .await
    }

    /// Counts the entitlements of an app except deleted ones, or only those that one connector has brought:
    /// `GET /api/v1/apps/{app_id}/entitlements`. Stops at `limit`.
    pub async fn count_entitlements(
        &self,
        app_id: &str,
        connector_id: Option<&str>,
        limit: usize,
    ) -> Result<Count, Error> {
        let path = ApiPath::fill("/api/v1/apps/{app_id}/entitlements", &[app_id])?;
        let connector_id = connector_id.map(str::to_owned);
        let counts = move |view: ItemView| {
            let mut source = connector_id.iter();
            view.exists() && source.all(|id| view.comes_from(id))
        };
        self.count(&path, limit, counts).await
    }

    /// Counts the resources of one kind except deleted ones:
    /// `GET /api/v1/apps/{app_id}/resource_types/{app_resource_type_id}/resources`. Stops at `limit`.
    pub async fn count_resources(
        &self,
        app_id: &str,
        resource_type_id: &str,
        limit: usize,
    ) -> Result<Count, Error> {
        let path = ApiPath::fill(
            "/api/v1/apps/{app_id}/resource_types/{app_resource_type_id}/resources",
            &[app_id, resource_type_id],
        )?;
        self.count(&path, limit, |view: ItemView| view.exists())
            .await
    }

    /// Lists the kinds of resources in an app except deleted ones: `GET /api/v1/apps/{app_id}/resource_types`.
    pub async fn list_resource_types(&self, app_id: &str) -> Result<Vec<ResourceType>, Error> {
        let path = ApiPath::fill("/api/v1/apps/{app_id}/resource_types", &[app_id])?;
        let existing = |view: ResourceTypeView| {
            let kind = view.app_resource_type?;
            (kind.deleted_at.is_none() && is_id(&kind.id)).then_some(kind)
        };
        self.list(&path, MAX_PART_BYTES, existing).await
    }
}
