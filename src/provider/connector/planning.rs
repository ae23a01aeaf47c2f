//! What is the same in the plans of all connectors.

use crate::provider::client::ConductorOne;
use crate::provider::problems::connectors as problems;
use crate::terraform::context::Context;
use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::resource::{Plan, Resource};

use super::sync::KeptSync;
use super::{CatalogEntry, Checks, ConnectorAttributes, ConnectorModel, Double, Likeness, Site};

/// Plans the attributes that every connector has, and checks what they refer to.
pub(crate) async fn plan<R>(plan: &mut Plan<R>)
where
    R: Resource<Client = ConductorOne>,
    R::Model: ConnectorModel,
    R::Private: AsRef<KeptSync>,
{
    let prior = plan.prior.as_ref().map(|prior| prior.connector().clone());
    let planned = plan.planned.connector_mut();
    planned.plan(prior.as_ref(), plan.config.connector());
    if let Some(prior) = &prior {
        let kept = plan.private.as_ref();
        let removal = kept.plan_removal(prior, planned, plan.config.connector());
        plan.diagnostics.extend(removal);
    }
    if let Some(checks) = Checks::of(plan.context.as_ref()) {
        let said = &mut plan.diagnostics;
        checks.references(prior.as_ref(), planned, said).await;
    }
}

/// Notes that a connector is going to be destroyed in this run.
pub(crate) fn plan_destruction(
    context: Option<&Context<ConductorOne>>,
    state: &ConnectorAttributes,
) {
    if let Some(context) = context {
        let (_, id) = state.ids();
        context.client().ledger.doom(id);
    }
}

/// What there is to say where another resource is the same connector.
pub(crate) fn double(client: &ConductorOne, state: &ConnectorAttributes) -> Option<Diagnostic> {
    let (_, id) = state.ids();
    let double = client.ledger.plan(id)?;
    let name = state.display_name.known().map_or("", String::as_str);
    Some(match double {
        Double::Stored => problems::stored_twice(id, name),
        Double::Imported => problems::imported_twice(id, name),
    })
}

/// Names the connectors like the one to be created that no resource of this run holds.
pub(crate) async fn name_twins<R>(plan: &mut Plan<R>, entry: CatalogEntry, site: Option<Site>)
where
    R: Resource<Client = ConductorOne>,
    R::Model: ConnectorModel,
{
    if plan.prior.is_none()
        && let Some(checks) = Checks::of(plan.context.as_ref())
    {
        let connector = plan.planned.connector();
        let likeness = Likeness {
            entry,
            connector,
            site,
        };
        let said = &mut plan.diagnostics;
        checks.twins(R::TYPE_NAME, &likeness, said).await;
    }
}

/// Lets mistakes of a plan pass as warnings, where the state's connector was found to be gone in the same run.
///
/// `terraform destroy` begins with such a plan, which offers to create what is gone, and must not fail for the reason that
/// made it go, such as an app that was deleted. Where the creation is meant, apply says the same as an error.
pub(crate) fn spare_destruction<R>(plan: &mut Plan<R>)
where
    R: Resource<Client = ConductorOne>,
    R::Model: ConnectorModel,
{
    let (app_id, _) = plan.planned.connector().ids();
    let lost = |context: &Context<ConductorOne>| context.client().ledger.has_lost_in(app_id);
    if plan.prior.is_none() && plan.context.as_ref().is_some_and(lost) {
        plan.diagnostics = std::mem::take(&mut plan.diagnostics).into_warnings();
    }
}
