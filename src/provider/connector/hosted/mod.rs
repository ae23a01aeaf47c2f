//! Connectors that ConductorOne hosts: it stores their settings and a secret, and runs them.

mod configuration;
mod mistakes;
mod setting;

use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use crate::conductorone::Connector;
use crate::provider::client::ConductorOne;
use crate::terraform::context::Context;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::resource::{Operation, Plan, Resource};
use crate::terraform::schema::AttributeFlag::Optional;
use crate::terraform::state_migration::StateMover;
use crate::terraform::value::{Value, model};

use super::{
    CatalogEntry, Checks, ConnectorModel, IDENTITY, KeptSync, Likeness, Session, Site,
    StoredSettings, double, import, name_twins, plan, plan_destruction, spare_destruction,
};
use configuration::Configuration;

pub(crate) use setting::{Attribute, SecretSetting, Setting, attribute};

model! {
    /// Attributes of every hosted connector.
    pub(crate) struct HostedAttributes {
        /// Whether a creation with settings, and every change of them, waits until the connector has synced with them. If
        /// the sync fails, the connector's own error is shown. Default: `false`.
        #[schemars(extend("x-terraform" = [Optional]))]
        wait_for_sync: bool,
    }
}

/// What makes a type of hosted connector: its attributes, which take in
/// [`ConnectorAttributes`](super::ConnectorAttributes) and [`HostedAttributes`], and this.
pub(crate) trait HostedModel: ConnectorModel + AsRef<HostedAttributes> {
    /// The full type name of the resource.
    const TYPE_NAME: &'static str;
    /// Which objects of other types can become one of this.
    const MOVES: &'static [StateMover] = &[];
    /// What it reads, such as `Confluence Cloud`.
    const PRODUCT: &'static str;
    /// Which resource is the right one for another connector, as a clause for an error.
    const OTHER: &'static str;

    /// The catalog entry that it is made from.
    fn entry(&self) -> CatalogEntry;

    /// Its settings, those that it must have first.
    fn settings(&self) -> Vec<Setting<Self>>;

    /// The secret that goes with them.
    fn secret(&self) -> SecretSetting<Self>;

    /// Whether [`entry`](Self::entry) is decided: what it depends on may be unknown.
    fn entry_is_known(&self) -> bool {
        true
    }

    /// Takes over which catalog entry a connector was made from. False where it is of another type.
    fn observe_entry(&mut self, id: &str) -> bool {
        self.entry().id == id
    }

    /// What is wrong between its own attributes of a configuration, in which anything may be unknown.
    fn mistakes(&self) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// What else there is to say about a creation, or a change from `prior`.
    fn mistakes_of_change(&self, _prior: Option<&Self>) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// The attributes that every hosted connector has.
    fn hosted(&self) -> &HostedAttributes {
        self.as_ref()
    }
}

/// The resource of a type of hosted connector.
#[derive(Debug, Default)]
pub(crate) struct Hosted<M>(PhantomData<fn() -> M>);

/// What is kept beside the state.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Kept {
    /// When the settings were last changed by Terraform, or first seen: a later time means that the secret, which
    /// ConductorOne never shows, may be another one.
    config_updated_at: Option<String>,
    /// When somebody else has changed the settings, until Terraform writes them again.
    changed_at: Option<String>,
    /// Whether Terraform has sent the secret that ConductorOne stores. The state does not tell where it is write-only and
    /// has no version.
    secret_sent: bool,
    #[serde(flatten)]
    sync: KeptSync,
}

impl Kept {
    /// Notes that Terraform has written the settings, with the secret.
    fn write(&mut self, connector: &Connector) {
        self.settle(connector);
        self.secret_sent = true;
    }

    /// Notes that the settings are as Terraform knows them.
    fn settle(&mut self, connector: &Connector) {
        self.config_updated_at
            .clone_from(&connector.config_updated_at);
        self.changed_at = None;
    }

    /// Notes that Terraform has no secret to write any more.
    fn drop_secret(&mut self) {
        self.changed_at = None;
        self.secret_sent = false;
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

impl<M: HostedModel> Resource for Hosted<M> {
    type Model = M;
    type Client = ConductorOne;
    type Private = Kept;

    const TYPE_NAME: &'static str = M::TYPE_NAME;
    const IDENTITY: &'static [&'static str] = IDENTITY;
    const MOVES: &'static [StateMover] = M::MOVES;

    fn validate(&self, config: &M, diagnostics: &mut Diagnostics) {
        diagnostics.extend(config.connector().mistakes());
        diagnostics.extend(mistakes::of(config));
    }

    async fn plan(&self, change: &mut Plan<Self>) {
        plan(change).await;
        let planned = &mut change.planned;
        let entry = planned.entry();
        if planned.connector().catalog_id.is_unknown() && planned.entry_is_known() {
            planned.connector_mut().catalog_id = Value::Known(entry.id.to_owned());
        }
        let (planned, config, prior) = (&change.planned, &change.config, change.prior.as_ref());
        let said = &mut change.diagnostics;
        said.extend(mistakes::of_change(planned, prior, config));
        said.extend(mistakes::of_doubt(planned, prior, config, &change.private));
        if planned.stores_settings(prior, config)
            && planned.entry_is_known()
            && let Some(checks) = Checks::of(change.context.as_ref())
        {
            let settings = planned.expected_config(config);
            let attribute = |key: &str| planned.attribute_of(key, config);
            checks.settings(entry, &settings, attribute, said).await;
        }
        let planned = &change.planned;
        let site = planned.site();
        if planned.entry_is_known() && !site.is_unknown() {
            let entry = planned.entry();
            name_twins(change, entry, site.into_known()).await;
        }
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
        let config = planned.first_config(operation.config().unwrap_or(planned))?;
        let likeness = Likeness {
            entry: planned.entry(),
            connector: planned.connector(),
            site: planned.site().into_known(),
        };
        let settings_sent = config.is_some();
        let created = session.create(operation, &likeness, config).await?;
        operation.private.settle(created.connector());
        operation.private.secret_sent = settings_sent;
        let mut state = planned.clone();
        state.connector_mut().observe(created.connector());
        let state = session
            .finish_creation(operation, state, &created, planned.connector())
            .await?;
        // Nothing is missing where a sync fails, and an error would make Terraform replace the connector.
        if let Err(said) = until_synced(&session, operation, &state, settings_sent).await {
            said.into_iter().for_each(|said| operation.warn(said));
        }
        Ok(state)
    }

    async fn read(
        &self,
        operation: &mut Operation<Self>,
        state: &M,
    ) -> Result<Option<M>, Diagnostics> {
        let session = Session::on(operation.context(), state.connector());
        session.note_import(operation, state.connector());
        let mut said = Diagnostics::default();
        let Some((found, connector)) = session.read(state.connector(), &mut said).await? else {
            return Ok(None);
        };
        said.into_iter().for_each(|said| operation.warn(said));
        let mut state = state.clone();
        if !state.observe_entry(&found.catalog_id) {
            return Err(mistakes::of_another_type::<M>(&found).into());
        }
        *state.connector_mut() = connector;
        state.observe_settings(&found.config, operation.imported());
        state.observe_secret(&found, &mut operation.private);
        operation.private.sync.observe(&found);
        Ok(Some(state))
    }

    async fn update(
        &self,
        operation: &mut Operation<Self>,
        prior: &M,
        planned: &M,
    ) -> Result<M, Diagnostics> {
        let session = Session::on(operation.context(), prior.connector());
        let config = operation.config().unwrap_or(planned);
        let settings_sent = planned.differs_in_settings(prior, config);
        if settings_sent {
            let (app_id, id) = prior.connector().ids();
            let stored = session.existing(prior.connector()).await?.config;
            let config = planned.changed_config(prior, stored, config)?;
            let updated = session
                .api()
                .update_connector_config(app_id, id, &config)
                .await?;
            operation.private.write(&updated);
        } else if planned.lacks_secret(operation.config().unwrap_or(planned)) {
            operation.private.drop_secret();
        }
        let mut state = planned.clone();
        *state.connector_mut() = prior.connector().clone();
        let state = session
            .finish_update(operation, state, planned.connector())
            .await?;
        until_synced(&session, operation, &state, settings_sent).await?;
        Ok(state)
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
        Session::on(operation.context(), state.connector())
            .delete(state.connector())
            .await
    }

    fn import(&self, id: &str) -> Result<M, Diagnostics> {
        let mut state = M::default();
        *state.connector_mut() = import(id)?;
        Ok(state)
    }
}

/// Waits for a sync with the settings, if they were sent, a sync is wanted and there can be one: a paused connector has
/// none.
async fn until_synced<M: HostedModel>(
    session: &Session,
    operation: &mut Operation<Hosted<M>>,
    state: &M,
    settings_sent: bool,
) -> Result<(), Diagnostics> {
    let wanted = state.hosted().wait_for_sync == Value::Known(true);
    let paused = state.connector().sync_enabled() == Some(false);
    if !settings_sent || !wanted || paused {
        return Ok(());
    }
    operation.save(state.clone());
    let at = operation.private.config_updated_at.clone();
    let secret = state.secret();
    let is_write_only = (operation.config()).is_some_and(|it| !(secret.passing.get)(it).is_null());
    let settings = StoredSettings {
        ids: state.connector().ids(),
        at: at.as_deref(),
        write_only: is_write_only.then_some([secret.passing.name, secret.version.name]),
    };
    session.until_synced(operation, settings).await
}
