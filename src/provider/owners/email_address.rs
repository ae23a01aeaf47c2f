//! Which user an email address identifies.

use crate::conductorone::User;
use crate::provider::message_values::list;
use crate::terraform::diagnostics::Diagnostic;

use super::messages;

/// The reason why an email address does not identify a single user.
#[derive(Debug)]
pub(crate) enum NoSingleUser {
    /// No user has the address, or the credential's user may not see email addresses.
    NotFound,
    /// Several users have the address, and none of them is enabled.
    NoneEnabled(Vec<User>),
    /// Several enabled users have the address.
    SeveralEnabled(Vec<User>),
}

/// Selects the user that an email address identifies: the only user who has it, or the only one who is not disabled. A merge of
/// directories leaves disabled users behind.
pub(crate) fn select_user(mut holders: Vec<User>) -> Result<User, NoSingleUser> {
    if holders.len() > 1 {
        let mut enabled = holders.iter().filter(|user| !user.is_disabled());
        match (enabled.next(), enabled.next()) {
            (Some(only), None) => return Ok(only.clone()),
            (None, _) => return Err(NoSingleUser::NoneEnabled(holders)),
            (Some(_), Some(_)) => return Err(NoSingleUser::SeveralEnabled(holders)),
        }
    }
    holders.pop().ok_or(NoSingleUser::NotFound)
}

/// The attribute of an email address and its alternative.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EmailAttribute {
    /// The attribute for the address.
    pub(crate) attribute: &'static str,
    /// The attribute for an ID.
    pub(crate) id_attribute: &'static str,
}

impl NoSingleUser {
    /// Returns the error with a list of the users. `None` if no user has the address.
    pub(crate) fn diagnose(&self, email: &str, place: EmailAttribute) -> Option<Diagnostic> {
        let EmailAttribute {
            attribute,
            id_attribute,
        } = place;
        match self {
            Self::NotFound => None,
            Self::NoneEnabled(users) => {
                let users = list_users(users);
                let problem = messages::none_enabled(email, attribute, id_attribute, &users);
                Some(problem)
            }
            Self::SeveralEnabled(users) => {
                let users = list_users(users);
                let problem = messages::several_with_email(email, attribute, id_attribute, &users);
                Some(problem)
            }
        }
    }
}

fn list_users(users: &[User]) -> String {
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
            select_user(users.collect()).map(|user| user.id).ok()
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
        let place = EmailAttribute {
            attribute: "email",
            id_attribute: "id",
        };
        let users = vec![
            user("b", UserStatus::Disabled),
            user("a", UserStatus::Enabled),
        ];
        let list = "- a (\"A\", ENABLED)\n- b (\"B\", DISABLED)";
        for unclear in [
            NoSingleUser::SeveralEnabled(users.clone()),
            NoSingleUser::NoneEnabled(users),
        ] {
            let problem = unclear.diagnose("a@b", place);
            let message = problem.and_then(|problem| problem.server_message);
            assert_eq!(message.as_deref(), Some(list));
        }
        assert!(NoSingleUser::NotFound.diagnose("a@b", place).is_none());
    }
}
