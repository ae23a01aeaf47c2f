//! Waiting for a change of owners to show, for apps and for connectors.

use std::collections::{BTreeMap, BTreeSet};

use crate::conductorone::Error;
use crate::provider::api_errors;
use crate::terraform::diagnostics::Diagnostic;

/// The email addresses of users, by their IDs.
pub(crate) type EmailsById = BTreeMap<String, String>;

/// Describes the difference between the desired and the current owners: the owners who do not show yet, and the former owners who
/// still show. `None` if there is no difference.
pub(crate) fn describe_pending(
    wanted: &BTreeSet<&str>,
    found: &BTreeSet<&str>,
    former_owners: FormerOwners,
    names: &EmailsById,
) -> Option<String> {
    let label = |id: &&str| match names.get(*id) {
        Some(email) => format!("{id} ({email})"),
        None => (*id).to_owned(),
    };
    let all = |ids: Vec<&str>| ids.iter().map(label).collect::<Vec<_>>().join(", ");
    let missing: Vec<_> = wanted.difference(found).copied().collect();
    let former: Vec<_> = match former_owners {
        FormerOwners::MustDisappear => found.difference(wanted).copied().collect(),
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

/// Whether a change removes former owners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FormerOwners {
    /// Former owners must disappear.
    MustDisappear,
    /// Former owners may remain for now.
    MayRemain,
}

/// Returns the diagnostic for a failed change of owners. A timeout is at the attribute that names the owners.
pub(crate) fn diagnose_owner_write(error: &Error, attribute: &str) -> Diagnostic {
    let problem = api_errors::diagnose(error);
    match error {
        Error::DeadlinePassed(_) => problem.on(attribute),
        _ => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_names_who_is_missing_and_who_is_too_many() {
        let names = EmailsById::from([("a".to_owned(), "a@acme".to_owned())]);
        let say = |wanted: &[&'static str], found: &[&'static str], former_owners| {
            let set = |ids: &[&'static str]| ids.iter().copied().collect();
            describe_pending(&set(wanted), &set(found), former_owners, &names).unwrap_or_default()
        };
        assert_eq!(say(&["a"], &["a"], FormerOwners::MustDisappear), "");
        assert_eq!(say(&["a"], &["a", "b"], FormerOwners::MayRemain), "");
        let missing = "these owners to appear: a (a@acme), c";
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
}
