//! The current owners of an app or a connector, and which email addresses identify them.

use std::collections::{BTreeMap, BTreeSet};

use crate::conductorone::{Error, User};
use crate::provider::session::Session;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::{Set, Value};

use super::attributes::OwnerAttributes;
use super::email_address::{NoSingleUser, select_user};
use super::messages;

/// The users who own an app or a connector.
#[derive(Debug, Clone, Default)]
pub(crate) struct CurrentOwners {
    user_ids: BTreeSet<String>,
    /// The users that are known, by their IDs.
    users: BTreeMap<String, User>,
}

impl FromIterator<String> for CurrentOwners {
    fn from_iter<I: IntoIterator<Item = String>>(ids: I) -> Self {
        Self {
            user_ids: ids.into_iter().collect(),
            users: BTreeMap::new(),
        }
    }
}

impl FromIterator<User> for CurrentOwners {
    fn from_iter<I: IntoIterator<Item = User>>(users: I) -> Self {
        let users = users.into_iter().map(|user| (user.id.clone(), user));
        let users: BTreeMap<_, _> = users.collect();
        Self {
            user_ids: users.keys().cloned().collect(),
            users,
        }
    }
}

impl CurrentOwners {
    /// Returns the IDs of the owners.
    pub(crate) fn ids(&self) -> &BTreeSet<String> {
        &self.user_ids
    }

    /// Returns the value of `owner_ids`.
    pub(crate) fn to_value(&self) -> Value<Set<String>> {
        Value::Known(self.user_ids.iter().cloned().collect())
    }

    /// Returns the owners that are known.
    pub(crate) fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// Returns whether there are owners and all of them are known to be disabled or deleted.
    pub(crate) fn are_all_disabled(&self) -> bool {
        let is_disabled = |id| self.users.get(id).is_some_and(User::is_disabled);
        !self.user_ids.is_empty() && self.user_ids.iter().all(is_disabled)
    }

    /// Returns the addresses for `owner_emails` if those in `state` no longer identify the owners. The result excludes an address
    /// that now identifies another user, so the plan shows the change. `object` names what the users own.
    ///
    /// Adds a warning if an owner has another address and nobody has the old one.
    pub(crate) async fn changed_addresses(
        &mut self,
        session: &Session,
        state: OwnerAttributes<'_>,
        object: &str,
        diagnostics: &mut Diagnostics,
    ) -> Result<Option<Set<String>>, Error> {
        let Some(emails) = state.emails.known() else {
            return Ok(None);
        };
        self.look_up_addresses(session).await?;
        if *state.ids != self.to_value() {
            return Ok(Some(self.addresses().cloned().collect()));
        }
        let unknown = self.find_unknown_addresses(emails);
        if unknown.is_empty() || self.addresses().count() < self.user_ids.len() {
            return Ok(None);
        }
        let (mut taken, mut gone) = (Vec::new(), Vec::new());
        for email in unknown {
            match find_holder(session, &email).await? {
                Holder::User(id) if !self.user_ids.contains(&id) => {
                    taken.push(email.to_lowercase());
                }
                Holder::Nobody => gone.push(email),
                Holder::User(_) | Holder::Unclear => {}
            }
        }
        if taken.is_empty() && !gone.is_empty() {
            let addresses: Vec<_> = self.addresses().map(String::as_str).collect();
            let (gone, addresses) = (gone.join(", "), addresses.join(", "));
            diagnostics.push(messages::address_changed(object, &gone, &addresses));
        }
        let is_current = |email: &&String| !taken.contains(&email.to_lowercase());
        let current = || self.addresses().filter(is_current).cloned().collect();
        Ok((!taken.is_empty()).then(current))
    }

    /// Looks up the owners whose email addresses are not known.
    async fn look_up_addresses(&mut self, session: &Session) -> Result<(), Error> {
        let has_address = |id: &String| self.users.get(id).is_some_and(|user| user.email.is_some());
        let missing: Vec<_> = self
            .user_ids
            .iter()
            .filter(|id| !has_address(id))
            .cloned()
            .collect();
        if !missing.is_empty() {
            let users = session.lookups().users(session.api(), &missing).await?;
            let users = users.into_iter().map(|user| (user.id.clone(), user));
            self.users.extend(users);
        }
        Ok(())
    }

    /// Returns the visible email addresses of the owners.
    fn addresses(&self) -> impl Iterator<Item = &String> {
        self.users.values().filter_map(|user| user.email.as_ref())
    }

    /// Returns those of these addresses that no enabled owner has.
    fn find_unknown_addresses(&self, emails: &Set<String>) -> Vec<String> {
        let unknown = emails.known().filter(|email| !self.has_enabled(email));
        unknown.cloned().collect()
    }

    /// Returns whether an enabled owner has this email address.
    fn has_enabled(&self, email: &str) -> bool {
        let mut enabled = self.users.values().filter(|user| !user.is_disabled());
        enabled.any(|user| has_address(user, email))
    }
}

/// The user who has an email address.
enum Holder {
    /// An enabled user, identified by the address.
    User(String),
    Nobody,
    /// The credential may not see users, or several users or only disabled users have the address.
    Unclear,
}

async fn find_holder(session: &Session, email: &str) -> Result<Holder, Error> {
    let lookups = session.lookups();
    let users = match lookups.users_with_email(session.api(), email).await {
        Err(error) if matches!(error.status(), Some(403 | 404 | 501)) => {
            return Ok(Holder::Unclear);
        }
        users => users?,
    };
    Ok(match select_user(users) {
        Ok(user) if !user.is_disabled() => Holder::User(user.id),
        Err(NoSingleUser::NotFound) => Holder::Nobody,
        Ok(_) | Err(_) => Holder::Unclear,
    })
}

fn has_address(user: &User, email: &str) -> bool {
    let email = email.to_lowercase();
    user.email
        .as_ref()
        .is_some_and(|it| it.to_lowercase() == email)
}

/// Returns the ID and the address or name of a user.
pub(crate) fn describe_user(user: &User) -> String {
    let name = user.email.as_deref().unwrap_or(&user.display_name);
    format!("{} ({name})", user.id)
}
