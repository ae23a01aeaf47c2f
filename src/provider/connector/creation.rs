//! Creating a connector exactly once, although the API has no idempotency keys.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::conductorone::{
    Client, Connector, ConnectorConfig, Error, NewConnector, NewDelegatedConnector,
};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

use super::{CatalogEntry, ConnectorAttributes, Session};
use crate::provider::diagnostics;

/// The server's clock may run behind ours.
const CLOCK_SKEW: Duration = Duration::from_mins(2);
/// Time to look for a connector whose creation was not answered, also after an interrupt.
const SEARCH_LIMIT: Duration = Duration::from_secs(30);

/// Creates a connector: configured where there is a configuration, else delegated, which asks the owners for it by mail.
///
/// Where no conclusive answer comes, the connector may exist all the same: it is looked up, and taken if there is
/// exactly one that this creation can have made. It is never created twice.
pub(super) async fn create(
    session: &Session,
    type_name: &str,
    entry: CatalogEntry,
    wanted: &ConnectorAttributes,
    config: Option<ConnectorConfig>,
) -> Result<Connector, Diagnostics> {
    let (app_id, _) = wanted.ids();
    let since = Timestamp::now() - CLOCK_SKEW;
    let request = Request::new(entry, wanted, config);
    let error = match request.send(&session.api, app_id).await {
        Ok(connector) => {
            session.conductorone.claim(&connector.id);
            return Ok(connector);
        }
        Err(error) if error.is_ambiguous() => error,
        Err(error) => return Err(error.into()),
    };
    tracing::info!(%error, "the creation was not answered: looking for the connector");
    let unhurried = session
        .api
        .within(CancellationToken::new(), Instant::now() + SEARCH_LIMIT);
    let found = unhurried.list_connectors(app_id).await;
    let mut candidates = found.map_err(|_| unclear(&error, app_id, type_name, &[]))?;
    candidates.retain(|connector| request.may_have_made(connector, since));
    candidates.retain(|connector| !session.conductorone.has_claimed(&connector.id));
    match candidates.as_slice() {
        [] => Err(unanswered(&error)),
        [connector] if session.conductorone.claim(&connector.id) => Ok(connector.clone()),
        several => Err(unclear(&error, app_id, type_name, several)),
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
        let description = wanted.description.known().cloned();
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

    /// Whether a connector looks like what was asked for, and is not older than that.
    fn may_have_made(&self, connector: &Connector, since: Timestamp) -> bool {
        let created = connector
            .created_at
            .as_deref()
            .and_then(|text| text.parse::<Timestamp>().ok());
        created.is_some_and(|created| created >= since)
            && match self {
                Self::Configured(new) => {
                    let plain =
                        |config: &ConnectorConfig, key: &str| config.plain(key).map(str::to_owned);
                    connector.catalog_id == new.catalog_id
                        && new.config.0.keys().all(|key| {
                            let asked = plain(&new.config, key);
                            asked.is_none() || asked == plain(&connector.config, key)
                        })
                }
                Self::Delegated(new) => {
                    connector.catalog_id == new.catalog_id
                        && connector.display_name == new.display_name
                }
            }
    }
}

/// The error for a creation that ConductorOne did not answer and that left no connector behind.
fn unanswered(error: &Error) -> Diagnostics {
    let Diagnostic { summary, .. } = diagnostics::api(error);
    let detail = format!(
        "ConductorOne did not answer the request to create a connector, and the app holds none that it can have made. Apply \
         again.\n\n{error}"
    );
    Diagnostic::error(summary, detail).into()
}

/// The error for a creation that nobody can decide about but the user.
fn unclear(error: &Error, app_id: &str, type_name: &str, candidates: &[Connector]) -> Diagnostics {
    let answer = diagnostics::api(error);
    let found = if candidates.is_empty() {
        "Look for a new connector on the app's page in ConductorOne. If there is one, import it; if not, apply again."
            .to_owned()
    } else {
        let commands = candidates.iter().map(|connector| {
            format!(
                "\n  terraform import {type_name}.NAME '{app_id}/{}'",
                connector.id
            )
        });
        format!(
            "Several connectors of this app may be the one. Import the right one, or delete those that are not \
             needed:{}",
            commands.collect::<String>(),
        )
    };
    Diagnostic::error(
        "Connector may have been created",
        format!(
            "ConductorOne did not answer the request to create a connector. {found}\n\n{}",
            answer.detail
        ),
    )
    .into()
}
