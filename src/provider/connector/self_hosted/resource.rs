//! The resource of any type of self-hosted connector.

use std::marker::PhantomData;

use crate::conductorone::Connector;
use crate::provider::connector::catalog::BATON;
use crate::provider::connector::connector_resource::ConnectorResource;
use crate::provider::connector::import::{IDENTITY, parse_import_id};
use crate::provider::connector::lifecycle;
use crate::provider::connector::login::{check_before_use, check_login_in_plan};
use crate::provider::connector::plan::{
    allow_destroy, check_references, diagnose_duplicate, find_similar, plan_connector,
    record_destruction, record_in_state,
};
use crate::provider::connector::similar::Identification;
use crate::provider::create_once;
use crate::provider::provider_data::ProviderData;
use crate::provider::session::Session;
use crate::terraform::context::Context;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::resource::{Operation, Plan, Resource};
use crate::terraform::state_migration::StateMover;
use crate::terraform::value::Value;

use super::credentials;
use super::environment::build_environment;
use super::login::login_to_check;
use super::model::SelfHostedModel;
use super::private_state::SelfHostedPrivateState;
use super::state_movers::STATE_MOVERS;
use super::validate::diagnose_hosted;

/// The resource of a type of self-hosted connector.
#[derive(Debug, Default)]
pub(crate) struct SelfHostedResource<M>(PhantomData<fn() -> M>);

impl<M: SelfHostedModel> ConnectorResource for SelfHostedResource<M> {
    fn supports(connector: &Connector) -> bool {
        connector.catalog_id == BATON.id
    }
}

impl<M: SelfHostedModel> Resource for SelfHostedResource<M> {
    type Model = M;
    type Client = ProviderData;
    type Private = SelfHostedPrivateState;

    const TYPE_NAME: &'static str = M::TYPE_NAME;
    const IDENTITY: &'static [&'static str] = IDENTITY;
    const MOVES: &'static [StateMover] = STATE_MOVERS;

    fn validate(&self, config: &M, diagnostics: &mut Diagnostics) {
        config.connector().validate(diagnostics);
        config.validate(diagnostics);
    }

    async fn plan(&self, plan: &mut Plan<Self>) {
        plan_connector(plan);
        let (planned, prior) = (&mut plan.planned, plan.prior.as_ref());
        let diagnostics = &mut plan.diagnostics;
        let connector = planned.connector_mut();
        if connector.catalog_id.is_unknown() {
            connector.catalog_id = Value::Known(BATON.id.to_owned());
        }
        connector.plan_name(plan.config.connector(), M::DISPLAY_NAME);
        let looked_at = plan.private.looked_at();
        let credentials = prior.map(M::self_hosted);
        let own = planned.self_hosted_mut();
        own.plan_credential(credentials, looked_at);
        planned.self_hosted_mut().environment = build_environment(planned);
        if let Some(credentials) = credentials {
            diagnostics.extend(credentials.diagnose_credential(looked_at));
        }
        planned.validate_change(prior, diagnostics);
        let login = login_to_check(planned, prior);
        // All at once, because each of these sends requests.
        let ((owner_ids, references), login, similar) = tokio::join!(
            check_references(plan),
            check_login_in_plan(plan.context.as_ref(), login.as_ref()),
            find_similar(plan, BATON, None),
        );
        plan.planned.connector_mut().owner_ids = owner_ids;
        for found in [references, login.into(), similar] {
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
        let own = state.self_hosted();
        let mut warnings = Diagnostics::default();
        let listed = lifecycle::find_in_list(&session, operation, state.connector());
        let (read, current, previous) = tokio::join!(
            lifecycle::read(&session, state.connector(), listed, &mut warnings),
            credentials::find(&session, state, &own.credential_id),
            credentials::find(&session, state, &own.previous_credential_id),
        );
        let Some((found, connector)) = read? else {
            return Ok(None);
        };
        operation.warn(warnings);
        if found.catalog_id != BATON.id {
            return Err(diagnose_hosted(&found, M::OTHER).into());
        }
        let mut state = state.clone();
        *state.connector_mut() = connector;
        state
            .self_hosted_mut()
            .observe_credentials(current?, previous?);
        operation.private.sync.record_read(&found);
        let now = session.api().server_time();
        operation.private.record_read(state.self_hosted(), now);
        Ok(Some(state))
    }

    async fn update(
        &self,
        operation: &mut Operation<Self>,
        prior: &M,
        planned: &M,
    ) -> Result<M, Diagnostics> {
        let session = lifecycle::start_session(operation, prior.connector()).await;
        let login = login_to_check(planned, Some(prior));
        check_before_use(&session, operation, login.as_ref()).await?;
        let wanted = planned.self_hosted();
        let mut state = planned.clone();
        *state.connector_mut() = prior.connector().clone();
        *state.self_hosted_mut() = wanted.with_credentials_of(prior.self_hosted());
        state.self_hosted_mut().environment = build_environment(&state);
        if wanted.credential_id.is_unknown() {
            let version = wanted.credential_version;
            credentials::rotate(&session, operation, &mut state, version).await?;
        }
        if wanted.previous_credential_id.is_null() {
            credentials::revoke_previous(&session, operation, &mut state).await?;
        }
        let now = session.api().server_time();
        operation.private.record_read(state.self_hosted(), now);
        lifecycle::complete_update(&session, operation, state, planned.connector()).await
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
        credentials::revoke_all(&session, state).await?;
        lifecycle::delete(&session, state.connector()).await
    }

    fn import(&self, id: &str) -> Result<M, Diagnostics> {
        let mut state = M::default();
        *state.connector_mut() = parse_import_id(id)?;
        Ok(state)
    }
}

/// Creates the connector, issues its credential and completes it.
async fn create<M: SelfHostedModel>(
    session: &Session,
    operation: &mut Operation<SelfHostedResource<M>>,
    planned: &M,
) -> Result<M, Diagnostics> {
    let login = login_to_check(planned, None);
    check_before_use(session, operation, login.as_ref()).await?;
    let identification = Identification {
        entry: BATON,
        connector: planned.connector(),
        site: None,
    };
    let new = lifecycle::create(session, operation, &identification, None).await?;
    let mut state = planned.clone();
    state.connector_mut().observe(new.connector());
    operation.save(state.clone());
    credentials::issue(session, operation, &mut state).await?;
    let now = session.api().server_time();
    operation.private.record_read(state.self_hosted(), now);
    lifecycle::complete_creation(session, operation, state, new, planned.connector()).await
}
