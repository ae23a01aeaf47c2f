//! Unfinished connectors: what a run that was killed left behind, and what a run elsewhere still works on.

use crate::conductorone::{Connector, Error};
use crate::provider::mark::{Mark, Standing, Youth};
use crate::provider::problems::{commands, connectors as problems, import_command};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

use super::catalog::resource_type;
use super::creation::Request;
use super::{Session, import_id};

/// What is known about the run that created a connector. `None` if the connector is finished.
fn standing(session: &Session, connector: &Connector) -> Option<Standing> {
    let conductorone = &session.conductorone;
    let mark = Mark::in_description(&connector.description)?;
    if conductorone.unsaved.contains(&connector.id) {
        return Some(Standing::OfThisRun);
    }
    let observer = conductorone.observer(session.longest);
    Some(observer.standing(&mark, connector.created_at.as_deref()))
}

/// Whether anything has ever run with a connector's credential. Only a sync shows that.
fn is_in_use(connector: &Connector) -> bool {
    let status = connector.status.as_ref();
    status.is_some_and(|status| status.started_at.is_some() || status.completed_at.is_some())
}

/// The connector like the one to be created that a run which has ended left behind. Of several that look the same, any one
/// will do. An error if a living run may be creating such a connector.
pub(super) async fn find(
    session: &Session,
    type_name: &str,
    request: &Request,
    app_id: &str,
    before: &[Connector],
) -> Result<Option<Connector>, Diagnostics> {
    let ledger = &session.conductorone.ledger;
    let alike = before.iter().filter(|connector| request.fits(connector));
    let judged: Vec<_> = alike
        .filter_map(|connector| Some((connector, standing(session, connector)?)))
        .filter(|(_, standing)| *standing != Standing::OfThisRun)
        .collect();
    let ids = judged.iter().map(|(connector, _)| connector.id.clone());
    let ids = ledger
        .unclaimed(&session.conductorone.place, ids.collect())
        .await;
    let mut at_work = None;
    for (connector, standing) in judged {
        let Connector { id, .. } = connector;
        match standing {
            _ if !ids.contains(id) => {}
            Standing::LeftBehind if request.is_kept() || !is_in_use(connector) => {
                if ledger.claim(id) {
                    // The list was read a while ago: the connector may have been deleted or finished since.
                    let found = session.api.get_connector(app_id, id).await?;
                    return Ok(found.filter(is_unfinished));
                }
            }
            Standing::AtWork(youth) => at_work = at_work.or(Some((connector, youth))),
            Standing::LeftBehind | Standing::OfThisRun => {}
        }
    }
    match at_work {
        Some((connector, youth)) => Err(being_created(type_name, app_id, connector, &youth).into()),
        None => Ok(None),
    }
}

fn is_unfinished(connector: &Connector) -> bool {
    Mark::in_description(&connector.description).is_some()
}

fn being_created(
    type_name: &str,
    app_id: &str,
    connector: &Connector,
    Youth { created, limit }: &Youth,
) -> Diagnostic {
    let command = import_command(type_name, &import_id(app_id, &connector.id));
    problems::being_created(&connector.id, created, limit, &command)
}

/// Names the connectors that ended runs left behind in the app and that nobody has taken, each once.
pub(super) async fn name(
    session: &Session,
    type_name: &str,
    created: &Connector,
) -> Result<Option<Diagnostic>, Error> {
    let app_id = created.app_id.as_str();
    let ledger = &session.conductorone.ledger;
    let before = ledger.before(&session.api, app_id).await?;
    let left = before
        .iter()
        .filter(|connector| standing(session, connector) == Some(Standing::LeftBehind));
    let ids = left.map(|connector| connector.id.clone()).collect();
    let ids = ledger.unclaimed(&session.conductorone.place, ids).await;
    let named = before
        .iter()
        .filter(|connector| ids.contains(&connector.id) && ledger.name_once(&connector.id));
    let line = |connector: &Connector| {
        let is_own = connector.catalog_id == created.catalog_id;
        let other = resource_type(&connector.catalog_id).filter(|_| !is_own);
        let id = import_id(app_id, &connector.id);
        let command = import_command(other.unwrap_or(type_name), &id);
        format!("{:?}: {command}", connector.display_name)
    };
    let lines = commands(named.map(line));
    Ok((!lines.is_empty()).then(|| problems::left_behind(app_id, &lines)))
}
