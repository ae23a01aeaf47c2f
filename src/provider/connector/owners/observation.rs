//! What a refresh makes of a connector's owners: who they are, and whom the addresses in the state mean by now.

use crate::conductorone::{Connector, Error, User};
use crate::provider::people::{self, Unclear};
use crate::provider::problems::owners as problems;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::{Set, Value};

use super::{Owners, PLACE};
use crate::provider::connector::{ConnectorAttributes, Session};

impl Session {
    /// Takes over who owns the connector, and says what is wrong with the owners.
    ///
    /// `owner_emails` becomes the addresses that mean the owners. An address that means somebody else by now is left out,
    /// so that the plan shows the change.
    pub(in crate::provider::connector) async fn observe_owners(
        &self,
        state: &mut ConnectorAttributes,
        mut owners: Owners,
        connector: &Connector,
        said: &mut Diagnostics,
    ) -> Result<(), Error> {
        let before = state.owner_ids.clone();
        state.observe_owners(&owners);
        let by_email = !state.owner_emails.is_null();
        if by_email {
            owners.look_up(self).await?;
            if state.owner_ids != before {
                state.owner_emails = Value::Known(owners.addresses().cloned().collect());
            } else if let Some(present) = self.present_addresses(state, &owners, said).await? {
                state.owner_emails = Value::Known(present);
                return Ok(());
            }
        }
        if owners.are_all_disabled() && !self.has_other_owners(state, &owners).await {
            let users: Vec<_> = owners.users.values().map(named).collect();
            let attribute = if by_email {
                PLACE.attribute
            } else {
                PLACE.id_attribute
            };
            let Connector {
                id, display_name, ..
            } = connector;
            said.push(problems::all_disabled(
                id,
                display_name,
                &users.join(", "),
                attribute,
            ));
        }
        Ok(())
    }

    /// The addresses that mean the owners of `state`, where some of those that it holds mean somebody else by now. Says so
    /// where an owner has another address and nobody has the old one.
    async fn present_addresses(
        &self,
        state: &ConnectorAttributes,
        owners: &Owners,
        said: &mut Diagnostics,
    ) -> Result<Option<Set<String>>, Error> {
        let doubtful = owners.doubtful(&state.owner_emails);
        if doubtful.is_empty() || owners.addresses().count() < owners.user_ids.len() {
            return Ok(None);
        }
        let (mut taken, mut gone) = (Vec::new(), Vec::new());
        for email in doubtful {
            match self.holder(&email).await? {
                Holder::Only(id) if !owners.user_ids.contains(&id) => {
                    taken.push(email.to_lowercase());
                }
                Holder::Nobody => gone.push(email),
                Holder::Only(_) | Holder::Unclear => {}
            }
        }
        if taken.is_empty() && !gone.is_empty() {
            let addresses: Vec<_> = owners.addresses().map(String::as_str).collect();
            let (_, id) = state.ids();
            let (gone, addresses) = (gone.join(", "), addresses.join(", "));
            said.push(problems::address_changed(id, &gone, &addresses));
        }
        let present = |email: &&String| !taken.contains(&email.to_lowercase());
        let present = || owners.addresses().filter(present).cloned().collect();
        Ok((!taken.is_empty()).then(present))
    }

    async fn holder(&self, email: &str) -> Result<Holder, Error> {
        let lookups = &self.conductorone.lookups;
        let holders = match lookups.users_with_email(&self.api, email).await {
            Err(error) if matches!(error.status(), Some(403 | 404 | 501)) => {
                return Ok(Holder::Unclear);
            }
            holders => holders?,
        };
        Ok(match people::meant(holders) {
            Ok(user) if !user.is_disabled() => Holder::Only(user.id),
            Err(Unclear::Nobody) => Holder::Nobody,
            Ok(_) | Err(_) => Holder::Unclear,
        })
    }

    /// Whether holders of an entitlement own the connector, too. Where that cannot be found out, they may.
    async fn has_other_owners(&self, state: &ConnectorAttributes, owners: &Owners) -> bool {
        let (app_id, id) = state.ids();
        match self.api.list_entitlement_owners(app_id, id).await {
            Ok(Some(found)) => {
                let mut roles = found.into_iter().map(|owner| owner.role_slug);
                roles.any(|slug| Some(slug) == owners.role_slug)
            }
            Ok(None) => false,
            Err(error) => {
                tracing::debug!(%error, "the entitlements that own a connector are not known");
                true
            }
        }
    }
}

/// Who has an email address.
enum Holder {
    /// The enabled user whom it means.
    Only(String),
    Nobody,
    /// Nobody can say, or several do, or only users who are disabled.
    Unclear,
}

fn named(user: &User) -> String {
    let name = user.email.as_deref().unwrap_or(&user.display_name);
    format!("{} ({name})", user.id)
}

impl Owners {
    /// Looks up the users whose email addresses were not shown with the owners.
    async fn look_up(&mut self, session: &Session) -> Result<(), Error> {
        let has_address = |id: &String| self.users.get(id).is_some_and(|user| user.email.is_some());
        let unseen: Vec<_> = self
            .user_ids()
            .filter(|id| !has_address(id))
            .cloned()
            .collect();
        if !unseen.is_empty() {
            let lookups = &session.conductorone.lookups;
            let users = lookups.users(&session.api, &unseen).await?;
            let users = users.into_iter().map(|user| (user.id.clone(), user));
            self.users.extend(users);
        }
        Ok(())
    }

    /// The email addresses of those who have one that can be seen.
    fn addresses(&self) -> impl Iterator<Item = &String> {
        self.users.values().filter_map(|user| user.email.as_ref())
    }

    /// Those of these addresses that no enabled owner has.
    fn doubtful(&self, emails: &Value<Set<String>>) -> Vec<String> {
        let held = emails.known().into_iter().flat_map(Set::known);
        held.filter(|email| !self.has_enabled(email))
            .cloned()
            .collect()
    }

    /// Whether an enabled owner has this email address.
    fn has_enabled(&self, email: &str) -> bool {
        let mut enabled = self.users.values().filter(|user| !user.is_disabled());
        enabled.any(|user| has_address(user, email))
    }

    /// Whether there are owners and all of them are known to be disabled or deleted.
    fn are_all_disabled(&self) -> bool {
        let is_disabled = |id| self.users.get(id).is_some_and(User::is_disabled);
        !self.user_ids.is_empty() && self.user_ids().all(is_disabled)
    }
}

fn has_address(user: &User, email: &str) -> bool {
    let email = email.to_lowercase();
    user.email
        .as_ref()
        .is_some_and(|it| it.to_lowercase() == email)
}
