//! Apps, `/api/v1/apps`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::conductorone::http::{
    ApiPath, Client, Effect, Error, InvalidId, MAX_LIST_BYTES, Request, fields_and_mask, is_id,
    none_if_not_found, or_default,
};

/// An app (`c1.api.app.v1.App`). Times are RFC 3339. The owners are not part of the app.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct App {
    /// The app's ID.
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    /// The name shown to people. Several apps can have the same name.
    #[serde(deserialize_with = "or_default")]
    pub display_name: String,
    /// The description.
    #[serde(deserialize_with = "or_default")]
    pub description: String,
    /// Keys and values for programs. Keys that begin with `c1/` belong to the service.
    #[serde(deserialize_with = "or_default")]
    pub annotations: BTreeMap<String, String>,
    /// Whether the app is a directory, which can discover other apps.
    #[serde(deserialize_with = "or_default")]
    pub is_directory: bool,
    /// When the app was created.
    pub created_at: Option<String>,
    /// When the app was deleted. A deleted app can still be read.
    pub deleted_at: Option<String>,
}

/// An app to create.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NewApp {
    /// The name shown to people. Must not be empty.
    pub display_name: String,
    /// The description.
    pub description: Option<String>,
    /// Keys and values for programs.
    pub annotations: BTreeMap<String, String>,
    /// The IDs of the users who own the app. Without owners, the caller becomes the owner after a delay.
    pub owners: Vec<String>,
}

/// The changes to an app. `None` leaves a field unchanged.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct AppUpdate {
    /// The name shown to people.
    pub display_name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The annotations to merge with the existing ones. An omitted key keeps its value, and an empty value deletes its
    /// key.
    pub annotations: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct AppResponse {
    app: Option<App>,
}

impl AppResponse {
    fn into_app(self) -> Option<App> {
        self.app.filter(|app| is_id(&app.id))
    }
}

impl Client {
    /// Creates an app: `POST /api/v1/apps`. Does not retry once the service may have created the app.
    pub async fn create_app(&self, new: &NewApp) -> Result<App, Error> {
        let body = json!({
            "displayName": new.display_name,
            "description": new.description.as_deref().unwrap_or_default(),
            "annotations": new.annotations,
            "owners": new.owners,
        });
        let path = ApiPath::fixed("/api/v1/apps");
        self.app(&Request::post(path, body, Effect::NonIdempotent))
            .await
    }

    /// Reads an app: `GET /api/v1/apps/{id}`. Returns `None` if it does not exist or is deleted.
    pub async fn get_app(&self, id: &str) -> Result<Option<App>, Error> {
        let found = none_if_not_found(self.app(&Request::get(app_path(id)?)).await)?;
        Ok(found.filter(|app| app.deleted_at.is_none()))
    }

    /// Changes an app: `POST /api/v1/apps/{id}`. The mask names exactly the fields that are set. Without any, only
    /// reads the app.
    pub async fn update_app(&self, id: &str, update: &AppUpdate) -> Result<App, Error> {
        let path = app_path(id)?;
        let request = match update.encode(id) {
            Some(body) => Request::post(path, body, Effect::Idempotent),
            None => Request::get(path),
        };
        self.app(&request).await
    }

    /// Deletes an app: `DELETE /api/v1/apps/{id}`. Succeeds if it does not exist.
    pub async fn delete_app(&self, id: &str) -> Result<(), Error> {
        self.remove(&Request::delete(app_path(id)?)).await
    }

    /// Lists all apps except deleted ones: `GET /api/v1/apps`. Keeps only the result of `pick` for each app.
    pub async fn find_apps<R: Send + 'static>(
        &self,
        pick: impl Fn(App) -> Option<R> + Send + Sync + 'static,
    ) -> Result<Vec<R>, Error> {
        let path = ApiPath::fixed("/api/v1/apps");
        let existing = move |app: App| pick(app.if_exists()?);
        self.list(&path, MAX_LIST_BYTES, existing).await
    }

    /// Searches apps by name, except deleted ones: `POST /api/v1/search/apps`. The search is case-insensitive, and may
    /// find other apps too: compare the names.
    pub async fn search_apps(&self, display_name: &str) -> Result<Vec<App>, Error> {
        let filter = ("displayName", json!(display_name));
        self.search("/api/v1/search/apps", filter, App::if_exists)
            .await
    }

    async fn app(&self, request: &Request) -> Result<App, Error> {
        self.call(request, "an app", AppResponse::into_app).await
    }
}

impl App {
    fn if_exists(self) -> Option<Self> {
        (self.deleted_at.is_none() && is_id(&self.id)).then_some(self)
    }
}

impl AppUpdate {
    fn encode(&self, id: &str) -> Option<Value> {
        let fields = [
            (
                "displayName",
                self.display_name.as_ref().map(|name| json!(name)),
            ),
            (
                "description",
                self.description.as_ref().map(|text| json!(text)),
            ),
            (
                "annotations",
                self.annotations.as_ref().map(|pairs| json!(pairs)),
            ),
        ];
        let (mut app, mask) = fields_and_mask(fields)?;
        app.insert("id".to_owned(), json!(id));
        Some(json!({ "app": app, "updateMask": mask }))
    }
}

fn app_path(id: &str) -> Result<ApiPath, InvalidId> {
    ApiPath::fill("/api/v1/apps/{id}", &[id])
}
