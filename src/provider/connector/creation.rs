//! Creating a connector exactly once, although the API has no idempotency keys.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::conductorone::{
    Client, Connector, ConnectorConfig, Error, NewConnector, NewDelegatedConnector,
};
use crate::provider::client::ConductorOne;
use crate::provider::problems::{connectors as problems, import_command};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

use super::{CatalogEntry, ConnectorAttributes, Session, import_id};

/// Time to look for a connector whose creation was not answered, also after an interrupt.
const SEARCH_LIMIT: Duration = Duration::from_secs(30);

/// The description of a connector that is being created. The last step of a creation replaces it, once Terraform has
/// saved the state, so that a connector that was left half-way can be told from all others.
pub(crate) const UNFINISHED: &str = "Being created by Terraform";

/// A connector that now belongs to a resource.
#[derive(Debug)]
pub(crate) enum Created {
    /// Made by this creation.
    Anew(Connector),
    /// A run that was interrupted before it could save its state had created it.
    Adopted(Connector),
}

impl Created {
    /// The connector, however it came about.
    pub(crate) fn connector(&self) -> &Connector {
        let (Self::Anew(connector) | Self::Adopted(connector)) = self;
        connector
    }
}

/// Creates a connector: configured where there is a configuration, else delegated, which asks the owners for it by mail.
///
/// Two things can have made it already. An earlier run that was killed may have left it behind, so the app is looked at
/// before anything is created. And where no conclusive answer comes, it may exist all the same, so the app is looked at
/// again, and the connector is taken if there is exactly one that this creation can have made.
pub(super) async fn create(
    session: &Session,
    type_name: &str,
    entry: CatalogEntry,
    wanted: &ConnectorAttributes,
    config: Option<ConnectorConfig>,
) -> Result<Created, Diagnostics> {
    let ledger = &session.conductorone.ledger;
    let (app_id, _) = wanted.ids();
    let request = Request::new(entry, wanted, config);
    let before = ledger.before(&session.api, app_id).await?;
    if let Some(connector) = left_behind(session, &request, app_id, &before).await? {
        return Ok(Created::Adopted(connector));
    }
    let error = match request.send(&session.api, app_id).await {
        Ok(connector) => {
            ledger.claim(&connector.id);
            return Ok(Created::Anew(connector));
        }
        Err(error) if error.is_ambiguous() => error,
        Err(error) => return Err(error.into()),
    };
    let left_s = SEARCH_LIMIT.as_secs();
    tracing::info!(%error, left_s, "the creation was not answered: looking for the connector");
    let unhurried = session
        .api
        .within(CancellationToken::new(), Instant::now() + SEARCH_LIMIT);
    let found = unhurried.list_connectors(app_id).await;
    let mut candidates = found.map_err(|_| unclear(&error, app_id, type_name, &[]))?;
    let existed = |connector: &Connector| before.iter().any(|other| other.id == connector.id);
    candidates.retain(|connector| {
        request.may_have_made(connector)
            && !existed(connector)
            && !ledger.has_claimed(&connector.id)
    });
    match candidates.as_slice() {
        [] => Err(problems::not_created(&error).into()),
        [connector] if ledger.claim(&connector.id) => Ok(Created::Anew(connector.clone())),
        several => Err(unclear(&error, app_id, type_name, several).into()),
    }
}

/// The connector that a killed run has left behind. Of several that look the same, any one will do, but none that this
/// process has created.
async fn left_behind(
    session: &Session,
    request: &Request,
    app_id: &str,
    before: &[Connector],
) -> Result<Option<Connector>, Error> {
    let ConductorOne {
        ledger, unsaved, ..
    } = session.conductorone.as_ref();
    let mut unfinished = before
        .iter()
        .filter(|connector| request.may_have_made(connector) && !unsaved.contains(&connector.id));
    match unfinished.find(|connector| ledger.claim(&connector.id)) {
        // The list was read a while ago: the connector may have been deleted since.
        Some(connector) => session.api.get_connector(app_id, &connector.id).await,
        None => Ok(None),
    }
}

enum Request {
    Configured(NewConnector),
    Delegated(NewDelegatedConnector),
}

impl Request {
    fn new(
        entry: CatalogEntry,
        wanted: &ConnectorAttributes,
        config: Option<ConnectorConfig>,
    ) -> Self {
        let catalog_id = entry.id.to_owned();
        let description = Some(UNFINISHED.to_owned());
        let user_ids = wanted.owner_ids().unwrap_or_default();
        match config {
            Some(config) => Self::Configured(NewConnector {
                catalog_id,
                description,
                user_ids,
                config,
            }),
            None => Self::Delegated(NewDelegatedConnector {
                catalog_id,
                display_name: wanted
                    .display_name
                    .known()
                    .map_or(entry.display_name, String::as_str)
                    .to_owned(),
                description,
                user_ids,
            }),
        }
    }

    async fn send(&self, api: &Client, app_id: &str) -> Result<Connector, Error> {
        match self {
            Self::Configured(new) => api.create_connector(app_id, new).await,
            Self::Delegated(new) => api.create_delegated_connector(app_id, new).await,
        }
    }

    /// Whether a connector is unfinished and looks like what was asked for.
    fn may_have_made(&self, connector: &Connector) -> bool {
        connector.description == UNFINISHED
            && match self {
                Self::Configured(new) => {
                    connector.catalog_id == new.catalog_id && has_settings(connector, &new.config)
                }
                Self::Delegated(new) => {
                    connector.catalog_id == new.catalog_id
                        && connector.display_name == new.display_name
                }
            }
    }
}

/// Whether a connector has these settings. Secrets are never shown, so they say nothing.
fn has_settings(connector: &Connector, config: &ConnectorConfig) -> bool {
    config.0.keys().all(|key| {
        let asked = config.plain(key);
        asked.is_none() || asked == connector.config.plain(key)
    })
}

/// The error for a creation that nobody can decide about but the user.
fn unclear(error: &Error, app_id: &str, type_name: &str, candidates: &[Connector]) -> Diagnostic {
    if candidates.is_empty() {
        return problems::maybe_created(error);
    }
    let command = |connector: &Connector| {
        let id = import_id(app_id, &connector.id);
        format!("  {}", import_command(type_name, &id))
    };
    let commands: Vec<_> = candidates.iter().map(command).collect();
    problems::one_of_several_created(&commands.join("\n"), error)
}
