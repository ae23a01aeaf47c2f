//! The attributes that name the owners of an app or a connector.

use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::{Set, Value};

use super::email_address::EmailAttribute;
use super::messages;

/// The attribute for the email addresses of owners.
pub(super) const EMAIL_ATTRIBUTE: EmailAttribute = EmailAttribute {
    attribute: "owner_emails",
    id_attribute: "owner_ids",
};

/// The attributes of an app or a connector that name its owners.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct OwnerAttributes<'a> {
    /// `owner_ids`.
    pub(crate) ids: &'a Value<Set<String>>,
    /// `owner_emails`.
    pub(crate) emails: &'a Value<Set<String>>,
}

impl OwnerAttributes<'_> {
    /// The attributes of an object without owners.
    pub(super) const NONE: Self = Self {
        ids: &Value::Null,
        emails: &Value::Null,
    };

    /// Returns the attribute that names the owners.
    pub(crate) fn attribute(self) -> &'static str {
        if self.emails.is_null() {
            EMAIL_ATTRIBUTE.id_attribute
        } else {
            EMAIL_ATTRIBUTE.attribute
        }
    }

    /// Validates that a configuration uses only one of the attributes.
    pub(crate) fn validate(self, diagnostics: &mut Diagnostics) {
        if self.ids.known().is_some() && self.emails.known().is_some() {
            diagnostics.push(messages::named_twice());
        }
    }
}
