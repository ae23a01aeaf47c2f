//! Owners of connectors and apps. Reads may show writes late.

use serde::Serialize;

use crate::input::AppEntitlementRef;
use crate::problem::{Problem, Result};
use crate::time::Time;

/// An owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Owner {
    /// A user, by id.
    User(String),
    /// All users with an entitlement.
    Entitlement {
        /// The app of the entitlement.
        app_id: String,
        /// The entitlement.
        id: String,
    },
}

/// An owner in a role.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnerRow {
    /// The owner.
    pub owner: Owner,
    /// The role.
    pub role_slug: String,
    /// When the owner was added.
    pub created_at: Time,
    /// The time from which reads show the row.
    pub visible_from: Time,
    /// The time from which reads no longer show the row, if the owner was removed.
    pub hidden_from: Option<Time>,
}

/// The owners of one object.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Owners(Vec<OwnerRow>);

/// The rows that a write replaces.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scope<'a> {
    /// All rows of users, whatever their role.
    Users,
    /// All rows of this role.
    Role(&'a str),
}

impl From<AppEntitlementRef> for Owner {
    fn from(entitlement: AppEntitlementRef) -> Self {
        Self::Entitlement {
            app_id: entitlement.app_id,
            id: entitlement.id,
        }
    }
}

impl Scope<'_> {
    fn contains(self, row: &OwnerRow) -> bool {
        match self {
            Self::Users => matches!(row.owner, Owner::User(_)),
            Self::Role(slug) => row.role_slug == slug,
        }
    }
}

impl Owners {
    /// Returns the last written rows, whether visible or not.
    fn accepted(&self) -> impl Iterator<Item = &OwnerRow> {
        self.0.iter().filter(|row| row.hidden_from.is_none())
    }

    /// Returns the last written owners who are users, without duplicates.
    pub fn user_ids(&self) -> Vec<String> {
        let mut ids = Vec::new();
        for row in self.accepted() {
            if let Owner::User(id) = &row.owner
                && !ids.contains(id)
            {
                ids.push(id.clone());
            }
        }
        ids
    }

    /// Returns the visible rows. An empty slug matches every role.
    pub(crate) fn visible(&self, role_slug: &str) -> Vec<&OwnerRow> {
        let now = Time::now();
        let shown = |row: &&OwnerRow| {
            row.visible_from <= now && row.hidden_from.is_none_or(|hidden| hidden > now)
        };
        let of_role = |row: &&OwnerRow| role_slug.is_empty() || row.role_slug == role_slug;
        self.0.iter().filter(shown).filter(of_role).collect()
    }

    /// Replaces the owners in `scope` with `owners` in the role `slug`.
    pub(crate) fn replace(
        &mut self,
        scope: Scope<'_>,
        slug: &str,
        owners: &[Owner],
        delay_ms: u64,
    ) {
        let hidden_from = Time::now().after_ms(delay_ms);
        let leaving = |row: &&mut OwnerRow| {
            row.hidden_from.is_none() && scope.contains(row) && !owners.contains(&row.owner)
        };
        for row in self.0.iter_mut().filter(leaving) {
            row.hidden_from = Some(hidden_from);
        }
        let added = owners.iter().filter(|owner| {
            !self
                .accepted()
                .any(|row| scope.contains(row) && row.owner == **owner)
        });
        for owner in added.cloned().collect::<Vec<_>>() {
            self.add(slug, owner, delay_ms);
        }
    }

    /// Adds an owner unless it exists. Reads show it after the delay.
    pub fn add(&mut self, slug: &str, owner: Owner, delay_ms: u64) -> OwnerRow {
        let existing = self
            .accepted()
            .find(|row| row.owner == owner && row.role_slug == slug);
        if let Some(row) = existing {
            return row.clone();
        }
        let now = Time::now();
        let row = OwnerRow {
            owner,
            role_slug: slug.to_owned(),
            created_at: now,
            visible_from: now.after_ms(delay_ms),
            hidden_from: None,
        };
        self.0.push(row.clone());
        row
    }
}

/// Owners from user ids.
pub(crate) fn users(ids: &[String]) -> Vec<Owner> {
    ids.iter().cloned().map(Owner::User).collect()
}

/// Refuses an invalid role slug.
pub(crate) fn check_role_slug(slug: &str) -> Result<()> {
    let allowed = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-'
    };
    if slug.is_empty() || !slug.bytes().all(allowed) {
        return Err(Problem::invalid(format!("invalid role slug {slug:?}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(id: &str) -> Owner {
        Owner::User(id.to_owned())
    }

    #[test]
    fn a_write_shows_after_its_delay() {
        let mut owners = Owners::default();
        owners.add("owner", owner("a"), 0);
        owners.replace(Scope::Users, "owner", &[owner("b")], 60_000);
        let seen: Vec<_> = owners
            .visible("owner")
            .into_iter()
            .map(|row| row.owner.clone())
            .collect();
        assert_eq!(seen, [owner("a")]);
        assert_eq!(owners.user_ids(), ["b"]);
    }

    #[test]
    fn a_replacement_touches_its_scope_only() {
        let mut owners = Owners::default();
        owners.add("owner", owner("a"), 0);
        owners.add("reviewer", owner("a"), 0);
        owners.replace(Scope::Role("owner"), "owner", &[owner("b")], 0);
        assert_eq!(owners.user_ids(), ["a", "b"]);
    }
}
