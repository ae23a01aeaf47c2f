//! Which user an email address means, and which owners a write still lacks.

use std::collections::{BTreeMap, BTreeSet};

use crate::conductorone::{Error, User};
use crate::terraform::diagnostics::Diagnostic;

use super::diagnostics;
use super::problems::{list, owners as problems};

/// The email addresses of users, by their IDs.
pub(super) type Names = BTreeMap<String, String>;

/// Why an email address does not mean one user.
#[derive(Debug)]
pub(super) enum Unclear {
    /// Nobody has it, or the credential's user may not see who does.
    Nobody,
    /// These users have it, and none of them is enabled.
    NobodyEnabled(Vec<User>),
    /// These users have it, and more than one of them is enabled.
    Several(Vec<User>),
}

/// The user whom an email address means, among those who have it: the only one, or the only one who is not disabled. A
/// merge of directories leaves disabled users behind.
pub(super) fn meant(mut holders: Vec<User>) -> Result<User, Unclear> {
    if holders.len() > 1 {
        let mut enabled = holders.iter().filter(|user| !user.is_disabled());
        match (enabled.next(), enabled.next()) {
            (Some(only), None) => return Ok(only.clone()),
            (None, _) => return Err(Unclear::NobodyEnabled(holders)),
            (Some(_), Some(_)) => return Err(Unclear::Several(holders)),
        }
    }
    holders.pop().ok_or(Unclear::Nobody)
}

/// Where an email address is configured, and what to use in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The attribute that holds the address.
    pub(super) attribute: &'static str,
    /// The attribute for an ID.
    pub(super) id_attribute: &'static str,
}

impl Unclear {
    /// The error, which lists who is who. None where nobody has the address.
    pub(super) fn problem(&self, email: &str, place: Place) -> Option<Diagnostic> {
        let Place {
            attribute,
            id_attribute,
        } = place;
        match self {
            Self::Nobody => None,
            Self::NobodyEnabled(users) => {
                let users = who_is_who(users);
                let problem = problems::none_enabled(email, attribute, id_attribute, &users);
                Some(problem)
            }
            Self::Several(users) => {
                let users = who_is_who(users);
                let problem = problems::several_with_email(email, attribute, id_attribute, &users);
                Some(problem)
            }
        }
    }
}

fn who_is_who(users: &[User]) -> String {
    let mut users: Vec<_> = users.iter().collect();
    users.sort_unstable_by_key(|user| (&user.display_name, &user.id));
    let line = |user: &User| {
        let status = if user.deleted_at.is_some() {
            "DELETED"
        } else {
            user.status.name()
        };
        format!("{} ({:?}, {status})", user.id, user.display_name)
    };
    list(users.into_iter().map(line))
}

/// What is awaited until the users who own something are those who are wanted: the owners who do not show yet, and those
/// in `surplus` who still do. None where all is as wanted.
pub(super) fn awaited(
    wanted: &BTreeSet<&str>,
    found: &BTreeSet<&str>,
    surplus: Surplus,
    names: &Names,
) -> Option<String> {
    let label = |id: &&str| match names.get(*id) {
        Some(email) => format!("{id} ({email})"),
        None => (*id).to_owned(),
    };
    let all = |ids: Vec<&str>| ids.iter().map(label).collect::<Vec<_>>().join(", ");
    let missing: Vec<_> = wanted.difference(found).copied().collect();
    let former: Vec<_> = match surplus {
        Surplus::Goes => found.difference(wanted).copied().collect(),
        Surplus::Stays => Vec::new(),
    };
    match (missing.is_empty(), former.is_empty()) {
        (true, true) => None,
        (false, true) => Some(format!("these owners to show: {}", all(missing))),
        (true, false) => Some(format!("these former owners to disappear: {}", all(former))),
        (false, false) => Some(format!(
            "these owners to show: {}; and for these former owners to disappear: {}",
            all(missing),
            all(former)
        )),
    }
}

/// What becomes of owners beyond those who are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Surplus {
    /// They must disappear.
    Goes,
    /// They may stay for now.
    Stays,
}

/// The diagnostic for a failed write of owners: one that takes too long concerns the attribute that names them.
pub(super) fn late(error: &Error, attribute: &str) -> Diagnostic {
    let problem = diagnostics::api(error);
    match error {
        Error::DeadlinePassed(_) => problem.on(attribute),
        _ => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conductorone::UserStatus;

    fn user(id: &str, status: UserStatus) -> User {
        User {
            id: id.to_owned(),
            display_name: id.to_uppercase(),
            status,
            ..User::default()
        }
    }

    #[test]
    fn the_only_user_or_the_only_enabled_one_is_meant() {
        use UserStatus::{Deleted, Disabled, Enabled, Unknown};
        let one = |users: &[(&str, UserStatus)]| {
            let users = users.iter().map(|(id, status)| user(id, status.clone()));
            meant(users.collect()).map(|user| user.id).ok()
        };
        let a = Some("a".to_owned());
        assert_eq!(one(&[]), None);
        assert_eq!(one(&[("a", Disabled)]), a);
        assert_eq!(one(&[("b", Disabled), ("a", Enabled), ("c", Deleted)]), a);
        assert_eq!(one(&[("b", Disabled), ("a", Unknown)]), a);
        assert_eq!(one(&[("a", Enabled), ("b", Enabled)]), None);
        assert_eq!(one(&[("a", Disabled), ("b", Disabled)]), None);
    }

    #[test]
    fn who_is_who_is_listed_with_status() {
        let place = Place {
            attribute: "email",
            id_attribute: "id",
        };
        let users = vec![
            user("b", UserStatus::Disabled),
            user("a", UserStatus::Enabled),
        ];
        let list = "- a (\"A\", ENABLED)\n- b (\"B\", DISABLED)";
        for unclear in [
            Unclear::Several(users.clone()),
            Unclear::NobodyEnabled(users),
        ] {
            let problem = unclear.problem("a@b", place);
            let message = problem.and_then(|problem| problem.server_message);
            assert_eq!(message.as_deref(), Some(list));
        }
        assert!(Unclear::Nobody.problem("a@b", place).is_none());
    }

    #[test]
    fn a_wait_names_who_is_missing_and_who_is_too_many() {
        let names = Names::from([("a".to_owned(), "a@acme".to_owned())]);
        let say = |wanted: &[&'static str], found: &[&'static str], surplus| {
            let set = |ids: &[&'static str]| ids.iter().copied().collect();
            awaited(&set(wanted), &set(found), surplus, &names).unwrap_or_default()
        };
        assert_eq!(say(&["a"], &["a"], Surplus::Goes), "");
        assert_eq!(say(&["a"], &["a", "b"], Surplus::Stays), "");
        let missing = "these owners to show: a (a@acme), c";
        assert_eq!(say(&["a", "b", "c"], &["b"], Surplus::Goes), missing);
        let former = "these former owners to disappear: b";
        assert_eq!(say(&["a"], &["a", "b"], Surplus::Goes), former);
        let both = "these owners to show: c; and for these former owners to disappear: b";
        assert_eq!(say(&["c"], &["b"], Surplus::Goes), both);
    }
}
