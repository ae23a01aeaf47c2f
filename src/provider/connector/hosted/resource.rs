//! The resource of any type of hosted connector.

use std::marker::PhantomData;

use crate::conductorone::Connector;
use crate::provider::connector::connector_resource::ConnectorResource;
use crate::provider::connector::import::{IDENTITY, parse_import_id};
use crate::provider::connector::lifecycle;
use crate::provider::connector::login::{check_before_use, check_login_in_plan};
use crate::provider::connector::plan::{
    allow_destroy, check_references, diagnose_duplicate, find_similar, plan_connector,
    record_destruction, record_in_state,
};
use crate::provider::connector::similar::Identification;
use crate::provider::connector::sync::{StoredSettings, wait_until_synced};
use crate::provider::create_once;
use crate::provider::plan_checks::PlanChecks;
use crate::provider::provider_data::ProviderData;
use crate::provider::session::Session;
use crate::terraform::context::Context;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::resource::{Operation, Plan, Resource};
use crate::terraform::state_migration::StateMover;
use crate::terraform::value::Value;

use super::catalog_check::check_settings;
use super::login::login_to_check;
use super::model::HostedModel;
use super::private_state::HostedPrivateState;
use super::stored_config::StoredConfig;
use super::validate::{self, diagnose_other_type, validate_change};

/// The resource of a type of hosted connector.
#[derive(Debug, Default)]
pub(crate) struct HostedResource<M>(PhantomData<fn() -> M>);

impl<M: HostedModel> ConnectorResource for HostedResource<M> {
    fn supports(connector: &Connector) -> bool {
        M::default().observe_entry(&connector.catalog_id)
    }
}

impl<M: HostedModel> Resource for HostedResource<M> {
    type Model = M;
    type Client = ProviderData;
    type Private = HostedPrivateState;

    const TYPE_NAME: &'static str = M::TYPE_NAME;
    const IDENTITY: &'static [&'static str] = IDENTITY;
    const MOVES: &'static [StateMover] = M::STATE_MOVERS;

    fn validate(&self, config: &M, diagnostics: &mut Diagnostics) {
        config.connector().validate(diagnostics);
        validate::validate(config, diagnostics);
    }

    async fn plan(&self, plan: &mut Plan<Self>) {
        plan_connector(plan);
        let is_entry_known = plan.planned.is_entry_known();
        let entry = plan.planned.entry();
        let connector = plan.planned.connector_mut();
        if is_entry_known {
            connector.plan_name(plan.config.connector(), entry.display_name);
            if connector.catalog_id.is_unknown() {
                connector.catalog_id = Value::Known(entry.id.to_owned());
            }
        }
        let (planned, config, prior) = (&plan.planned, &plan.config, plan.prior.as_ref());
        let diagnostics = &mut plan.diagnostics;
        validate_change(planned, prior, config, &plan.private, diagnostics);
        let login = login_to_check(planned, prior, config);
        let similar = async {
            match planned.site() {
                site if !is_entry_known || site.is_unknown() => Diagnostics::default(),
                site => find_similar(plan, entry, site.into_known()).await,
            }
        };
        // All at once, because each of these sends requests.
        let ((owner_ids, references), settings, login, similar) = tokio::join!(
            check_references(plan),
            check_planned_settings(plan),
            check_login_in_plan(plan.context.as_ref(), login.as_ref()),
            similar,
        );
        plan.planned.connector_mut().owner_ids = owner_ids;
        for found in [references, settings, login.into(), similar] {
            plan.diagnostics.append(found);
        }
        allow_destroy(plan);
    }

    fn record_in_state(&self, provider: &ProviderData, state: &M) {
        record_in_state(provider, state.connector());
    }

    fn diagnose_in_state(&self, provider: &ProviderData, state: &M) -> Option<Diagnostic> {
        diagnose_duplicate(provider, state.connector())
    }

    async fn create(&self, operation: &mut Operation<Self>, planned: &M) -> Result<M, Diagnostics> {
        let session = Session::for_creation(operation.context());
        let created = create(&session, operation, planned).await;
        create_once::end(session, operation).await;
        created
    }

    async fn read(
        &self,
        operation: &mut Operation<Self>,
        state: &M,
    ) -> Result<Option<M>, Diagnostics> {
        let session = lifecycle::start_session(operation, state.connector()).await;
        let mut warnings = Diagnostics::default();
        let listed = async {
            let found = lifecycle::find_in_list(&session, operation, state.connector()).await;
            found.filter(|found| state.is_confirmed_by(found, &operation.private))
        };
        let read = lifecycle::read(&session, state.connector(), listed, &mut warnings).await?;
        let Some((found, connector)) = read else {
            return Ok(None);
        };
        operation.warn(warnings);
        let mut state = state.clone();
        if !state.observe_entry(&found.catalog_id) {
            return Err(diagnose_other_type::<M>(&found).into());
        }
        *state.connector_mut() = connector;
        state.observe_settings(&found.config, operation.imported());
        state.observe_secret(&found, &mut operation.private);
        operation.private.sync.record_read(&found);
        Ok(Some(state))
    }

    async fn update(
        &self,
        operation: &mut Operation<Self>,
        prior: &M,
        planned: &M,
    ) -> Result<M, Diagnostics> {
        let session = lifecycle::start_session(operation, prior.connector()).await;
        let login = login_to_check(planned, Some(prior), operation.config().unwrap_or(planned));
        check_before_use(&session, operation, login.as_ref()).await?;
        let config = operation.config().unwrap_or(planned);
        let settings_sent = planned.differs_in_settings(prior, config);
        if settings_sent {
            let (app_id, id) = prior.connector().ids();
            let stored = lifecycle::get(&session, prior.connector()).await?.config;
            let config = planned.changed_config(prior, stored, config)?;
            let updated = session.api().update_connector_config(app_id, id, &config);
            operation.private.record_write(&updated.await?);
        } else if planned.lacks_secret(config) {
            operation.private.forget_secret();
        }
        let mut state = planned.clone();
        *state.connector_mut() = prior.connector().clone();
        let state =
            lifecycle::complete_update(&session, operation, state, planned.connector()).await?;
        wait_for_sync(&session, operation, &state, settings_sent).await?;
        Ok(state)
    }

    async fn plan_destruction(
        &self,
        context: Option<&Context<ProviderData>>,
        state: &M,
    ) -> Diagnostics {
        record_destruction(context, state.connector());
        Diagnostics::default()
    }

    async fn delete(&self, operation: &mut Operation<Self>, state: &M) -> Result<(), Diagnostics> {
        let session = lifecycle::start_session(operation, state.connector()).await;
        lifecycle::delete(&session, state.connector()).await
    }

    fn import(&self, id: &str) -> Result<M, Diagnostics> {
        let mut state = M::default();
        *state.connector_mut() = parse_import_id(id)?;
        Ok(state)
    }
}

/// Checks whether new or changed settings satisfy the catalog entry.
async fn check_planned_settings<M: HostedModel>(plan: &Plan<HostedResource<M>>) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    let (planned, config) = (&plan.planned, &plan.config);
    if planned.writes_settings(plan.prior.as_ref(), config)
        && planned.is_entry_known()
        && let Some(checks) = PlanChecks::new(plan.context.as_ref())
    {
        let settings = planned.planned_config(config);
        let attribute = |key: &str| planned.find_attribute(key, config);
        check_settings(
            &checks,
            planned.entry(),
            &settings,
            attribute,
            &mut diagnostics,
        )
        .await;
    }
    diagnostics
}

/// Creates the connector and completes it. The sync that the user wants to wait for comes last.
async fn create<M: HostedModel>(
    session: &Session,
    operation: &mut Operation<HostedResource<M>>,
    planned: &M,
) -> Result<M, Diagnostics> {
    let login = login_to_check(planned, None, operation.config().unwrap_or(planned));
    check_before_use(session, operation, login.as_ref()).await?;
    let config = planned.first_config(operation.config().unwrap_or(planned))?;
    let identification = Identification {
        entry: planned.entry(),
        connector: planned.connector(),
        site: planned.site().into_known(),
    };
    let settings_sent = config.is_some();
    let new = lifecycle::create(session, operation, &identification, config).await?;
    operation.private.record_settings(new.connector());
    operation.private.secret_sent = settings_sent;
    let mut state = planned.clone();
    state.connector_mut().observe(new.connector());
    let state =
        lifecycle::complete_creation(session, operation, state, new, planned.connector()).await?;
    // A failed sync leaves nothing to complete, so it does not count as a failed step of the creation.
    if let Err(failure) = wait_for_sync(session, operation, &state, settings_sent).await {
        operation.warn(failure);
    }
    Ok(state)
}

/// Waits for a sync with new settings if the user wants to wait. A paused connector does not sync.
async fn wait_for_sync<M: HostedModel>(
    session: &Session,
    operation: &mut Operation<HostedResource<M>>,
    state: &M,
    settings_sent: bool,
) -> Result<(), Diagnostics> {
    let is_wanted = state.hosted().wait_for_sync == Value::Known(true);
    let is_paused = state.connector().sync_enabled() == Some(false);
    if !settings_sent || !is_wanted || is_paused {
        return Ok(());
    }
    operation.save(state.clone());
    session.follow_ups_ended(state.connector().ids().1).await;
    let stored_at = operation.private.config_updated_at.clone();
    let secret = M::SECRET;
    let is_write_only =
        (operation.config()).is_some_and(|config| !(secret.write_only.get)(config).is_null());
    let settings = StoredSettings {
        ids: state.connector().ids(),
        at: stored_at.as_deref(),
        write_only: is_write_only.then_some([secret.write_only.name, secret.version.name]),
    };
    wait_until_synced(session, operation, settings).await
}
