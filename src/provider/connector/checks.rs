//! What a plan can find out about a connector before anything is changed: whether what it refers to exists, and whether
//! ConductorOne would take its settings.
//!
//! A check that cannot be made is left out: apply would tell. Nothing is asked about what has not changed, and nothing
//! twice in one run.

use std::collections::BTreeMap;

use tokio_util::sync::CancellationToken;

use crate::conductorone::{CatalogSchema, Error, Role, Setting, User, Violation};
use crate::provider::client::ConductorOne;
use crate::provider::diagnostics;
use crate::provider::lookups::Lookups;
use crate::provider::people;
use crate::provider::problems::{connectors, owners, settings};
use crate::terraform::context::Context;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::value::{Set, Value};

use super::owners::unclear;
use super::{CatalogEntry, ConnectorAttributes, Likeness, Session, twins};

/// Names of the roles that let a user look after connectors. Older tenants have other words for the second one, whose
/// internal name is not public.
const ADMINISTRATORS: [&str; 5] = [
    "Super Administrator",
    "Connector Administrator",
    "Connector Admin",
    "Integration Administrator",
    "Integration Admin",
];
/// Settings that one message names.
const MOST_NAMED: usize = 10;
/// The internal name of the role Super Administrator.
const SUPER_ADMINISTRATOR: &str = "system:owner";

/// The checks of one plan.
#[derive(Debug)]
pub(crate) struct Checks(Session);

/// Ends the checks of a whole run once ConductorOne could not be asked, so that hundreds of resources do not each wait
/// for an answer that does not come.
#[derive(Debug, Default)]
pub(crate) struct CheckSwitch(CancellationToken);

impl Checks {
    /// None where `plan_checks` is off, or while the provider's configuration is not known.
    pub(crate) fn of(context: Option<&Context<ConductorOne>>) -> Option<Self> {
        let context = context.filter(|context| context.client().plan_checks)?;
        Some(Self(Session::of(context)))
    }

    /// Checks what every connector refers to, as far as it differs from what exists.
    pub(crate) async fn references(
        &self,
        prior: Option<&ConnectorAttributes>,
        planned: &ConnectorAttributes,
        said: &mut Diagnostics,
    ) {
        let unset = ConnectorAttributes::default();
        let prior = prior.unwrap_or(&unset);
        if planned.app_id != prior.app_id {
            self.app(&planned.app_id, said).await;
        }
        // Where there are no addresses, the IDs count, also if they take the place of addresses.
        if planned.owner_emails.is_null() {
            if planned.owner_ids != prior.owner_ids {
                self.owner_ids(&planned.owner_ids, said).await;
            }
        } else if planned.owner_emails != prior.owner_emails {
            self.owner_emails(&planned.owner_emails, said).await;
        }
    }

    /// Checks settings against the rules that the catalog entry has for them. `attribute` is where the user gives the
    /// setting of a key; none: this provider does not know it.
    pub(crate) async fn settings(
        &self,
        entry: CatalogEntry,
        settings: &BTreeMap<String, Setting>,
        attribute: impl Fn(&str) -> Option<&'static str>,
        said: &mut Diagnostics,
    ) {
        let question = self.lookups().catalog(&self.0.api, entry.id);
        let Some(Some(schema)) = self.ask(question, said).await else {
            return;
        };
        for violation in schema.check(settings).await {
            said.push(refused_by_catalog(&schema, &violation, &attribute));
        }
    }

    /// Names the connectors like the one to be created that no resource of this run holds.
    pub(crate) async fn twins(
        &self,
        type_name: &str,
        likeness: &Likeness<'_>,
        said: &mut Diagnostics,
    ) {
        let question = twins::name(&self.0, type_name, likeness);
        let told = self.ask(question, said).await;
        said.extend(told.into_iter().flatten());
    }

    async fn app(&self, id: &Value<String>, said: &mut Diagnostics) {
        let Some(id) = id.known() else { return };
        let question = self.lookups().app(&self.0.api, id);
        if let Some(None) = self.ask(question, said).await {
            said.push(connectors::app_not_found(id));
        }
    }

    async fn owner_ids(&self, ids: &Value<Set<String>>, said: &mut Diagnostics) {
        let Some(ids) = ids.known() else { return };
        let ids: Vec<String> = ids.known().cloned().collect();
        let question = self.lookups().users(&self.0.api, &ids);
        let Some(users) = self.ask(question, said).await else {
            return;
        };
        for id in ids {
            match users.iter().find(|user| user.id == id) {
                Some(user) => self.owner("owner_ids", user, said).await,
                None => said.push(owners::no_such_id(&id)),
            }
        }
    }

    async fn owner_emails(&self, emails: &Value<Set<String>>, said: &mut Diagnostics) {
        let Some(emails) = emails.known() else { return };
        for email in emails.known() {
            let question = self.lookups().users_with_email(&self.0.api, email);
            match self.ask(question, said).await.map(people::meant) {
                Some(Ok(user)) => self.owner("owner_emails", &user, said).await,
                Some(Err(why)) => said.push(unclear(email, &why)),
                None => {}
            }
        }
    }

    /// Checks that a user can look after a connector.
    async fn owner(&self, attribute: &str, user: &User, said: &mut Diagnostics) {
        if user.is_disabled() {
            said.push(owners::not_enabled(&named(user), attribute));
            return;
        }
        // Where neither is shown, the credential may not see them.
        if user.role_ids.is_empty() && user.email.is_none() {
            return;
        }
        let question = self.lookups().roles(&self.0.api);
        let roles = self.ask(question, said).await.unwrap_or_default();
        let mut fitting = roles.iter().filter(|role| looks_after_connectors(role));
        let has = |role: &Role| user.role_ids.contains(&role.id);
        if fitting.clone().next().is_some() && !fitting.any(has) {
            said.push(owners::lacks_role(&named(user), attribute));
        }
    }

    fn lookups(&self) -> &Lookups {
        &self.0.conductorone.lookups
    }

    /// Asks one thing; `None` where there is no answer.
    pub(crate) async fn ask<T>(
        &self,
        question: impl Future<Output = Result<T, Error>>,
        said: &mut Diagnostics,
    ) -> Option<T> {
        let CheckSwitch(off) = &self.0.conductorone.checks;
        let answer = tokio::select! {
            biased;
            () = off.cancelled() => return None,
            answer = question => answer,
        };
        match answer {
            Ok(answer) => return Some(answer),
            // What the credential may not ask may be in order all the same.
            Err(error) if matches!(error.status(), Some(403 | 404 | 501)) => {
                tracing::debug!(%error, "a check of the plan was left out");
            }
            Err(Error::Cancelled { .. }) => {}
            Err(error) if !off.is_cancelled() => {
                off.cancel();
                said.push(left_out(&error));
            }
            Err(_) => {}
        }
        None
    }
}

fn looks_after_connectors(role: &Role) -> bool {
    role.name == SUPER_ADMINISTRATOR || ADMINISTRATORS.contains(&role.display_name.as_str())
}

fn named(user: &User) -> String {
    let name = user.email.as_deref().unwrap_or(&user.display_name);
    format!("{} ({name})", user.id)
}

fn refused_by_catalog(
    schema: &CatalogSchema,
    violation: &Violation,
    attribute: impl Fn(&str) -> Option<&'static str>,
) -> Diagnostic {
    let label = |key: &String| format!("{:?}", schema.display_name(key).unwrap_or(key));
    let labels: Vec<_> = violation
        .fields
        .iter()
        .take(MOST_NAMED)
        .map(label)
        .collect();
    let (labels, expectation) = (labels.join(", "), &violation.expectation);
    match violation.fields.iter().find_map(|key| attribute(key)) {
        Some(name) => settings::refused_by_catalog(name, &labels, expectation),
        None => settings::unknown_to_provider(&labels, expectation),
    }
}

/// What to say about the first question that got no answer. What will not pass by itself makes the apply fail, too.
fn left_out(error: &Error) -> Diagnostic {
    let failure = diagnostics::api(error);
    if error.is_lasting() {
        return failure;
    }
    connectors::checks_left_out(&failure.summary, &failure.detail())
}
