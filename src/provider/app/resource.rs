//! The resource `confluence_app`.

use crate::conductorone::{Connector, NewApp};
use crate::provider::app::messages;
use crate::provider::create_once;
use crate::provider::owners::{DesiredOwners, Owned, OwnerChecks, resolve, resolve_changed};
use crate::provider::plan_checks::PlanChecks;
use crate::provider::polling::poll_until_found;
use crate::provider::provider_data::ProviderData;
use crate::provider::session::Session;
use crate::terraform::context::Context;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::resource::{Operation, Plan, Resource};
use crate::terraform::value::{Set, Value};

use super::annotations::StampedAnnotations;
use super::attributes::AppModel;
use super::create::AppCreation;
use super::owners::{observe_owners, replace_owners, set_first_owners};
use super::private_state::AppPrivateState;
use super::promote::{check_promoted, promote};
use super::similar::{find_similar, report_leftovers};
use super::update::update_app;
use super::validate::{diagnose_deleted_connectors, diagnose_duplicate, validate};

/// The resource `confluence_app`.
#[derive(Debug)]
pub(crate) struct AppResource;

impl Resource for AppResource {
    type Model = AppModel;
    type Client = ProviderData;
    type Private = AppPrivateState;

    const TYPE_NAME: &'static str = "confluence_app";
    const IDENTITY: &'static [&'static str] = &["id"];

    fn validate(&self, config: &AppModel, diagnostics: &mut Diagnostics) {
        validate(config, diagnostics);
    }

    async fn plan(&self, plan: &mut Plan<Self>) {
        if let Some(context) = &plan.context {
            let stamped = StampedAnnotations::new(&context.client().automation);
            let crowded = stamped.diagnose_size(&plan.planned.annotations());
            plan.diagnostics.extend(crowded);
        }
        // An import does not tell from which app it was promoted. The update checks that it was this one.
        if plan
            .prior
            .as_ref()
            .is_some_and(|prior| prior.unmanaged_app.is_null())
        {
            plan.in_place.push("unmanaged_app");
        }
        plan.planned.plan_description(&plan.config);
        let checks = PlanChecks::new(plan.context.as_ref());
        // Both at once, because each of these sends requests.
        let ((owner_ids, owners), similar) = tokio::join!(
            check_owners(plan, checks.as_ref()),
            check_similar(plan, checks.as_ref()),
        );
        plan.planned.owner_ids = owner_ids;
        plan.diagnostics.append(owners);
        plan.diagnostics.append(similar);
    }

    async fn plan_destruction(
        &self,
        context: Option<&Context<ProviderData>>,
        state: &AppModel,
    ) -> Diagnostics {
        let Some(context) = context.filter(|context| context.client().plan_checks) else {
            return Diagnostics::default();
        };
        let session = Session::new(context);
        let named = |connector: Connector| {
            Some(Connector {
                id: connector.id,
                display_name: connector.display_name,
                ..Connector::default()
            })
        };
        match session.api().find_connectors(state.id(), named).await {
            Ok(connectors) => {
                let connectors = context.client().claims.surviving(connectors).await;
                diagnose_deleted_connectors(state, &connectors).into()
            }
            Err(error) => {
                tracing::debug!(%error, "could not read the connectors of the app to delete");
                Diagnostics::default()
            }
        }
    }

    fn record_in_state(&self, provider: &ProviderData, state: &AppModel) {
        provider.claims.claim(state.id());
    }

    fn diagnose_in_state(&self, provider: &ProviderData, state: &AppModel) -> Option<Diagnostic> {
        diagnose_duplicate(provider, state)
    }

    async fn create(
        &self,
        operation: &mut Operation<Self>,
        planned: &AppModel,
    ) -> Result<AppModel, Diagnostics> {
        let session = Session::for_creation(operation.context());
        let created = create(&session, operation, planned).await;
        create_once::end(session, operation).await;
        created
    }

    async fn read(
        &self,
        operation: &mut Operation<Self>,
        state: &AppModel,
    ) -> Result<Option<AppModel>, Diagnostics> {
        let session = Session::for_existing(operation.context(), state.id());
        if operation.imported() {
            session.claims().record_import(state.id());
        }
        // Concurrent requests halve the time.
        let (found, owner_ids) = tokio::join!(
            session.api().get_app(state.id()),
            session.api().list_app_owners(state.id()),
        );
        let Some(app) = found? else {
            return Ok(None);
        };
        let mut state = state.clone();
        state.observe(&app);
        state.observe_annotations(&app, operation.imported());
        let mut warnings = Diagnostics::default();
        let owners = owner_ids?.into_iter().collect();
        observe_owners(&session, &mut state, owners, &mut warnings).await?;
        operation.warn(warnings);
        operation.private = AppPrivateState::from_app(&app);
        Ok(Some(state))
    }

    async fn update(
        &self,
        operation: &mut Operation<Self>,
        prior: &AppModel,
        planned: &AppModel,
    ) -> Result<AppModel, Diagnostics> {
        let session = Session::for_existing(operation.context(), prior.id());
        if let Some(unmanaged) = planned.unmanaged_app.known()
            && prior.unmanaged_app.is_null()
        {
            check_promoted(&session, &unmanaged.discovered(), prior.id()).await?;
        }
        let mut state = prior.clone();
        state.unmanaged_app.clone_from(&planned.unmanaged_app);
        state.timeouts.clone_from(&planned.timeouts);
        let app = prior.recorded_app(&operation.private);
        update_app(&session, &app, &mut state, planned, &mut operation.private).await?;
        operation.save(state.clone());
        if let Some(desired) = resolve_changed(&session, state.owners(), planned.owners()).await? {
            let owners = replace_owners(session.api(), prior.id(), &desired).await?;
            state.owner_ids = owners.to_value();
        }
        state.owner_emails.clone_from(&planned.owner_emails);
        Ok(state)
    }

    async fn delete(
        &self,
        operation: &mut Operation<Self>,
        state: &AppModel,
    ) -> Result<(), Diagnostics> {
        let session = Session::for_existing(operation.context(), state.id());
        Ok(session.api().delete_app(state.id()).await?)
    }

    fn import(&self, id: &str) -> Result<AppModel, Diagnostics> {
        let is_other = |c: char| c.is_whitespace() || "/\\?#".contains(c);
        if id.is_empty() || id.contains(is_other) {
            return Err(messages::invalid_import_id(id).into());
        }
        Ok(AppModel {
            id: Value::Known(id.to_owned()),
            ..AppModel::default()
        })
    }
}

/// Checks the owners in a plan, and returns the planned `owner_ids`.
async fn check_owners(
    plan: &Plan<AppResource>,
    checks: Option<&PlanChecks>,
) -> (Value<Set<String>>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let owners = OwnerChecks {
        owned: Owned::App,
        checks,
        prior: plan.prior.as_ref().map(AppModel::owners),
        planned: plan.planned.owners(),
        config: plan.config.owners(),
    };
    let owner_ids = owners.run(&mut diagnostics).await;
    (owner_ids, diagnostics)
}

/// Returns a warning for each app with the name of a new one.
async fn check_similar(plan: &Plan<AppResource>, checks: Option<&PlanChecks>) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    if plan.prior.is_none()
        && plan.planned.unmanaged_app.is_null()
        && let Some(name) = plan.planned.display_name.known()
        && let Some(checks) = checks
    {
        let request = find_similar(checks.session(), AppResource::TYPE_NAME, name);
        let similar = checks.ask(request, &mut diagnostics).await;
        diagnostics.append(similar.unwrap_or_default());
    }
    diagnostics
}

/// Creates or promotes the app, and sets its owners and its other attributes.
async fn create(
    session: &Session,
    operation: &mut Operation<AppResource>,
    planned: &AppModel,
) -> Result<AppModel, Diagnostics> {
    report_leftovers(session, AppResource::TYPE_NAME);
    let owners = resolve(session, planned.owners()).await?;
    let owners = owners.as_ref();
    let (mut state, owners_sent) = create_or_promote(operation, session, planned, owners).await?;
    operation.save(state.clone());
    operation.ready();
    // The app must show, so that no refresh considers it deleted.
    let get = || session.api().get_app(state.id());
    let app = poll_until_found(session.api(), "the app to appear", get).await?;
    session.lookups().know_app(app.clone());
    state.observe(&app);
    operation.private = AppPrivateState::from_app(&app);
    operation.save(state.clone());
    let owners = set_first_owners(session.api(), &app.id, owners, owners_sent).await?;
    state.owner_ids = owners.to_value();
    operation.save(state.clone());
    // This removes the mark of an unfinished app, so it is the last step.
    state.annotations = Value::Null;
    update_app(session, &app, &mut state, planned, &mut operation.private).await?;
    Ok(state)
}

/// Creates or promotes an app, and returns whether the request contained the planned owners.
async fn create_or_promote(
    operation: &mut Operation<AppResource>,
    session: &Session,
    planned: &AppModel,
    owners: Option<&DesiredOwners>,
) -> Result<(AppModel, bool), Diagnostics> {
    let type_name = AppResource::TYPE_NAME;
    let mut state = planned.clone();
    let owners = owners.map(DesiredOwners::to_ids).unwrap_or_default();
    if let Some(unmanaged) = planned.unmanaged_app.known() {
        let discovered = unmanaged.discovered();
        let id = promote(session, type_name, &discovered, &owners).await?;
        session.claims().claim(&id);
        state.id = Value::Known(id);
        return Ok((state, true));
    }
    // If plans are checked, the plan has reported similar apps. Terraform plans again during apply.
    if !session.provider().plan_checks
        && let Some(name) = planned.display_name.known()
    {
        operation.warn(find_similar(session, type_name, name).await?);
    }
    let new = NewApp {
        display_name: planned.display_name.known().cloned().unwrap_or_default(),
        description: planned.description.known().cloned(),
        annotations: planned.annotations(),
        owners,
    };
    let creation = AppCreation::new(session, type_name, new);
    let created = create_once::create(session, &creation).await?;
    let app = created.object();
    session.lookups().know_app(app.clone());
    if !created.is_new() {
        operation.warn(messages::adopted(&app.id));
    }
    state.observe(app);
    operation.private = AppPrivateState::from_app(app);
    Ok((state, created.is_new()))
}
