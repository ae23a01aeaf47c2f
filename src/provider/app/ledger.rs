//! What one configured provider knows of apps beyond single resources.

use crate::conductorone::{App, Client, Error};
use crate::provider::lookups::{Answers, named};

/// Keeps apps from being made twice.
#[derive(Debug, Default)]
pub(crate) struct AppLedger {
    before: Answers<Vec<App>>,
    /// Held by the one promotion that may be under way: ConductorOne does not support several at the same time.
    pub(super) promotion: tokio::sync::Mutex<()>,
}

impl AppLedger {
    /// The apps that had this name before this process created the first such one. None where the credential may not
    /// search: the creation will say what is wrong.
    pub(super) async fn before(&self, api: &Client, name: &str) -> Result<Vec<App>, Error> {
        let look = || async {
            match named(api, name).await {
                Err(error) if matches!(error.status(), Some(403 | 404 | 501)) => Ok(Vec::new()),
                found => found,
            }
        };
        self.before.get(name, look).await
    }
}
