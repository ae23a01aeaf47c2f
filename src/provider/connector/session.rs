//! One operation on one connector.

use std::sync::Arc;
use std::time::Duration;

use crate::conductorone::{Client, Connector, ConnectorConfig, DelegatedUpdate};
use crate::provider::client::ConductorOne;
use crate::provider::poll::until_there;
use crate::provider::problems::connectors as problems;
use crate::terraform::context::Context;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::resource::{Operation, Resource};
use crate::terraform::value::Value;

use super::creation::{self, Created};
use super::owners::{self, Owners, Wanted};
use super::sync::KeptSync;
use super::{ConnectorAttributes, ConnectorModel, Creation, Likeness, leftovers, twins};

/// ConductorOne, for the time of one operation.
#[derive(Debug)]
pub(crate) struct Session {
    pub(super) conductorone: Arc<ConductorOne>,
    pub(super) api: Client,
    creation: Option<Creation>,
    /// The longest time that the operation may take.
    pub(super) longest: Option<Duration>,
}

impl Session {
    /// For this operation: it ends when the user interrupts, or when the operation's time is over.
    pub(crate) fn of(context: &Context<ConductorOne>) -> Self {
        let conductorone = Arc::clone(context.client());
        let api = ConductorOne::api(context);
        let longest = api.time_left();
        Self {
            conductorone,
            api,
            creation: None,
            longest,
        }
    }

    /// The same for a creation.
    pub(crate) fn for_creation(context: &Context<ConductorOne>) -> Self {
        let session = Self::of(context);
        let creation = Some(session.conductorone.ledger.creation());
        Self {
            creation,
            ..session
        }
    }

    /// The same for a connector that the state holds, so that no creation takes it over.
    pub(crate) fn on(context: &Context<ConductorOne>, state: &ConnectorAttributes) -> Self {
        let session = Self::of(context);
        let (_, id) = state.ids();
        session.conductorone.ledger.claim(id);
        session
    }

    /// Notes the read for an import, so that the plan finds out whether another resource is the same connector.
    pub(super) fn note_import<R: Resource>(
        &self,
        operation: &Operation<R>,
        state: &ConnectorAttributes,
    ) {
        if operation.imported() {
            let (_, id) = state.ids();
            self.conductorone.ledger.import(id);
        }
    }

    /// The API itself, for what only some connectors do.
    pub(crate) fn api(&self) -> &Client {
        &self.api
    }

    /// Creates the connector: configured where there is a configuration, else delegated. Never twice.
    pub(crate) async fn create<R: Resource>(
        &self,
        operation: &mut Operation<R>,
        likeness: &Likeness<'_>,
        config: Option<ConnectorConfig>,
    ) -> Result<Created, Diagnostics> {
        let wanted = owners::with_ids(self, likeness.connector).await?;
        // Else the plan has told, which Terraform makes again while it applies.
        if !self.conductorone.plan_checks {
            let told = twins::name(self, R::TYPE_NAME, likeness).await?;
            for twin in told {
                operation.warn(twin);
            }
        }
        let entry = likeness.entry;
        let created = creation::create(self, R::TYPE_NAME, entry, &wanted, config).await?;
        match &created {
            Created::Anew(_) => {}
            Created::InPlaceOf(id, _) => operation.warn(problems::made_anew(id)),
            Created::Adopted(connector) => operation.warn(problems::taken_over(&connector.id)),
        }
        Ok(created)
    }

    /// The connector as it is, and what `state` becomes by that; `None` where it is gone. What is wrong outside Terraform is
    /// `said`.
    pub(crate) async fn read(
        &self,
        state: &ConnectorAttributes,
        said: &mut Diagnostics,
    ) -> Result<Option<(Connector, ConnectorAttributes)>, Diagnostics> {
        let (app_id, id) = state.ids();
        // One after the other would take twice as long, which counts in a plan of hundreds.
        let (connector, owners) = tokio::join!(
            self.api.get_connector(app_id, id),
            self.api.list_user_owners(app_id, id),
        );
        let Some(connector) = connector? else {
            self.conductorone.ledger.lose_in(app_id);
            return Ok(None);
        };
        let connector = self.conductorone.unsaved.finished(connector);
        let mut state = state.clone();
        state.observe(&connector);
        let owners = Owners::of(self, owners?, &connector.user_ids);
        self.observe_owners(&mut state, owners, &connector, said)
            .await?;
        Ok(Some((connector, state)))
    }

    /// The connector as it is; an error where it is gone.
    pub(crate) async fn existing(
        &self,
        state: &ConnectorAttributes,
    ) -> Result<Connector, Diagnostics> {
        let (app_id, id) = state.ids();
        let found = self.api.get_connector(app_id, id).await?;
        Ok(found.ok_or_else(|| problems::gone(id))?)
    }

    /// Ends a creation, and names what it found in the app and has not taken.
    pub(crate) async fn finish_creation<R>(
        &self,
        operation: &mut Operation<R>,
        state: R::Model,
        created: &Created,
        wanted: &ConnectorAttributes,
    ) -> Result<R::Model, Diagnostics>
    where
        R: Resource,
        R::Model: ConnectorModel,
        R::Private: AsMut<KeptSync>,
    {
        let ended = self.complete_creation(operation, state, created, wanted);
        let ended = ended.await;
        // Other creations may still take what this one leaves.
        if self.creation.as_ref().is_some_and(Creation::is_last) {
            match leftovers::name(self, R::TYPE_NAME, created.connector()).await {
                Ok(told) => told.into_iter().for_each(|told| operation.warn(told)),
                Err(error) => tracing::debug!(%error, "unfinished connectors are not known"),
            }
        }
        ended
    }

    /// Everything after the connector exists and has what others depend on.
    async fn complete_creation<R>(
        &self,
        operation: &mut Operation<R>,
        mut state: R::Model,
        created: &Created,
        wanted: &ConnectorAttributes,
    ) -> Result<R::Model, Diagnostics>
    where
        R: Resource,
        R::Model: ConnectorModel,
        R::Private: AsMut<KeptSync>,
    {
        operation.save(state.clone());
        operation.ready();
        let wanted = &owners::with_ids(self, wanted).await?;
        self.settle(state.connector_mut(), created, wanted).await?;
        operation.save(state.clone());
        // Not the description: the connector is marked as unfinished until Terraform has saved the state.
        let connector = state.connector_mut();
        let update = DelegatedUpdate {
            display_name: changed(&wanted.display_name, &connector.display_name),
            ..DelegatedUpdate::default()
        };
        self.change(connector, &update).await?;
        let mut state = self.set_sync(operation, state, wanted).await?;
        let connector = state.connector_mut();
        let description = wanted.description.known().cloned().unwrap_or_default();
        let unsaved = &self.conductorone.unsaved;
        unsaved.add(&self.api, connector.ids(), &description);
        connector.description = Value::Known(description);
        Ok(state)
    }

    /// Ends an update: the changes that every connector can have.
    pub(crate) async fn finish_update<R>(
        &self,
        operation: &mut Operation<R>,
        mut state: R::Model,
        wanted: &ConnectorAttributes,
    ) -> Result<R::Model, Diagnostics>
    where
        R: Resource,
        R::Model: ConnectorModel,
        R::Private: AsMut<KeptSync>,
    {
        operation.save(state.clone());
        self.rename(state.connector_mut(), wanted).await?;
        operation.save(state.clone());
        // Whom unchanged addresses mean was decided before.
        let wanted = if wanted.owner_emails == state.connector().owner_emails {
            wanted
        } else {
            &owners::with_ids(self, wanted).await?
        };
        self.replace_owners(state.connector_mut(), wanted).await?;
        state
            .connector_mut()
            .owner_emails
            .clone_from(&wanted.owner_emails);
        self.set_sync(operation, state, wanted).await
    }

    /// Makes the connector sync as `wanted`.
    async fn set_sync<R>(
        &self,
        operation: &mut Operation<R>,
        mut state: R::Model,
        wanted: &ConnectorAttributes,
    ) -> Result<R::Model, Diagnostics>
    where
        R: Resource,
        R::Model: ConnectorModel,
        R::Private: AsMut<KeptSync>,
    {
        operation.save(state.clone());
        self.schedule(state.connector_mut(), wanted).await?;
        operation.save(state.clone());
        self.pause_or_resume(state.connector_mut(), wanted).await?;
        let config = operation.config().map(|config| config.connector().clone());
        operation.private.as_mut().apply(config.as_ref());
        Ok(state)
    }

    /// Changes the display name and the description of `state` to what `wanted` has, where they differ.
    async fn rename(
        &self,
        state: &mut ConnectorAttributes,
        wanted: &ConnectorAttributes,
    ) -> Result<(), Diagnostics> {
        let update = DelegatedUpdate {
            display_name: changed(&wanted.display_name, &state.display_name),
            description: changed(&wanted.description, &state.description),
            user_ids: None,
        };
        self.change(state, &update).await
    }

    async fn change(
        &self,
        state: &mut ConnectorAttributes,
        update: &DelegatedUpdate,
    ) -> Result<(), Diagnostics> {
        if *update != DelegatedUpdate::default() {
            let (app_id, id) = state.ids();
            let updated = self.api.update_delegated_connector(app_id, id, update);
            state.observe(&self.conductorone.unsaved.finished(updated.await?));
        }
        Ok(())
    }

    /// After a creation, which sent the owners: waits until the connector shows, so that no refresh takes it for deleted,
    /// and finds out who owns it. A connector that was taken over may have other owners, which are replaced.
    async fn settle(
        &self,
        state: &mut ConnectorAttributes,
        created: &Created,
        wanted: &ConnectorAttributes,
    ) -> Result<(), Diagnostics> {
        let (app_id, id) = state.ids();
        let chosen = Wanted::of(self, wanted).await;
        let owners = async {
            match (&chosen, created) {
                (Some(chosen), Created::Anew(_) | Created::InPlaceOf(..)) => {
                    owners::until_visible(self, app_id, id, chosen).await
                }
                _ => Ok(Owners::read(self, app_id, id, &created.connector().user_ids).await?),
            }
        };
        let shows = async {
            let look = || self.api.get_connector(app_id, id);
            Ok(until_there(&self.api, "the connector to show", look).await?)
        };
        let (_, owners) = tokio::try_join!(shows, owners)?;
        state.observe_owners(&owners);
        self.replace_owners(state, wanted).await
    }

    /// Changes the owners of `state` to those that `wanted` has, where they differ.
    async fn replace_owners(
        &self,
        state: &mut ConnectorAttributes,
        wanted: &ConnectorAttributes,
    ) -> Result<(), Diagnostics> {
        if wanted.owner_ids != state.owner_ids
            && let Some(chosen) = Wanted::of(self, wanted).await
        {
            let (app_id, id) = state.ids();
            let owners = owners::replace(self, app_id, id, &chosen).await?;
            state.observe_owners(&owners);
        }
        Ok(())
    }

    /// Deletes the connector, if it still exists.
    pub(crate) async fn delete(&self, state: &ConnectorAttributes) -> Result<(), Diagnostics> {
        let (app_id, id) = state.ids();
        self.api.delete_connector(app_id, id).await?;
        self.conductorone.unsaved.remove(id);
        Ok(())
    }
}

/// What `wanted` says, if that is not so already.
fn changed(wanted: &Value<String>, is: &Value<String>) -> Option<String> {
    wanted.known().filter(|_| wanted != is).cloned()
}
