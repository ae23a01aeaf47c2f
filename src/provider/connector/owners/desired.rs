//! The planned owners of a connector.

use std::collections::BTreeSet;

use crate::provider::connector::attributes::ConnectorAttributes;
use crate::provider::owners::email_address::{EmailAttribute, NoSingleUser, select_user};
use crate::provider::owners::messages;
use crate::provider::owners::waiting::EmailsById;
use crate::provider::session::Session;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::value::{Set, Value};

use super::current::Owners;

/// The attribute for the email addresses of owners.
pub(super) const EMAIL_ATTRIBUTE: EmailAttribute = EmailAttribute {
    attribute: "owner_emails",
    id_attribute: "owner_ids",
};

/// The planned owners of a connector.
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

    /// Returns whether these are the current owners.
    pub(crate) fn are(&self, owners: &Owners) -> bool {
        self.ids == owners.user_ids
    }

    /// Returns whether the state has exactly these owners.
    pub(crate) fn are_in(&self, state: &ConnectorAttributes) -> bool {
        let ids: Set<String> = self.ids.iter().cloned().collect();
        state.owner_ids == Value::Known(ids)
    }
}

/// Finds the planned owners, by their email addresses if there are any. `None` if the plan names no owners.
pub(crate) async fn resolve(
    session: &Session,
    planned: &ConnectorAttributes,
) -> Result<Option<DesiredOwners>, Diagnostics> {
    let Some(emails) = planned.owner_emails.known() else {
        let ids = planned.owner_ids.known().map(|ids| ids.known().cloned());
        return Ok(ids.map(|ids| DesiredOwners {
            ids: ids.collect(),
            emails: EmailsById::new(),
            attribute: EMAIL_ATTRIBUTE.id_attribute,
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
        attribute: EMAIL_ATTRIBUTE.attribute,
    }))
}

/// Returns the error for an email address that does not identify a single user.
pub(crate) fn diagnose_email(email: &str, reason: &NoSingleUser) -> Diagnostic {
    reason
        .diagnose(email, EMAIL_ATTRIBUTE)
        .unwrap_or_else(|| messages::no_such_email(email))
}
