//! The state of the one tenant that the emulator serves.

mod apps;
mod authentication;
mod bindings;
mod connectors;
mod credentials;
mod owners;
mod people;
mod schedule;
mod seed;
mod synced;
mod syncs;

use std::collections::HashMap;

use serde_json::Value;

pub(crate) use apps::FIELDS as APP_FIELDS;
pub use apps::StoredApp;
pub(crate) use authentication::{Authentication, Client, TokenHolder};
pub(crate) use bindings::{Binding, BindingRef, ResourceType};
pub(crate) use connectors::NewConnector;
pub use connectors::StoredConnector;
pub use credentials::StoredCredential;
pub use owners::{Owner, OwnerRow, Owners};
pub(crate) use owners::{Scope, check_role_slug, users};
pub use people::StoredUser;
pub(crate) use people::{Role, user_view};
pub use schedule::Schedule;
pub(crate) use synced::Synced;
pub use syncs::SyncRun;
pub(crate) use syncs::is_busy;

use crate::page::Page;
use crate::problem::{Code, Problem, Result};
use crate::switches::Switches;

/// The data and the behavior of the tenant.
#[derive(Debug)]
pub(crate) struct Tenant {
    pub(crate) switches: Switches,
    pub(crate) id: String,
    /// The host of the tenant, without a port.
    pub(crate) host: String,
    pub(crate) authentication: Authentication,
    pub(crate) roles: Vec<Role>,
    pub(crate) users: Vec<StoredUser>,
    /// The user that the service principal acts as.
    pub(crate) caller: String,
    /// The first three are seeded: two ordinary apps, then the directory.
    pub(crate) apps: Vec<StoredApp>,
    pub(crate) resource_types: Vec<ResourceType>,
    pub(crate) bindings: Vec<Binding>,
    pub(crate) connectors: Vec<StoredConnector>,
    pub(crate) credentials: Vec<StoredCredential>,
    /// The number of responses with each list, for [`crate::ListOrder::Rotated`].
    turns: HashMap<String, usize>,
}

impl Tenant {
    /// Arranges a list in the order of the switch. `name` identifies the list.
    pub(crate) fn arrange<T>(&mut self, name: &str, mut items: Vec<T>) -> Vec<T> {
        let turn = self.turns.entry(name.to_owned()).or_default();
        *turn += 1;
        self.switches.list_order.arrange(&mut items, *turn);
        items
    }

    /// Returns the response of a list operation.
    pub(crate) fn list(&mut self, name: &str, page: Page, items: Vec<Value>) -> Value {
        let (items, next) = page.cut(items);
        serde_json::json!({"list": self.arrange(name, items), "nextPageToken": next})
    }

    /// Returns [`Self::list`] with `expanded`, which only some services have.
    pub(crate) fn expanded_list(&mut self, name: &str, page: Page, items: Vec<Value>) -> Value {
        let mut answer = self.list(name, page, items);
        if let Some(fields) = answer.as_object_mut() {
            fields.insert("expanded".to_owned(), Value::Array(Vec::new()));
        }
        answer
    }

    /// Fails with `code` unless all users exist and are not deleted.
    pub(crate) fn check_users(&self, ids: &[String], code: Code) -> Result<()> {
        if ids.iter().any(String::is_empty) {
            return Err(Problem::invalid("user_id is required"));
        }
        let is_there = |id: &String| self.user(id).is_ok_and(|user| user.deleted_at.is_none());
        match ids.iter().find(|id| !is_there(id)) {
            Some(id) => Err(Problem::new(code, format!("user {id:?} not found"))),
            None => Ok(()),
        }
    }
}
