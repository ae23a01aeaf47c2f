//! Connectors that users run themselves: ConductorOne gets none of their settings, and issues the credential that they
//! run with.

mod attributes;
mod credentials;
mod environment;
mod mistakes;

use std::marker::PhantomData;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::provider::client::ConductorOne;
use crate::terraform::context::Context;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::resource::{Operation, Plan, Resource};
use crate::terraform::state_migration::StateMover;
use crate::terraform::value::Value;

use super::{
    BATON, ConnectorModel, IDENTITY, KeptSync, Likeness, Session, double, import, name_twins, plan,
    plan_destruction, spare_destruction,
};

pub(crate) use attributes::SelfHostedAttributes;
pub(crate) use environment::Variable;
use environment::environment_of;

/// What makes a type of self-hosted connector: its attributes, which take in
/// [`ConnectorAttributes`](super::ConnectorAttributes) and [`SelfHostedAttributes`], and this.
pub(crate) trait SelfHostedModel:
    ConnectorModel + AsRef<SelfHostedAttributes> + AsMut<SelfHostedAttributes>
{
    /// The full type name of the resource.
    const TYPE_NAME: &'static str;
    /// Which objects of other types can become one of this.
    const MOVES: &'static [StateMover] = &[];
    /// What a connector is called where the user gives it no name.
    const DISPLAY_NAME: &'static str;
    /// Which resource is the right one for a connector that ConductorOne hosts, as a clause for an error.
    const OTHER: &'static str;

    /// The environment variables that the connector process reads its settings from.
    fn variables(&self) -> Vec<Variable>;

    /// What is wrong between its own attributes of a configuration, in which anything may be unknown.
    fn mistakes(&self) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// What else there is to say about a creation, or a change from `prior`.
    fn mistakes_of_change(&self, _prior: Option<&Self>) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// The attributes that every self-hosted connector has.
    fn self_hosted(&self) -> &SelfHostedAttributes {
        self.as_ref()
    }

    /// The same, to be changed.
    fn self_hosted_mut(&mut self) -> &mut SelfHostedAttributes {
        self.as_mut()
    }
}

/// The resource of a type of self-hosted connector.
#[derive(Debug, Default)]
pub(crate) struct SelfHosted<M>(PhantomData<fn() -> M>);

/// What is kept beside the state.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Kept {
    /// When the credential was looked at, by ConductorOne's clock and in RFC 3339. A plan reads this and no clock: Terraform
    /// plans again while it applies, and must find the same.
    looked_at: Option<String>,
    #[serde(flatten)]
    sync: KeptSync,
}

impl Kept {
    fn looked_at(&self) -> Option<Timestamp> {
        self.looked_at.as_deref()?.parse().ok()
    }

    /// Notes that the credential in `state` was looked at. A look that finds nothing else than the one before leaves no
    /// trace: Terraform would count it as a change outside of Terraform.
    fn look(&mut self, state: &SelfHostedAttributes, now: Timestamp) {
        let before = self.looked_at();
        if before.is_none_or(|before| state.term(before) != state.term(now)) {
            self.looked_at = Some(now.to_string());
        }
    }
}

impl AsRef<KeptSync> for Kept {
    fn as_ref(&self) -> &KeptSync {
        &self.sync
    }
}

impl AsMut<KeptSync> for Kept {
    fn as_mut(&mut self) -> &mut KeptSync {
        &mut self.sync
    }
}

impl<M: SelfHostedModel> Resource for SelfHosted<M> {
    type Model = M;
    type Client = ConductorOne;
    type Private = Kept;

    const TYPE_NAME: &'static str = M::TYPE_NAME;
    const IDENTITY: &'static [&'static str] = IDENTITY;
    const MOVES: &'static [StateMover] = M::MOVES;

    fn validate(&self, config: &M, diagnostics: &mut Diagnostics) {
        diagnostics.extend(config.connector().mistakes());
        diagnostics.extend(config.mistakes());
    }

    async fn plan(&self, change: &mut Plan<Self>) {
        plan(change).await;
        let planned = &mut change.planned;
        let connector = planned.connector_mut();
        if connector.catalog_id.is_unknown() {
            connector.catalog_id = Value::Known(BATON.id.to_owned());
        }
        let unnamed = change.config.connector().display_name.is_null();
        if connector.display_name.is_unknown() && unnamed {
            connector.display_name = Value::Known(M::DISPLAY_NAME.to_owned());
        }
        let looked_at = change.private.looked_at();
        let prior = change.prior.as_ref().map(M::self_hosted);
        planned.self_hosted_mut().plan_credential(prior, looked_at);
        planned.self_hosted_mut().environment = environment_of(planned);
        if let Some(prior) = prior {
            let doubt = prior.credential_in_doubt(looked_at);
            change.diagnostics.extend(doubt);
        }
        let said = change.planned.mistakes_of_change(change.prior.as_ref());
        change.diagnostics.extend(said);
        name_twins(change, BATON, None).await;
        spare_destruction(change);
    }

    fn record_in_state(&self, client: &ConductorOne, state: &M) {
        client.ledger.claim(state.connector().ids().1);
    }

    fn diagnose_in_state(&self, client: &ConductorOne, state: &M) -> Option<Diagnostic> {
        double(client, state.connector())
    }

    async fn create(&self, operation: &mut Operation<Self>, planned: &M) -> Result<M, Diagnostics> {
        let session = Session::for_creation(operation.context());
        let likeness = Likeness {
            entry: BATON,
            connector: planned.connector(),
            site: None,
        };
        let created = session.create(operation, &likeness, None).await?;
        let mut state = planned.clone();
        state.connector_mut().observe(created.connector());
        operation.save(state.clone());
        credentials::issue(&session, operation, &mut state).await?;
        let now = session.api().server_time();
        operation.private.look(state.self_hosted(), now);
        session
            .finish_creation(operation, state, &created, planned.connector())
            .await
    }

    async fn read(
        &self,
        operation: &mut Operation<Self>,
        state: &M,
    ) -> Result<Option<M>, Diagnostics> {
        let session = Session::on(operation.context(), state.connector());
        session.note_import(operation, state.connector());
        let own = state.self_hosted();
        let mut said = Diagnostics::default();
        let (read, current, previous) = tokio::join!(
            session.read(state.connector(), &mut said),
            credentials::find(&session, state, &own.credential_id),
            credentials::find(&session, state, &own.previous_credential_id),
        );
        let Some((found, connector)) = read? else {
            return Ok(None);
        };
        said.into_iter().for_each(|said| operation.warn(said));
        if found.catalog_id != BATON.id {
            return Err(mistakes::not_self_hosted(&found, M::OTHER).into());
        }
        let mut state = state.clone();
        *state.connector_mut() = connector;
        state
            .self_hosted_mut()
            .observe_credentials(current?, previous?);
        operation.private.sync.observe(&found);
        let now = session.api().server_time();
        operation.private.look(state.self_hosted(), now);
        Ok(Some(state))
    }

    async fn update(
        &self,
        operation: &mut Operation<Self>,
        prior: &M,
        planned: &M,
    ) -> Result<M, Diagnostics> {
        let session = Session::on(operation.context(), prior.connector());
        let wanted = planned.self_hosted();
        let mut state = planned.clone();
        *state.connector_mut() = prior.connector().clone();
        *state.self_hosted_mut() = wanted.with_credentials_of(prior.self_hosted());
        state.self_hosted_mut().environment = environment_of(&state);
        if wanted.credential_id.is_unknown() {
            let version = wanted.credential_version;
            credentials::rotate(&session, operation, &mut state, version).await?;
        }
        if wanted.previous_credential_id.is_null() {
            credentials::revoke_previous(&session, operation, &mut state).await?;
        }
        let now = session.api().server_time();
        operation.private.look(state.self_hosted(), now);
        session
            .finish_update(operation, state, planned.connector())
            .await
    }

    async fn plan_destruction(
        &self,
        context: Option<&Context<ConductorOne>>,
        state: &M,
    ) -> Diagnostics {
        plan_destruction(context, state.connector());
        Diagnostics::default()
    }

    async fn delete(&self, operation: &mut Operation<Self>, state: &M) -> Result<(), Diagnostics> {
        let session = Session::on(operation.context(), state.connector());
        credentials::revoke_all(&session, state).await?;
        session.delete(state.connector()).await
    }

    fn import(&self, id: &str) -> Result<M, Diagnostics> {
        let mut state = M::default();
        *state.connector_mut() = import(id)?;
        Ok(state)
    }
}
