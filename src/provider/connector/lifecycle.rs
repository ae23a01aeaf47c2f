//! The operations that all connectors have in common.

use std::sync::Arc;

use crate::conductorone::{Connector, ConnectorConfig, DelegatedUpdate, Error};
use crate::provider::connector::messages;
use crate::provider::create_once::{self, Created, list_leftovers};
use crate::provider::message_values::import_command;
use crate::provider::owners::{DesiredOwners, resolve, resolve_changed};
use crate::provider::session::Session;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::resource::Operation;
use crate::terraform::value::{Set, Value};

use super::attributes::{ConnectorAttributes, ConnectorModel as _};
use super::catalog::{CatalogEntry, resource_type};
use super::connector_resource::ConnectorResource;
use super::create::ConnectorCreation;
use super::existing::list_existing;
use super::first_steps::FirstSteps;
use super::import::import_id;
use super::owners::{self, Owners};
use super::similar::Identification;
use super::sync::{pause_or_resume, schedule};

/// A new or adopted connector.
#[derive(Debug)]
pub(crate) struct CreatedConnector {
    created: Created<Connector>,
    owners: Option<DesiredOwners>,
}

impl CreatedConnector {
    /// Returns the connector as it was created or found.
    pub(crate) fn connector(&self) -> &Connector {
        self.created.object()
    }
}

/// Starts a session for a connector in the state, after its first steps have ended. For an import, the plan then reports whether
/// another resource manages the same connector.
pub(crate) async fn start_session<R: ConnectorResource>(
    operation: &Operation<R>,
    state: &ConnectorAttributes,
) -> Session {
    let (_, id) = state.ids();
    let session = Session::for_existing(operation.context(), id);
    if operation.imported() {
        session.claims().record_import(id);
    }
    session.follow_ups_ended(id).await;
    session
}

/// Creates the connector, with settings if there is a configuration.
pub(crate) async fn create<R: ConnectorResource>(
    session: &Session,
    operation: &mut Operation<R>,
    identification: &Identification<'_>,
    config: Option<ConnectorConfig>,
) -> Result<CreatedConnector, Diagnostics> {
    let Identification {
        entry, connector, ..
    } = identification;
    let owners = resolve(session, connector.owners()).await?;
    // If plans are checked, the plan has reported similar connectors. Terraform plans again during apply.
    if !session.provider().plan_checks {
        operation.warn(identification.find_similar(session, R::TYPE_NAME).await?);
    }
    if let Some(app_id) = connector.app_id.known() {
        report_leftovers(session, R::TYPE_NAME, *entry, app_id);
    }
    let creation = ConnectorCreation::new(
        session,
        R::TYPE_NAME,
        *entry,
        connector,
        owners.as_ref(),
        config.clone(),
    );
    let mut created = create_once::create(session, &creation).await?;
    match &mut created {
        Created::New(_) => {}
        Created::Replacement { deleted_id, .. } => {
            operation.warn(messages::leftover_replaced(deleted_id));
        }
        Created::Adopted(connector) => {
            operation.warn(messages::adopted(&connector.id));
            // The secret may differ, and ConductorOne never returns it.
            if let Some(config) = &config {
                let (api, Connector { app_id, id, .. }) = (session.api(), &*connector);
                *connector = api.update_connector_config(app_id, id, config).await?;
            }
        }
    }
    Ok(CreatedConnector { created, owners })
}

/// Completes a creation after other resources can use the connector. Steps for which no other resource waits may continue in
/// the background.
pub(crate) async fn complete_creation<R: ConnectorResource>(
    session: &Session,
    operation: &mut Operation<R>,
    mut state: R::Model,
    new: CreatedConnector,
    planned: &ConnectorAttributes,
) -> Result<R::Model, Diagnostics> {
    let CreatedConnector { created, owners } = new;
    operation.save(state.clone());
    operation.ready();
    let description = planned.description.known().cloned().unwrap_or_default();
    let pending = &session.provider().pending_descriptions;
    let Connector { app_id, id, .. } = created.object();
    pending.add(session.api(), (app_id, id), &description);
    let completed = async {
        let connector = state.connector_mut();
        take_first_steps(session, connector, &created, owners, planned).await?;
        if !planned.sync.is_unknown() && planned.sync != connector.sync {
            // The connector must show.
            session.follow_ups_ended(id).await;
        }
        set_sync(session, operation, state, planned).await
    };
    // The next apply writes the description together with what failed.
    let mut state = completed.await.inspect_err(|_| pending.remove(id))?;
    state.connector_mut().description = Value::Known(description);
    Ok(state)
}

/// Sets the name and the owners of a new connector. This continues in the background, unless it has to find out who the owners
/// are.
async fn take_first_steps(
    session: &Session,
    state: &mut ConnectorAttributes,
    created: &Created<Connector>,
    owners: Option<DesiredOwners>,
    planned: &ConnectorAttributes,
) -> Result<(), Diagnostics> {
    let (app_id, id) = state.ids();
    let steps = FirstSteps {
        session: session.for_follow_up(),
        app_id: app_id.to_owned(),
        id: id.to_owned(),
        is_new: created.is_new(),
        user_ids: created.object().user_ids.clone(),
        desired: owners,
        display_name: changed(&planned.display_name, &state.display_name),
    };
    if let Some(owner_ids) = steps.known_owners() {
        let pending = Arc::clone(&session.provider().pending_descriptions);
        let new_id = id.to_owned();
        let run = async move {
            let ended = steps.run().await.map(drop);
            ended.inspect_err(|_| pending.remove(&new_id))
        };
        session.provider().follow_ups.start(id, run);
        state.owner_ids = Value::Known(owner_ids.into_iter().collect());
    } else {
        state.owner_ids = steps.run().await?.users.to_value();
    }
    if !planned.display_name.is_unknown() {
        state.display_name.clone_from(&planned.display_name);
    }
    Ok(())
}

/// Lets the last creation report the unfinished connectors in the app. An active creation could still adopt one.
fn report_leftovers(session: &Session, own_type: &'static str, entry: CatalogEntry, app_id: &str) {
    let app = app_id.to_owned();
    session.report_at_end(app_id, async move |session| {
        let existing = list_existing(&session, &app).await?;
        let command = |connector: &Connector| {
            let is_own = connector.catalog_id == entry.id;
            let other = resource_type(&connector.catalog_id).filter(|_| !is_own);
            import_command(other.unwrap_or(own_type), &import_id(&app, &connector.id))
        };
        let lines = list_leftovers(&session, &existing, command).await;
        Ok(lines.map(|lines| messages::left_behind(&app, &lines)))
    });
}

/// Returns the connector from the list of its app if the list shows that it is unchanged. A list may be outdated, or lack
/// connectors and attributes, so nothing else follows from it. An import compares with nothing, so it uses no list.
pub(crate) async fn find_in_list<R: ConnectorResource>(
    session: &Session,
    operation: &Operation<R>,
    state: &ConnectorAttributes,
) -> Option<Connector> {
    if operation.imported() {
        return None;
    }
    let lists = &session.provider().connector_lists;
    let keeps = |connector: &Connector| resource_type(&connector.catalog_id).is_some();
    let listed = lists.find(session.api(), state.ids(), keeps).await?;
    let mut observed = state.clone();
    observed.observe(&listed);
    (observed == *state).then_some(listed)
}

/// Reads the connector, and returns it and the new state. `None` means that it no longer exists. Adds warnings about its owners.
/// If `listed` returns the connector from a list, only its owners are read.
pub(crate) async fn read(
    session: &Session,
    state: &ConnectorAttributes,
    listed: impl Future<Output = Option<Connector>>,
    diagnostics: &mut Diagnostics,
) -> Result<Option<(Connector, ConnectorAttributes)>, Diagnostics> {
    let (app_id, id) = state.ids();
    let get = || session.api().get_connector(app_id, id);
    let connector = async {
        match listed.await {
            Some(listed) => Ok((Some(listed), true)),
            None => get().await.map(|found| (found, false)),
        }
    };
    // Concurrent requests halve the time, which matters in a plan of hundreds of resources.
    let owners = session.api().list_user_owners(app_id, id);
    let (connector, owners) = tokio::join!(connector, owners);
    let (mut connector, is_listed) = connector?;
    // Without the owners API, the owners are an attribute of the connector.
    let shows_owners = |connector: &Connector| {
        let ids: Set<String> = connector.user_ids.iter().cloned().collect();
        state.owner_ids == Value::Known(ids)
    };
    if is_listed && matches!(owners, Ok(None)) && !connector.as_ref().is_some_and(shows_owners) {
        connector = get().await?;
    }
    let Some(connector) = connector else {
        session.claims().record_lost_connector(app_id);
        return Ok(None);
    };
    let connector = session.provider().pending_descriptions.apply_to(connector);
    let mut state = state.clone();
    state.observe(&connector);
    let owners = Owners::from_api(session, owners?, &connector.user_ids);
    owners::observe(session, &mut state, owners, &connector, diagnostics).await?;
    Ok(Some((connector, state)))
}

/// Reads the connector. It is an error if it no longer exists.
pub(crate) async fn get(
    session: &Session,
    state: &ConnectorAttributes,
) -> Result<Connector, Diagnostics> {
    let (app_id, id) = state.ids();
    let found = session.api().get_connector(app_id, id).await?;
    Ok(found.ok_or_else(|| messages::connector_gone(id))?)
}

/// Completes an update with the changes that every connector can have.
pub(crate) async fn complete_update<R: ConnectorResource>(
    session: &Session,
    operation: &mut Operation<R>,
    mut state: R::Model,
    planned: &ConnectorAttributes,
) -> Result<R::Model, Diagnostics> {
    operation.save(state.clone());
    let connector = state.connector_mut();
    let update = DelegatedUpdate {
        display_name: changed(&planned.display_name, &connector.display_name),
        description: changed(&planned.description, &connector.description),
        user_ids: None,
    };
    change(session, connector, &update).await?;
    operation.save(state.clone());
    let connector = state.connector_mut();
    if let Some(desired) = resolve_changed(session, connector.owners(), planned.owners()).await? {
        let (app_id, id) = connector.ids();
        let owners = owners::replace(session, app_id, id, &desired).await?;
        connector.owner_ids = owners.users.to_value();
    }
    connector.owner_emails.clone_from(&planned.owner_emails);
    set_sync(session, operation, state, planned).await
}

/// Schedules, pauses and resumes the connector as planned.
async fn set_sync<R: ConnectorResource>(
    session: &Session,
    operation: &mut Operation<R>,
    mut state: R::Model,
    planned: &ConnectorAttributes,
) -> Result<R::Model, Diagnostics> {
    operation.save(state.clone());
    schedule(session, state.connector_mut(), planned).await?;
    operation.save(state.clone());
    pause_or_resume(session, state.connector_mut(), planned).await?;
    let config = operation.config().map(|config| config.connector().clone());
    operation.private.as_mut().record_applied(config.as_ref());
    Ok(state)
}

async fn change(
    session: &Session,
    state: &mut ConnectorAttributes,
    update: &DelegatedUpdate,
) -> Result<(), Error> {
    if *update != DelegatedUpdate::default() {
        let (app_id, id) = state.ids();
        let updated = session.api().update_delegated_connector(app_id, id, update);
        let updated = updated.await?;
        state.observe(&session.provider().pending_descriptions.apply_to(updated));
    }
    Ok(())
}

/// Deletes the connector if it exists.
pub(crate) async fn delete(
    session: &Session,
    state: &ConnectorAttributes,
) -> Result<(), Diagnostics> {
    let (app_id, id) = state.ids();
    session.api().delete_connector(app_id, id).await?;
    session.provider().pending_descriptions.remove(id);
    Ok(())
}

/// Returns the planned value if it differs from the current one.
fn changed(planned: &Value<String>, current: &Value<String>) -> Option<String> {
    planned.known().filter(|_| planned != current).cloned()
}
