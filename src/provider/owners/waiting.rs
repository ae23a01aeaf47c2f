//! Waiting for a change of owners to show, for apps and for connectors.

use std::collections::BTreeSet;

use crate::conductorone::Error;
use crate::provider::api_errors;
use crate::terraform::diagnostics::Diagnostic;

use super::desired::DesiredOwners;

/// Whether a change removes former owners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FormerOwners {
    /// Former owners must disappear.
    MustDisappear,
    /// Former owners may remain for now.
    MayRemain,
}

impl DesiredOwners {
    /// Describes the difference from the owners that were found: the owners who do not show yet, and the former owners who still
    /// show. `None` if there is no difference. The log contains this text, so it contains no addresses.
    pub(crate) fn describe_pending(
        &self,
        found: &BTreeSet<String>,
        former_owners: FormerOwners,
    ) -> Option<String> {
        let all = |ids: Vec<&String>| ids.into_iter().cloned().collect::<Vec<_>>().join(", ");
        let missing: Vec<_> = self.ids.difference(found).collect();
        let former: Vec<_> = match former_owners {
            FormerOwners::MustDisappear => found.difference(&self.ids).collect(),
            FormerOwners::MayRemain => Vec::new(),
        };
        match (missing.is_empty(), former.is_empty()) {
            (true, true) => None,
            (false, true) => Some(format!("these owners to appear: {}", all(missing))),
            (true, false) => Some(format!("these former owners to disappear: {}", all(former))),
            (false, false) => Some(format!(
                "these owners to appear: {}; and for these former owners to disappear: {}",
                all(missing),
                all(former)
            )),
        }
    }

    /// Returns the diagnostic for a failed change of owners. A timeout is at the attribute that names the owners, and shows their
    /// addresses.
    pub(crate) fn diagnose_write(&self, mut error: Error) -> Diagnostic {
        let Error::DeadlinePassed(overrun) = &mut error else {
            return api_errors::diagnose(&error);
        };
        if let Some(awaited) = &mut overrun.awaited {
            for (id, email) in &self.emails {
                *awaited = awaited.replace(id, &format!("{id} ({email})"));
            }
        }
        api_errors::diagnose(&error).on(self.attribute)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conductorone::DeadlineError;
    use crate::provider::owners::desired::EmailsById;

    fn desired(ids: &[&str]) -> DesiredOwners {
        DesiredOwners {
            ids: set(ids),
            emails: EmailsById::from([("a".to_owned(), "x@acme".to_owned())]),
            attribute: "owner_emails",
        }
    }

    fn set(ids: &[&str]) -> BTreeSet<String> {
        ids.iter().copied().map(str::to_owned).collect()
    }

    #[test]
    fn a_wait_names_who_is_missing_and_who_is_too_many() {
        let say = |wanted: &[&str], found: &[&str], former_owners| {
            let pending = desired(wanted).describe_pending(&set(found), former_owners);
            pending.unwrap_or_default()
        };
        assert_eq!(say(&["a"], &["a"], FormerOwners::MustDisappear), "");
        assert_eq!(say(&["a"], &["a", "b"], FormerOwners::MayRemain), "");
        let missing = "these owners to appear: a, c";
        assert_eq!(
            say(&["a", "b", "c"], &["b"], FormerOwners::MustDisappear),
            missing
        );
        let former = "these former owners to disappear: b";
        assert_eq!(
            say(&["a"], &["a", "b"], FormerOwners::MustDisappear),
            former
        );
        let both = "these owners to appear: c; and for these former owners to disappear: b";
        assert_eq!(say(&["c"], &["b"], FormerOwners::MustDisappear), both);
    }

    #[test]
    fn a_timeout_shows_addresses_at_their_attribute() {
        let overrun = DeadlineError {
            awaited: Some("1, a, 2".to_owned()),
            ..DeadlineError::default()
        };
        let error = Error::DeadlinePassed(Box::new(overrun));
        let problem = desired(&["a"]).diagnose_write(error);
        assert_eq!(problem.attribute.to_string(), "owner_emails");
        let cause = &problem.cause;
        assert!(cause.contains("1, a (x@acme), 2"), "{cause}");
    }
}
