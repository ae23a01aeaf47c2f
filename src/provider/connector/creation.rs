//! Creating a connector exactly once, although the API has no idempotency keys.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::conductorone::{
    Client, Connector, ConnectorConfig, Error, NewConnector, NewDelegatedConnector,
};
use crate::provider::problems::{commands, connectors as problems, import_command};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

use super::{BATON, CatalogEntry, ConnectorAttributes, Session, import_id, leftovers};

/// Time to look for a connector whose creation was not answered, also after an interrupt.
const SEARCH_LIMIT: Duration = Duration::from_secs(30);

/// A connector that now belongs to a resource.
#[derive(Debug)]
pub(crate) enum Created {
    /// Made by this creation.
    Anew(Connector),
    /// The same, after the connector with this ID was deleted: a run that was interrupted had created it, and nobody
    /// knows the credential that it may have.
    InPlaceOf(String, Connector),
    /// A run that was interrupted before it could save its state had created it.
    Adopted(Connector),
}

impl Created {
    /// The connector, however it came about.
    pub(crate) fn connector(&self) -> &Connector {
        let (Self::Anew(connector) | Self::InPlaceOf(_, connector) | Self::Adopted(connector)) =
            self;
        connector
    }
}

/// Creates a connector: configured where there is a configuration, else delegated, which sends the owners an email.
///
/// Two things can have made it already. An earlier run that was killed may have left it behind, so the app is looked at
/// before anything is created. Such a connector is adopted, or deleted if it is self-hosted. And where no conclusive
/// answer comes, the connector may exist all the same, so the app is looked at again, and the connector is taken if there
/// is exactly one that this creation can have made.
pub(super) async fn create(
    session: &Session,
    type_name: &str,
    entry: CatalogEntry,
    wanted: &ConnectorAttributes,
    config: Option<ConnectorConfig>,
) -> Result<Created, Diagnostics> {
    let ledger = &session.conductorone.ledger;
    let (app_id, _) = wanted.ids();
    let request = Request::new(session, entry, wanted, config);
    let before = ledger.before(&session.api, app_id).await?;
    let left = leftovers::find(session, type_name, &request, app_id, &before);
    let mut deleted = None;
    if let Some(connector) = left.await? {
        if request.is_kept() {
            return Ok(Created::Adopted(connector));
        }
        session.api.delete_connector(app_id, &connector.id).await?;
        deleted = Some(connector.id);
    }
    let made = |connector: Connector| match deleted {
        Some(id) => Created::InPlaceOf(id, connector),
        None => Created::Anew(connector),
    };
    let error = match request.send(&session.api, app_id).await {
        Ok(connector) => {
            ledger.claim(&connector.id);
            return Ok(made(connector));
        }
        Err(error) if error.is_ambiguous() => error,
        Err(error) => return Err(error.into()),
    };
    let left_s = SEARCH_LIMIT.as_secs();
    tracing::info!(%error, left_s, "the creation was not answered: looking for the connector");
    let unhurried = session
        .api
        .within(CancellationToken::new(), Instant::now() + SEARCH_LIMIT);
    let existed = move |id: &str| before.iter().any(|other| other.id == id);
    let new = move |connector: Connector| {
        (request.has_made(&connector) && !existed(&connector.id)).then_some(connector)
    };
    let found = unhurried.find_connectors(app_id, new).await;
    let mut candidates = found.map_err(|_| unclear(&error, app_id, type_name, &[]))?;
    candidates.retain(|connector| !ledger.has_claimed(&connector.id));
    match candidates.as_slice() {
        [] => Err(problems::not_created(&error).into()),
        [connector] if ledger.claim(&connector.id) => Ok(made(connector.clone())),
        several => Err(unclear(&error, app_id, type_name, several).into()),
    }
}

/// The request that creates a connector. It gives the connector the mark of this run as its description. The last step of
/// a creation replaces the mark, once Terraform has saved the state, so that a connector that was left half-way can be
/// told from all others.
pub(super) enum Request {
    Configured(NewConnector),
    Delegated(NewDelegatedConnector),
}

impl Request {
    fn new(
        session: &Session,
        entry: CatalogEntry,
        wanted: &ConnectorAttributes,
        config: Option<ConnectorConfig>,
    ) -> Self {
        let catalog_id = entry.id.to_owned();
        let description = Some(session.conductorone.mark().description());
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

    /// Whether what a run that has ended left behind is adopted. A self-hosted connector may have a credential that
    /// nobody knows, so it is not.
    pub(super) fn is_kept(&self) -> bool {
        self.catalog_id() != BATON.id
    }

    /// Whether a connector looks like what was asked for, whoever made it.
    pub(super) fn fits(&self, connector: &Connector) -> bool {
        connector.catalog_id == self.catalog_id()
            && match self {
                Self::Configured(new) => has_settings(connector, &new.config),
                Self::Delegated(new) => connector.display_name == new.display_name,
            }
    }

    /// Whether this request, or another one of this run, may have made a connector.
    fn has_made(&self, connector: &Connector) -> bool {
        let (Self::Configured(NewConnector { description, .. })
        | Self::Delegated(NewDelegatedConnector { description, .. })) = self;
        description.as_ref() == Some(&connector.description) && self.fits(connector)
    }

    fn catalog_id(&self) -> &str {
        let (Self::Configured(NewConnector { catalog_id, .. })
        | Self::Delegated(NewDelegatedConnector { catalog_id, .. })) = self;
        catalog_id
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
        import_command(type_name, &id)
    };
    problems::one_of_several_created(&commands(candidates.iter().map(command)), error)
}
