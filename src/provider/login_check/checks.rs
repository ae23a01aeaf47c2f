//! The checks of one configured provider.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use aws_lc_rs::digest::{SHA256, digest};
use secrecy::ExposeSecret as _;
use tokio::sync::{OnceCell, Semaphore};

use crate::conductorone::Cause;
use crate::confluence::{Connection, Login, NotJudged, Outcome, check};
use crate::provider::config::Proxies;
use crate::provider::lock::lock;
use crate::terraform::diagnostics::Diagnostic;

use super::attributes::LoginAttributes;
use super::diagnose::diagnose;

/// The number of checks at the same time. Each one has its own HTTP client with the root certificates.
const MAX_CONCURRENT_CHECKS: usize = 8;

/// Checks logins to Confluence, each login once per process. A failed login counts towards a captcha, and Terraform plans
/// again during apply.
#[derive(Debug)]
pub(crate) struct LoginChecks {
    user_agent: String,
    proxies: Proxies,
    /// One permit for each check. Never closed.
    permits: Semaphore,
    /// The outcomes, by the hash of the login.
    checked: Mutex<BTreeMap<Vec<u8>, Arc<Checked>>>,
}

/// A login that was checked.
#[derive(Debug, Default)]
struct Checked {
    outcome: OnceCell<Outcome>,
    /// Whether a plan of this process has reported the outcome.
    planned: AtomicBool,
}

impl LoginChecks {
    pub(crate) fn new(user_agent: &str, proxies: Proxies) -> Self {
        Self {
            user_agent: user_agent.to_owned(),
            proxies,
            permits: Semaphore::new(MAX_CONCURRENT_CHECKS),
            checked: Mutex::default(),
        }
    }

    /// Returns the diagnostic for a plan. `None` if the login is accepted, incomplete or unknown.
    pub(crate) async fn check_in_plan(&self, attributes: &LoginAttributes) -> Option<Diagnostic> {
        let login = attributes.complete()?;
        let checked = self.checked(&login.login).await;
        checked.planned.store(true, Ordering::Relaxed);
        diagnose(checked.outcome.get()?, &login)
    }

    /// Returns the diagnostic about a login before a connector gets it. A warning appears only if no plan of this
    /// process has shown it.
    pub(crate) async fn check_before_use(
        &self,
        attributes: &LoginAttributes,
    ) -> Option<Diagnostic> {
        let login = attributes.complete()?;
        let checked = self.checked(&login.login).await;
        let outcome = checked.outcome.get()?;
        let is_refused = matches!(outcome, Outcome::Refused(_));
        let is_new = is_refused || !checked.planned.load(Ordering::Relaxed);
        is_new.then(|| diagnose(outcome, &login)).flatten()
    }

    /// Returns the checked login. Concurrent calls for the same login wait for the same outcome.
    async fn checked(&self, login: &Login) -> Arc<Checked> {
        let identity = digest(&SHA256, login.identity().expose_secret().as_bytes());
        let key = identity.as_ref().to_vec();
        let checked = Arc::clone(lock(&self.checked).entry(key).or_default());
        checked.outcome.get_or_init(|| self.sign_in(login)).await;
        checked
    }

    async fn sign_in(&self, login: &Login) -> Outcome {
        let proxy = match self.proxies.choose(login.address()) {
            Ok(proxy) => proxy,
            Err(unusable) => {
                return NotJudged::NoAnswer(Cause::Unsendable(unusable.to_string())).into();
            }
        };
        let _permit = self.permits.acquire().await;
        let user_agent = &self.user_agent;
        check(login, Connection { user_agent, proxy }).await
    }
}
