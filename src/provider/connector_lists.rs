//! Connectors for refreshes, from the lists of their apps. A page has 100 connectors, so it replaces up to 100 requests.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use crate::conductorone::{Client, Connector, ConnectorPages};

use super::lock::lock;

/// The number of managed connectors in an app from which its list is read. A run with fewer reads each connector directly.
const SEVERAL: usize = 3;
/// The longest time that a read waits for a list. Then it reads the connector directly.
const TIME_LIMIT: Duration = Duration::from_secs(20);
/// The number of pages that are read at the same time. Each may have two megabytes, and all apps could have such pages.
const PAGES_AT_ONCE: usize = 4;
/// The most memory that all lists of a run may take, in bytes. A connector takes about two kilobytes.
const MAX_BYTES: usize = 8 << 20;

/// The lists of the connectors of apps. The resources of one configured provider share this.
///
/// A list may be outdated or incomplete, so it only shows that a connector is unchanged: the caller reads a connector directly
/// that is not in the list or that differs from the state.
#[derive(Debug)]
pub(crate) struct ConnectorLists {
    apps: Mutex<BTreeMap<String, Arc<ListedApp>>>,
    /// Whether this process has started to change something. A list could be older than the change.
    has_ended: AtomicBool,
    /// What all lists may take in memory, in bytes.
    size: AtomicUsize,
    pages: Semaphore,
}

impl Default for ConnectorLists {
    fn default() -> Self {
        Self {
            apps: Mutex::default(),
            has_ended: AtomicBool::default(),
            size: AtomicUsize::default(),
            pages: Semaphore::new(PAGES_AT_ONCE),
        }
    }
}

#[derive(Debug, Default)]
struct ListedApp {
    /// The connectors that resources manage, and whether each one was read.
    managed: Mutex<BTreeMap<String, bool>>,
    list: tokio::sync::Mutex<List>,
}

#[derive(Debug, Default)]
struct List {
    pages: ConnectorPages,
    requested: usize,
    /// The connectors that were not read yet.
    connectors: BTreeMap<String, Connector>,
    /// Whether no more pages are read, because the list has ended or a request failed.
    is_over: bool,
}

impl ConnectorLists {
    /// Records that a resource manages a connector, so this run will probably read it.
    pub(crate) fn expect(&self, app_id: &str, id: &str) {
        if let Some(app) = self.app(app_id) {
            lock(&app.managed).entry(id.to_owned()).or_default();
        }
    }

    /// Ends the use of lists, because this process is about to change something.
    pub(crate) fn end(&self) {
        self.has_ended.store(true, Ordering::Relaxed);
        lock(&self.apps).clear();
    }

    /// Returns a connector from the list of its app if resources manage several connectors of the app. Reads pages until one
    /// contains the connector, but not more pages than there are managed connectors. Keeps the listed connectors for which
    /// `keeps` returns true.
    ///
    /// Returns each connector once, because a second read may want to see a change.
    pub(crate) async fn find(
        &self,
        api: &Client,
        (app_id, id): (&str, &str),
        keeps: fn(&Connector) -> bool,
    ) -> Option<Connector> {
        let app = self.app(app_id)?;
        let was_read = lock(&app.managed).insert(id.to_owned(), true);
        if was_read == Some(true) || app.managed() < SEVERAL {
            return None;
        }
        // After a failure, there must be enough time to read the connector directly.
        let left = api.time_left().unwrap_or(Duration::MAX);
        let deadline = Instant::now() + TIME_LIMIT.min(left / 2);
        let mut list = timeout_at(deadline, app.list.lock()).await.ok()?;
        while !list.connectors.contains_key(id) {
            if list.is_over || list.requested >= app.managed() {
                return None;
            }
            let next = async {
                let _permit = self.pages.acquire().await;
                list.read_page(api, app_id, keeps, &self.size).await;
            };
            if timeout_at(deadline, next).await.is_err() {
                tracing::debug!(app_id, "the list of the connectors takes too long");
                list.is_over = true;
            }
        }
        let found = list.connectors.remove(id);
        // Another call may have started a change meanwhile.
        found.filter(|_| !self.has_ended.load(Ordering::Relaxed))
    }

    fn app(&self, id: &str) -> Option<Arc<ListedApp>> {
        let mut apps = lock(&self.apps);
        if self.has_ended.load(Ordering::Relaxed) {
            return None;
        }
        Some(Arc::clone(apps.entry(id.to_owned()).or_default()))
    }
}

impl ListedApp {
    /// Returns the number of connectors that resources manage, as far as this run has seen them.
    fn managed(&self) -> usize {
        lock(&self.managed).len()
    }
}

impl List {
    /// Reads the next page. After a failure, or if all lists together would take too much memory, the list is over.
    async fn read_page(
        &mut self,
        api: &Client,
        app_id: &str,
        keeps: fn(&Connector) -> bool,
        total: &AtomicUsize,
    ) {
        let before = self.pages.size();
        let next = api.next_connectors(app_id, &mut self.pages, keeps).await;
        self.requested += 1;
        let size = self.pages.size() - before;
        let fits = total.fetch_add(size, Ordering::Relaxed) + size <= MAX_BYTES;
        match next {
            Ok(page) if fits => {
                self.is_over = self.pages.is_over();
                let page = page.into_iter();
                let page = page.map(|connector| (connector.id.clone(), connector));
                self.connectors.extend(page);
            }
            Ok(_) => {
                tracing::debug!(app_id, "the lists of connectors are too large");
                self.is_over = true;
            }
            Err(error) => {
                tracing::debug!(app_id, %error, "could not list the connectors");
                self.is_over = true;
            }
        }
    }
}
