//! Apps that an earlier run made: unfinished ones, and finished ones that no state holds.

use crate::conductorone::{App, Error};
use crate::provider::mark::{Standing, Youth};
use crate::provider::problems::{MOST_LISTED, apps as problems, commands, import_command};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

use super::Session;
use super::annotations::mark_of;

/// What is known about the run that created an app. `None` if the app is finished.
fn standing(session: &Session, app: &App) -> Option<Standing> {
    let observer = session.conductorone.observer(session.longest);
    Some(observer.standing(&mark_of(app)?, app.created_at.as_deref()))
}

/// The app like the one to be created that a run which has ended left behind. Of several that look the same, any one will
/// do. An error if a living run may be creating such an app.
pub(super) async fn find(
    session: &Session,
    type_name: &str,
    looks_right: impl Fn(&App) -> bool,
    before: &[App],
) -> Result<Option<App>, Diagnostics> {
    let ledger = &session.conductorone.ledger;
    let alike = before.iter().filter(|app| looks_right(app));
    let judged: Vec<_> = alike
        .filter_map(|app| Some((app, standing(session, app)?)))
        .filter(|(_, standing)| *standing != Standing::OfThisRun)
        .collect();
    let ids = judged.iter().map(|(app, _)| app.id.clone()).collect();
    let ids = ledger.unclaimed(&session.conductorone.place, ids).await;
    let mut at_work = None;
    for (App { id, .. }, standing) in judged {
        match standing {
            _ if !ids.contains(id) => {}
            Standing::LeftBehind if ledger.claim(id) => {
                // The search was a while ago: the app may have been deleted or finished since.
                let found = session.api.get_app(id).await?;
                return Ok(found.filter(|app| looks_right(app) && mark_of(app).is_some()));
            }
            Standing::AtWork(youth) => at_work = at_work.or(Some((id, youth))),
            Standing::LeftBehind | Standing::OfThisRun => {}
        }
    }
    match at_work {
        Some((id, Youth { created, limit })) => {
            let command = import_command(type_name, id);
            Err(problems::being_created(id, &created, &limit, &command).into())
        }
        None => Ok(None),
    }
}

/// Names the unfinished apps that ended runs left behind and that nobody has taken, each once.
pub(super) async fn name(session: &Session, type_name: &str) -> Result<Option<Diagnostic>, Error> {
    let ledger = &session.conductorone.ledger;
    let apps = session.conductorone.lookups.all_apps(&session.api).await?;
    let left = |app: &&App| standing(session, app) == Some(Standing::LeftBehind);
    let ids = apps.iter().filter(left).map(|app| app.id.clone());
    let ids = ledger
        .unclaimed(&session.conductorone.place, ids.collect())
        .await;
    let named = apps
        .iter()
        .filter(|app| ids.contains(&app.id) && ledger.name_once(&app.id));
    let line = |app: &App| {
        let command = import_command(type_name, &app.id);
        format!("{:?}: {command}", app.display_name)
    };
    let lines = commands(named.map(line));
    Ok((!lines.is_empty()).then(|| problems::left_behind(&lines)))
}

/// Names the finished apps of this name that no resource of this run holds, each once.
pub(super) async fn twins(
    session: &Session,
    type_name: &str,
    display_name: &str,
) -> Result<Vec<Diagnostic>, Error> {
    let ledger = &session.conductorone.ledger;
    let before = session.conductorone.apps.before(&session.api, display_name);
    let before = before.await?;
    let twins = before.iter().filter(|app| {
        mark_of(app).is_none() && !ledger.has_claimed(&app.id) && ledger.name_once(&app.id)
    });
    let ids = twins.map(|app| app.id.clone()).collect();
    let ids = ledger.unclaimed(&session.conductorone.place, ids).await;
    let twins = before
        .iter()
        .filter(|app| ids.contains(&app.id))
        .take(MOST_LISTED);
    let told = twins.map(|App { id, created_at, .. }| {
        let created = created_at.as_deref().unwrap_or("at an unknown time");
        problems::twin(display_name, id, created, &import_command(type_name, id))
    });
    Ok(told.collect())
}
