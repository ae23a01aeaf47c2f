//! The owners of a connector in a refresh: who they are, and which addresses in the state still identify them.

use crate::conductorone::{Connector, Error, User};
use crate::provider::connector::attributes::ConnectorAttributes;
use crate::provider::owners::email_address::{NoSingleUser, select_user};
use crate::provider::owners::messages;
use crate::provider::session::Session;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::{Set, Value};

use super::current::Owners;
use super::desired::EMAIL_ATTRIBUTE;

/// Writes the owners to the state, and adds warnings about them.
///
/// `owner_emails` becomes the addresses that identify the owners. It excludes an address that now identifies another user, so the
/// plan shows the change.
pub(crate) async fn observe(
    session: &Session,
    state: &mut ConnectorAttributes,
    mut owners: Owners,
    connector: &Connector,
    diagnostics: &mut Diagnostics,
) -> Result<(), Error> {
    let before = state.owner_ids.clone();
    owners.write_to(state);
    let by_email = !state.owner_emails.is_null();
    if by_email {
        owners.look_up_addresses(session).await?;
        if state.owner_ids != before {
            state.owner_emails = Value::Known(owners.addresses().cloned().collect());
        } else if let Some(current) =
            current_addresses(session, state, &owners, diagnostics).await?
        {
            state.owner_emails = Value::Known(current);
            return Ok(());
        }
    }
    if owners.are_all_disabled() && !has_entitlement_owners(session, state, &owners).await {
        let users: Vec<_> = owners.users.values().map(describe_user).collect();
        let attribute = if by_email {
            EMAIL_ATTRIBUTE.attribute
        } else {
            EMAIL_ATTRIBUTE.id_attribute
        };
        let Connector {
            id, display_name, ..
        } = connector;
        diagnostics.push(messages::all_disabled(
            id,
            display_name,
            &users.join(", "),
            attribute,
        ));
    }
    Ok(())
}

/// Returns the addresses of the owners if an address in the state now identifies another user. Adds a warning if an owner has
/// another address and nobody has the old one.
async fn current_addresses(
    session: &Session,
    state: &ConnectorAttributes,
    owners: &Owners,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Set<String>>, Error> {
    let unknown = owners.find_unknown_addresses(&state.owner_emails);
    if unknown.is_empty() || owners.addresses().count() < owners.user_ids.len() {
        return Ok(None);
    }
    let (mut taken, mut gone) = (Vec::new(), Vec::new());
    for email in unknown {
        match find_holder(session, &email).await? {
            Holder::User(id) if !owners.user_ids.contains(&id) => taken.push(email.to_lowercase()),
            Holder::Nobody => gone.push(email),
            Holder::User(_) | Holder::Unclear => {}
        }
    }
    if taken.is_empty() && !gone.is_empty() {
        let addresses: Vec<_> = owners.addresses().map(String::as_str).collect();
        let (_, id) = state.ids();
        let (gone, addresses) = (gone.join(", "), addresses.join(", "));
        diagnostics.push(messages::address_changed(id, &gone, &addresses));
    }
    let is_current = |email: &&String| !taken.contains(&email.to_lowercase());
    let current = || owners.addresses().filter(is_current).cloned().collect();
    Ok((!taken.is_empty()).then(current))
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

/// Returns whether entitlements own the connector, too. If this is not known, they may.
async fn has_entitlement_owners(
    session: &Session,
    state: &ConnectorAttributes,
    owners: &Owners,
) -> bool {
    let (app_id, id) = state.ids();
    match session.api().list_entitlement_owners(app_id, id).await {
        Ok(Some(found)) => {
            let mut roles = found.into_iter().map(|owner| owner.role_slug);
            roles.any(|slug| Some(slug) == owners.role_slug)
        }
        Ok(None) => false,
        Err(error) => {
            tracing::debug!(%error, "could not read the entitlements that own the connector");
            true
        }
    }
}

/// Returns the ID and the address or name of a user.
pub(crate) fn describe_user(user: &User) -> String {
    let name = user.email.as_deref().unwrap_or(&user.display_name);
    format!("{} ({name})", user.id)
}

impl Owners {
    /// Looks up the owners whose email addresses the owners API did not return.
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
    fn find_unknown_addresses(&self, emails: &Value<Set<String>>) -> Vec<String> {
        let emails = emails.known().into_iter().flat_map(Set::known);
        emails
            .filter(|email| !self.has_enabled(email))
            .cloned()
            .collect()
    }

    /// Returns whether an enabled owner has this email address.
    fn has_enabled(&self, email: &str) -> bool {
        let mut enabled = self.users.values().filter(|user| !user.is_disabled());
        enabled.any(|user| has_address(user, email))
    }

    /// Returns whether there are owners and all of them are known to be disabled or deleted.
    fn are_all_disabled(&self) -> bool {
        let is_disabled = |id| self.users.get(id).is_some_and(User::is_disabled);
        !self.user_ids.is_empty() && self.user_ids.iter().all(is_disabled)
    }
}

fn has_address(user: &User, email: &str) -> bool {
    let email = email.to_lowercase();
    user.email
        .as_ref()
        .is_some_and(|it| it.to_lowercase() == email)
}
