//! The owners in a plan: checks with ConductorOne, and the IDs of the users with the planned addresses.

use crate::conductorone::{Error, Role, User};
use crate::provider::api_errors;
use crate::provider::plan_checks::PlanChecks;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::{Set, Value};

use super::attributes::OwnerAttributes;
use super::current::describe_user;
use super::desired::diagnose_email;
use super::email_address::select_user;
use super::messages;
use super::roles::manages_connectors;

/// What the users own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owned {
    /// An app.
    App,
    /// A connector, whose owners require a role.
    Connector,
}

impl Owned {
    fn name(self) -> &'static str {
        match self {
            Self::App => "an app",
            Self::Connector => "a connector",
        }
    }
}

/// The check of the owners in a plan.
#[derive(Debug)]
pub(crate) struct OwnerChecks<'a> {
    /// What the users own.
    pub(crate) owned: Owned,
    /// `None` if the plan is not checked.
    pub(crate) checks: Option<&'a PlanChecks>,
    /// The owners in the prior state. `None` for a creation.
    pub(crate) prior: Option<OwnerAttributes<'a>>,
    /// The planned owners.
    pub(crate) planned: OwnerAttributes<'a>,
    /// The owners in the configuration.
    pub(crate) config: OwnerAttributes<'a>,
}

impl OwnerChecks<'_> {
    /// Checks the planned owners if they are new, and returns the planned `owner_ids`. With new email addresses, these are the IDs
    /// of the users who were found, or unknown.
    pub(crate) async fn run(&self, diagnostics: &mut Diagnostics) -> Value<Set<String>> {
        let prior = self.prior.unwrap_or(OwnerAttributes::NONE);
        let planned = self.planned;
        // Without addresses, the IDs count, also if they replace addresses. With configured IDs, the addresses are unknown and
        // turn out to be null, and Terraform requires the configured IDs in the plan.
        if planned.emails.is_null() || !self.config.ids.is_null() {
            if planned.ids != prior.ids {
                self.check_ids(diagnostics).await;
            }
            return planned.ids.clone();
        }
        if planned.emails == prior.emails {
            return planned.ids.clone();
        }
        let found = self.find_ids(diagnostics).await;
        found.map_or(Value::Unknown, Value::Known)
    }

    async fn check_ids(&self, diagnostics: &mut Diagnostics) {
        let (Some(checks), Some(ids)) = (self.checks, self.planned.ids.known()) else {
            return;
        };
        let ids: Vec<String> = ids.known().cloned().collect();
        let session = checks.session();
        let request = session.lookups().users(session.api(), &ids);
        let Some(users) = checks.ask(request, diagnostics).await else {
            return;
        };
        for id in ids {
            match users.iter().find(|user| user.id == id) {
                Some(user) => self.check_user(checks, user, diagnostics).await,
                None => diagnostics.push(messages::no_such_id(&id)),
            }
        }
    }

    /// Returns the IDs of the users with the planned addresses. `None` if one of them is not known.
    async fn find_ids(&self, diagnostics: &mut Diagnostics) -> Option<Set<String>> {
        let (checks, emails) = (self.checks?, self.planned.emails.known()?);
        let mut ids = Vec::new();
        for email in emails.known() {
            match find_users(checks, email, diagnostics)
                .await
                .map(select_user)
            {
                Some(Ok(user)) => {
                    self.check_user(checks, &user, diagnostics).await;
                    ids.push(user.id);
                }
                Some(Err(reason)) => diagnostics.push(diagnose_email(email, &reason)),
                None => {}
            }
        }
        (ids.len() == emails.len()).then(|| ids.into_iter().collect())
    }

    /// Checks that a user can be an owner.
    async fn check_user(&self, checks: &PlanChecks, user: &User, diagnostics: &mut Diagnostics) {
        let attribute = self.planned.attribute();
        if user.is_disabled() {
            let owned = self.owned.name();
            diagnostics.push(messages::not_enabled(
                &describe_user(user),
                attribute,
                owned,
            ));
        } else if self.owned == Owned::Connector && lacks_role(checks, user, diagnostics).await {
            diagnostics.push(messages::lacks_role(&describe_user(user), attribute));
        }
    }
}

/// Returns the users with an email address. `None` if there is no answer.
async fn find_users(
    checks: &PlanChecks,
    email: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<User>> {
    let session = checks.session();
    let lookups = session.lookups();
    // Terraform plans again during apply, and the IDs in that plan must be the same. So an answer counts even if a later look-up
    // failed, and an interrupt is an error.
    if let Some(users) = lookups.known_users_with_email(email) {
        return Some(users);
    }
    let request = async {
        match lookups.users_with_email(session.api(), email).await {
            Err(interrupt @ Error::Cancelled { .. }) => Ok(Err(interrupt)),
            answer => answer.map(Ok),
        }
    };
    match checks.look_up(request, diagnostics).await? {
        Ok(users) => Some(users),
        Err(interrupt) => {
            diagnostics.push(api_errors::diagnose(&interrupt));
            None
        }
    }
}

/// Returns whether a user is known to have no role that manages connectors.
async fn lacks_role(checks: &PlanChecks, user: &User, diagnostics: &mut Diagnostics) -> bool {
    // If the API shows neither, the credential may not see them.
    if user.role_ids.is_empty() && user.email.is_none() {
        return false;
    }
    let session = checks.session();
    let request = session.lookups().roles(session.api());
    let roles = checks.ask(request, diagnostics).await.unwrap_or_default();
    let mut fitting = roles
        .iter()
        .filter(|role| manages_connectors(role))
        .peekable();
    let has = |role: &Role| user.role_ids.contains(&role.id);
    fitting.peek().is_some() && !fitting.any(has)
}
