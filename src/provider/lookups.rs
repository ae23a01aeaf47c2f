//! Cached look-ups of one configured provider. A run of hundreds of resources names few apps and few users.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::OnceCell;

use crate::conductorone::{App, CatalogSchema, Client, Connector, Error, Role, User};

use crate::terraform::diagnostics::Diagnostics;

use super::creation_mark::CreationMark;
use super::lock::lock;

/// The cached answers. Failures are not cached.
#[derive(Debug, Default)]
pub(crate) struct Lookups {
    apps: Answers<Option<App>>,
    apps_before_creation: Answers<Arc<[App]>>,
    connectors_before_creation: Answers<Arc<[Connector]>>,
    apps_by_name: Answers<Vec<App>>,
    all_apps: Answers<Arc<[App]>>,
    confluence_connectors: Answers<Arc<[Connector]>>,
    users: tokio::sync::Mutex<BTreeMap<String, Option<User>>>,
    users_by_id: Answers<Option<User>>,
    users_by_email: Answers<Vec<User>>,
    roles: Answers<Vec<Role>>,
    catalog: Answers<Option<Arc<CatalogSchema>>>,
}

impl Lookups {
    /// The app with this ID.
    pub(crate) async fn app(&self, api: &Client, id: &str) -> Result<Option<App>, Error> {
        self.apps.get(id, || api.get_app(id)).await
    }

    /// Stores a new app, which the API may not show yet.
    pub(crate) fn know_app(&self, app: App) {
        self.apps_by_name.forget(&app.display_name);
        self.all_apps.forget("");
        self.apps.know(app.id.clone(), Some(app));
    }

    /// The apps whose name is exactly this one.
    pub(crate) async fn apps_named(&self, api: &Client, name: &str) -> Result<Vec<App>, Error> {
        self.apps_by_name
            .get(name, || search_by_name(api, name))
            .await
    }

    /// The apps with this name before this process created the first one. If the credential may not search, the list is empty
    /// and the creation reports the error.
    pub(crate) async fn apps_before_creation(
        &self,
        api: &Client,
        name: &str,
    ) -> Result<Arc<[App]>, Error> {
        let look = || async { empty_if_refused(search_by_name(api, name).await) };
        self.apps_before_creation.get(name, look).await
    }

    /// The connectors of an app before this process created the first one in it, as reduced by `outline`. If the app or the list
    /// is not available, the list is empty and the creation reports the error.
    pub(crate) async fn connectors_before_creation(
        &self,
        api: &Client,
        app_id: &str,
        outline: fn(Connector) -> Connector,
    ) -> Result<Arc<[Connector]>, Error> {
        let pick = move |connector| Some(outline(connector));
        let look = || async { empty_if_refused(api.find_connectors(app_id, pick).await) };
        self.connectors_before_creation.get(app_id, look).await
    }

    /// The Confluence connectors of the app with this ID, or of all apps, as `look` lists them.
    pub(crate) async fn confluence_connectors<F>(
        &self,
        app_id: Option<&str>,
        look: impl FnOnce() -> F,
    ) -> Result<Arc<[Connector]>, Diagnostics>
    where
        F: Future<Output = Result<Arc<[Connector]>, Diagnostics>>,
    {
        // No app has an empty ID.
        let key = app_id.unwrap_or_default();
        self.confluence_connectors.get(key, look).await
    }

    /// Removes the listed connectors, because this process has changed one or waited for one.
    pub(crate) fn forget_connectors(&self) {
        self.confluence_connectors.cells().clear();
    }

    /// All apps, without their descriptions and without annotations that are not marks of unfinished apps.
    pub(crate) async fn all_apps(&self, api: &Client) -> Result<Arc<[App]>, Error> {
        let look = || async { api.find_apps(|app| Some(outline(app))).await.map(Arc::from) };
        self.all_apps.get("", look).await
    }

    /// The user with this ID. Calls for different users do not wait for each other.
    pub(crate) async fn user(&self, api: &Client, id: &str) -> Result<Option<User>, Error> {
        if let Some(known) = self.users.lock().await.get(id) {
            return Ok(known.clone());
        }
        let user = self.users_by_id.get(id, || api.get_user(id)).await?;
        let mut known = self.users.lock().await;
        known.insert(id.to_owned(), user.clone());
        Ok(user)
    }

    /// The users with these IDs, if they exist. One request finds all users that are not cached yet.
    pub(crate) async fn users(&self, api: &Client, ids: &[String]) -> Result<Vec<User>, Error> {
        // The lock is held during the request, so concurrent calls for the same users wait for the same answer.
        let mut known = self.users.lock().await;
        let new = ids.iter().filter(|id| !known.contains_key(*id));
        let new: Vec<String> = new.cloned().collect();
        let found = api.search_users_by_id(&new).await?;
        for id in new {
            let user = match found.iter().find(|user| user.id == id) {
                Some(user) => Some(user.clone()),
                // The search may leave out a user that a direct request finds.
                None => api.get_user(&id).await?,
            };
            known.insert(id, user);
        }
        Ok(ids
            .iter()
            .filter_map(|id| known.get(id).cloned().flatten())
            .collect())
    }

    /// The users with this email address. The comparison is case-insensitive.
    pub(crate) async fn users_with_email(
        &self,
        api: &Client,
        email: &str,
    ) -> Result<Vec<User>, Error> {
        let email = email.to_lowercase();
        self.users_by_email
            .get(&email, || api.search_users_by_email(&email))
            .await
    }

    /// The users with this email address, if they were looked up before.
    pub(crate) fn known_users_with_email(&self, email: &str) -> Option<Vec<User>> {
        self.users_by_email.known(&email.to_lowercase())
    }

    /// The roles that users can have.
    pub(crate) async fn roles(&self, api: &Client) -> Result<Vec<Role>, Error> {
        self.roles.get("", || api.list_roles()).await
    }

    /// The settings of a catalog entry. `None` if the tenant does not publish them.
    pub(crate) async fn catalog(
        &self,
        api: &Client,
        catalog_id: &str,
    ) -> Result<Option<Arc<CatalogSchema>>, Error> {
        let look = || async {
            let schema = api.connector_catalog(catalog_id).await?;
            Ok(schema.map(Arc::new))
        };
        self.catalog.get(catalog_id, look).await
    }
}

/// Returns the apps that have exactly this name now. The search of the API finds more.
pub(crate) async fn search_by_name(api: &Client, name: &str) -> Result<Vec<App>, Error> {
    let mut found = api.search_apps(name).await?;
    found.retain(|app| app.display_name == name);
    Ok(found)
}

/// Removes the attributes of an app that lists of all apps do not use.
fn outline(mut app: App) -> App {
    app.annotations
        .retain(|_, value| CreationMark::from_annotation(value).is_some());
    app.description = String::new();
    app
}

fn empty_if_refused<T>(listed: Result<Vec<T>, Error>) -> Result<Arc<[T]>, Error> {
    match listed {
        Err(error) if matches!(error.status(), Some(403 | 404 | 501)) => Ok(Arc::new([])),
        listed => listed.map(Arc::from),
    }
}

/// The answers to one kind of question, by key.
#[derive(Debug)]
struct Answers<T>(Mutex<BTreeMap<String, Arc<OnceCell<T>>>>);

impl<T> Default for Answers<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Answers<T> {
    /// Returns the cached answer or the answer of `look`. Concurrent calls wait for the same answer.
    async fn get<E, F>(&self, key: &str, look: impl FnOnce() -> F) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.cell(key).get_or_try_init(look).await.cloned()
    }

    /// Returns the cached answer.
    fn known(&self, key: &str) -> Option<T> {
        self.cells().get(key)?.get().cloned()
    }

    /// Stores an answer that is known from elsewhere.
    fn know(&self, key: String, answer: T) {
        self.cells()
            .insert(key, Arc::new(OnceCell::new_with(Some(answer))));
    }

    /// Removes an outdated answer.
    fn forget(&self, key: &str) {
        self.cells().remove(key);
    }

    fn cell(&self, key: &str) -> Arc<OnceCell<T>> {
        Arc::clone(self.cells().entry(key.to_owned()).or_default())
    }

    fn cells(&self) -> MutexGuard<'_, BTreeMap<String, Arc<OnceCell<T>>>> {
        lock(&self.0)
    }
}
