//! What one configured provider asks ConductorOne more than once, and gets answered once: a run of hundreds of resources
//! names few apps and few people.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::conductorone::{App, CatalogSchema, Client, Error, Role, User};
use crate::provider::app::outline;

/// The answers that are known by now. Failures are not kept: the next one who asks tries again.
#[derive(Debug, Default)]
pub(crate) struct Lookups {
    apps: Answers<Option<App>>,
    apps_by_name: Answers<Vec<App>>,
    all_apps: Answers<Arc<[App]>>,
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

    /// Notes an app that was just created, which may not show yet.
    pub(crate) fn know_app(&self, app: App) {
        self.apps_by_name.forget(&app.display_name);
        self.all_apps.forget("");
        self.apps.know(app.id.clone(), Some(app));
    }

    /// The apps whose name is exactly this one.
    pub(crate) async fn apps_named(&self, api: &Client, name: &str) -> Result<Vec<App>, Error> {
        self.apps_by_name.get(name, || named(api, name)).await
    }

    /// All apps, in [outline].
    pub(crate) async fn all_apps(&self, api: &Client) -> Result<Arc<[App]>, Error> {
        let outlined = |app| Some(outline(app));
        let look = || async { api.find_apps(outlined).await.map(Arc::from) };
        self.all_apps.get("", look).await
    }

    /// The user with this ID. Those who ask for different users do not wait for each other.
    pub(crate) async fn user(&self, api: &Client, id: &str) -> Result<Option<User>, Error> {
        if let Some(known) = self.users.lock().await.get(id) {
            return Ok(known.clone());
        }
        let user = self.users_by_id.get(id, || api.get_user(id)).await?;
        let mut known = self.users.lock().await;
        known.insert(id.to_owned(), user.clone());
        Ok(user)
    }

    /// The users with these IDs, as far as they exist. Those that nobody has asked for yet take one request together.
    pub(crate) async fn users(&self, api: &Client, ids: &[String]) -> Result<Vec<User>, Error> {
        // Held while asking, so that those who want the same users wait for the same answer.
        let mut known = self.users.lock().await;
        let new = ids.iter().filter(|id| !known.contains_key(*id));
        let new: Vec<String> = new.cloned().collect();
        let found = api.search_users_by_id(&new).await?;
        for id in new {
            let user = match found.iter().find(|user| user.id == id) {
                Some(user) => Some(user.clone()),
                // A search may leave out what a direct question finds.
                None => api.get_user(&id).await?,
            };
            known.insert(id, user);
        }
        Ok(ids
            .iter()
            .filter_map(|id| known.get(id).cloned().flatten())
            .collect())
    }

    /// The users who have this email address, in any case of its letters.
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

    /// The roles that users can have.
    pub(crate) async fn roles(&self, api: &Client) -> Result<Vec<Role>, Error> {
        self.roles.get("", || api.list_roles()).await
    }

    /// The settings that a catalog entry takes; none where the tenant does not say.
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

/// The apps that have exactly this name now: a search finds more.
pub(crate) async fn named(api: &Client, name: &str) -> Result<Vec<App>, Error> {
    let mut found = api.search_apps(name).await?;
    found.retain(|app| app.display_name == name);
    Ok(found)
}

/// Answers to one kind of question, by what was asked for.
#[derive(Debug)]
pub(crate) struct Answers<T>(Mutex<BTreeMap<String, Arc<OnceCell<T>>>>);

impl<T> Default for Answers<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Answers<T> {
    /// The answer that is known, or the one that `look` gives. Who asks while somebody looks waits for that answer.
    pub(crate) async fn get<F>(&self, key: &str, look: impl FnOnce() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        self.cell(key).get_or_try_init(look).await.cloned()
    }

    /// Notes an answer that came in another way.
    fn know(&self, key: String, answer: T) {
        self.cells()
            .insert(key, Arc::new(OnceCell::new_with(Some(answer))));
    }

    /// Forgets an answer that is no longer true.
    fn forget(&self, key: &str) {
        self.cells().remove(key);
    }

    fn cell(&self, key: &str) -> Arc<OnceCell<T>> {
        Arc::clone(self.cells().entry(key.to_owned()).or_default())
    }

    fn cells(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<OnceCell<T>>>> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
