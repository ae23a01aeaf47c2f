//! The planned owners of an app or a connector.

use std::collections::{BTreeMap, BTreeSet};

use crate::provider::session::Session;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::value::{Set, Value};

use super::attributes::{EMAIL_ATTRIBUTE, OwnerAttributes};
use super::email_address::{NoSingleUser, select_user};
use super::messages;

/// The email addresses of users, by their IDs.
pub(super) type EmailsById = BTreeMap<String, String>;

/// The planned owners of an app or a connector.
#[derive(Debug)]
pub(crate) struct DesiredOwners {
    pub(super) ids: BTreeSet<String>,
    pub(super) emails: EmailsById,
    /// The attribute that names the owners.
    pub(super) attribute: &'static str,
}

impl DesiredOwners {
    /// Returns the IDs of the owners for a request.
    pub(crate) fn to_ids(&self) -> Vec<String> {
        self.ids.iter().cloned().collect()
    }

    /// Returns whether these are the owners with these IDs.
    pub(crate) fn are(&self, ids: &BTreeSet<String>) -> bool {
        self.ids == *ids
    }
}

/// Finds the planned owners, by their email addresses if there are any. `None` if the plan names no owners.
pub(crate) async fn resolve(
    session: &Session,
    planned: OwnerAttributes<'_>,
) -> Result<Option<DesiredOwners>, Diagnostics> {
    let attribute = planned.attribute();
    let Some(emails) = planned.emails.known() else {
        let ids = planned.ids.known().map(|ids| ids.known().cloned());
        return Ok(ids.map(|ids| DesiredOwners {
            ids: ids.collect(),
            emails: EmailsById::new(),
            attribute,
        }));
    };
    let mut diagnostics = Diagnostics::default();
    let mut found = EmailsById::new();
    for email in emails.known() {
        let lookups = session.lookups();
        let users = lookups.users_with_email(session.api(), email).await?;
        match select_user(users) {
            Ok(user) => {
                found.insert(user.id, email.clone());
            }
            Err(reason) => diagnostics.push(diagnose_email(email, &reason)),
        }
    }
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    Ok(Some(DesiredOwners {
        ids: found.keys().cloned().collect(),
        emails: found,
        attribute,
    }))
}

/// Finds the planned owners if they differ from those in `state`. `None` if there is nothing to write.
pub(crate) async fn resolve_changed(
    session: &Session,
    state: OwnerAttributes<'_>,
    planned: OwnerAttributes<'_>,
) -> Result<Option<DesiredOwners>, Diagnostics> {
    if planned == state {
        return Ok(None);
    }
    let is_new = |desired: &DesiredOwners| {
        let ids: Set<String> = desired.ids.iter().cloned().collect();
        *state.ids != Value::Known(ids)
    };
    Ok(resolve(session, planned).await?.filter(is_new))
}

/// Returns the error for an email address that does not identify a single user.
pub(super) fn diagnose_email(email: &str, reason: &NoSingleUser) -> Diagnostic {
    reason
        .diagnose(email, EMAIL_ATTRIBUTE)
        .unwrap_or_else(|| messages::no_such_email(email))
}
