//! Apps, `/api/v1/apps`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::conductorone::http::{
    ApiPath, Client, Effect, Error, InvalidId, MAX_LIST_BYTES, Request, fields_and_mask, is_id,
    none_if_not_found, or_default,
};

/// An app (`c1.api.app.v1.App`). Times are RFC 3339. Its owners are not part of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct App {
    /// The app's ID.
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    /// The name shown to people. Several apps may have the same.
    #[serde(deserialize_with = "or_default")]
    pub display_name: String,
    /// Free text.
    #[serde(deserialize_with = "or_default")]
    pub description: String,
    /// Keys and values for the use of programs. Those whose key begins with `c1/` are the service's own.
    #[serde(deserialize_with = "or_default")]
    pub annotations: BTreeMap<String, String>,
    /// When it was created.
    pub created_at: Option<String>,
    /// When it was deleted. Deletion is soft.
    pub deleted_at: Option<String>,
}

/// An app to be created.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NewApp {
    /// The name shown to people. Must not be empty.
    pub display_name: String,
    /// Free text.
    pub description: Option<String>,
    /// Keys and values for the use of programs.
    pub annotations: BTreeMap<String, String>,
    /// IDs of the users who own it. Without any, the caller becomes the owner, after a while.
    pub owners: Vec<String>,
}

/// What to change of an app. None leaves a field as it is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct AppUpdate {
    /// The name shown to people.
    pub display_name: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Merged with those that are there: a key left out keeps its value, an empty value deletes its key.
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
    /// Creates an app: `POST /api/v1/apps`. Not repeated once it may have been acted on.
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

    /// Reads an app: `GET /api/v1/apps/{id}`. None if it does not exist or is deleted.
    pub async fn get_app(&self, id: &str) -> Result<Option<App>, Error> {
        let found = none_if_not_found(self.app(&Request::get(app_path(id)?)).await)?;
        Ok(found.filter(|app| app.deleted_at.is_none()))
    }

    /// Changes an app: `POST /api/v1/apps/{id}`. The mask names exactly the fields that are there; with none, the app is
    /// only read.
    pub async fn update_app(&self, id: &str, update: &AppUpdate) -> Result<App, Error> {
        let path = app_path(id)?;
        let request = match update.encode(id) {
            Some(body) => Request::post(path, body, Effect::Idempotent),
            None => Request::get(path),
        };
        self.app(&request).await
    }

    /// Deletes an app: `DELETE /api/v1/apps/{id}`. One that does not exist is success.
    pub async fn delete_app(&self, id: &str) -> Result<(), Error> {
        self.remove(&Request::delete(app_path(id)?)).await
    }

    /// All apps, without deleted ones: `GET /api/v1/apps`.
    pub async fn list_apps(&self) -> Result<Vec<App>, Error> {
        self.find_apps(Some).await
    }

    /// The same list, which keeps of each app only what `pick` makes of it.
    pub async fn find_apps<R: Send + 'static>(
        &self,
        pick: impl Fn(App) -> Option<R> + Send + Sync + 'static,
    ) -> Result<Vec<R>, Error> {
        let path = ApiPath::fixed("/api/v1/apps");
        let there = move |app: App| pick(app.there()?);
        self.list(&path, MAX_LIST_BYTES, there).await
    }

    /// Apps whose name is about this one, without deleted ones: `POST /api/v1/search/apps`. The service does not tell
    /// apart upper and lower case, and how much else it finds is not documented: compare the names.
    pub async fn search_apps(&self, display_name: &str) -> Result<Vec<App>, Error> {
        let filter = ("displayName", json!(display_name));
        self.search("/api/v1/search/apps", filter, App::there).await
    }

    async fn app(&self, request: &Request) -> Result<App, Error> {
        self.call(request, "an app", AppResponse::into_app).await
    }
}

impl App {
    fn there(self) -> Option<Self> {
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
