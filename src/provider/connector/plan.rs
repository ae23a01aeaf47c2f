//! The parts of a plan that all connectors have in common.

use crate::provider::claims::Duplicate;
use crate::provider::connector::messages;
use crate::provider::owners::{Owned, OwnerChecks};
use crate::provider::plan_checks::PlanChecks;
use crate::provider::provider_data::ProviderData;
use crate::terraform::context::Context;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::resource::Plan;
use crate::terraform::value::{Set, Value};

use super::attributes::{ConnectorAttributes, ConnectorModel};
use super::catalog::CatalogEntry;
use super::connector_resource::ConnectorResource;
use super::similar::{Identification, SiteSetting};

/// Plans the attributes that every connector has.
pub(crate) fn plan_connector<R: ConnectorResource>(plan: &mut Plan<R>) {
    let diagnostics = &mut plan.diagnostics;
    let prior = plan.prior.as_ref().map(ConnectorModel::connector);
    let (planned, config) = (plan.planned.connector_mut(), plan.config.connector());
    planned.plan(config);
    if let Some(prior) = prior {
        let private = plan.private.as_ref();
        private.plan_removal(prior, planned, config, diagnostics);
    }
}

/// Checks in a plan whether the app and new owners of a connector exist. Returns the planned `owner_ids`.
pub(crate) async fn check_references<R: ConnectorResource>(
    plan: &Plan<R>,
) -> (Value<Set<String>>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let checks = PlanChecks::new(plan.context.as_ref());
    let prior = plan.prior.as_ref().map(ConnectorModel::connector);
    let planned = plan.planned.connector();
    if let Some(checks) = &checks
        && prior.is_none_or(|prior| planned.app_id != prior.app_id)
    {
        check_app(checks, &planned.app_id, &mut diagnostics).await;
    }
    let owners = OwnerChecks {
        owned: Owned::Connector,
        checks: checks.as_ref(),
        prior: prior.map(ConnectorAttributes::owners),
        planned: planned.owners(),
        config: plan.config.connector().owners(),
    };
    let owner_ids = owners.run(&mut diagnostics).await;
    (owner_ids, diagnostics)
}

async fn check_app(checks: &PlanChecks, id: &Value<String>, diagnostics: &mut Diagnostics) {
    let Some(id) = id.known() else { return };
    let session = checks.session();
    let request = session.lookups().app(session.api(), id);
    if let Some(None) = checks.ask(request, diagnostics).await {
        diagnostics.push(messages::app_not_found(id));
    }
}

/// Records that the state contains a connector, which this run will probably read.
pub(crate) fn record_in_state(provider: &ProviderData, state: &ConnectorAttributes) {
    let (app_id, id) = state.ids();
    provider.claims.claim(id);
    provider.connector_lists.expect(app_id, id);
}

/// Records that this run plans to destroy a connector.
pub(crate) fn record_destruction(
    context: Option<&Context<ProviderData>>,
    state: &ConnectorAttributes,
) {
    if let Some(context) = context {
        let (_, id) = state.ids();
        context.client().claims.record_destruction(id);
    }
}

/// Returns the diagnostic if another resource manages the same connector.
pub(crate) fn diagnose_duplicate(
    provider: &ProviderData,
    state: &ConnectorAttributes,
) -> Option<Diagnostic> {
    let (_, id) = state.ids();
    let duplicate = provider.claims.record_plan(id)?;
    let name = state.display_name.known().map_or("", String::as_str);
    Some(match duplicate {
        Duplicate::Stored => messages::stored_twice(id, name),
        Duplicate::Imported => messages::imported_twice(id, name),
    })
}

/// Returns a warning for each connector that is similar to a new one and that no resource of this run manages.
pub(crate) async fn find_similar<R: ConnectorResource>(
    plan: &Plan<R>,
    entry: CatalogEntry,
    site: Option<SiteSetting>,
) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    if plan.prior.is_none()
        && let Some(checks) = PlanChecks::new(plan.context.as_ref())
    {
        let identification = Identification {
            entry,
            connector: plan.planned.connector(),
            site,
        };
        let request = identification.find_similar(checks.session(), R::TYPE_NAME);
        let similar = checks.ask(request, &mut diagnostics).await;
        diagnostics.append(similar.unwrap_or_default());
    }
    diagnostics
}

/// Turns the errors of a plan into warnings if a connector of the state was lost in the same run.
///
/// `terraform destroy` starts with such a plan, which creates the lost connector again. The plan must not fail for the reason
/// why the connector was lost, for example because the app was deleted. If the user does want the creation, apply reports the
/// same errors.
pub(crate) fn allow_destroy<R: ConnectorResource>(plan: &mut Plan<R>) {
    let (app_id, _) = plan.planned.connector().ids();
    let has_lost =
        |context: &Context<ProviderData>| context.client().claims.has_lost_connector(app_id);
    if plan.prior.is_none() && plan.context.as_ref().is_some_and(has_lost) {
        plan.diagnostics = std::mem::take(&mut plan.diagnostics).into_warnings();
    }
}
