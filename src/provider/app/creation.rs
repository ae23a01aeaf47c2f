//! Creating an app exactly once, although the API has no idempotency keys.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::conductorone::{App, Error, NewApp};
use crate::provider::lookups::named;
use crate::provider::problems::{apps as problems, commands, import_command};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

use super::annotations::{has_all, mark_of, set_mark};
use super::{Made, Session, leftovers};

/// Time to look for an app whose creation was not answered, also after an interrupt.
pub(super) const SEARCH_LIMIT: Duration = Duration::from_secs(30);

/// Creates an app and marks it as unfinished.
///
/// Two things can have made it already. An earlier run that was killed may have left it behind, so unfinished apps are
/// looked for before anything is created. And where no conclusive answer comes, it may exist all the same, so it is looked
/// for again, and taken if there is exactly one that this creation can have made. An app without the mark is never taken.
pub(super) async fn create(
    session: &Session,
    type_name: &str,
    mut new: NewApp,
) -> Result<Made, Diagnostics> {
    let (api, claims) = (&session.api, &session.conductorone.ledger);
    let mark = session.conductorone.mark();
    set_mark(&mut new.annotations, &mark);
    let before = session.conductorone.apps.before(api, &new.display_name);
    let before = before.await?;
    let left = leftovers::find(session, type_name, |app| looks_like(&new, app), &before);
    if let Some(app) = left.await? {
        return Ok(Made::Adopted(app));
    }
    let error = match api.create_app(&new).await {
        Ok(app) => {
            claims.claim(&app.id);
            return Ok(Made::Anew(app));
        }
        Err(error) if error.is_ambiguous() => error,
        Err(error) => return Err(error.into()),
    };
    let left_s = SEARCH_LIMIT.as_secs();
    tracing::info!(%error, left_s, "the creation was not answered: looking for the app");
    let unhurried = api.within(CancellationToken::new(), Instant::now() + SEARCH_LIMIT);
    let found = named(&unhurried, &new.display_name).await;
    let mut candidates = found.map_err(|_| unclear(&error, type_name, &[]))?;
    let existed = |app: &App| before.iter().any(|other| other.id == app.id);
    let made = |app: &App| mark_of(app).as_ref() == Some(&mark) && looks_like(&new, app);
    candidates.retain(|app| made(app) && !existed(app) && !claims.has_claimed(&app.id));
    match candidates.as_slice() {
        [] => Err(problems::not_created(&error).into()),
        [app] if claims.claim(&app.id) => Ok(Made::Anew(app.clone())),
        several => Err(unclear(&error, type_name, several).into()),
    }
}

/// Whether an app looks like what was asked for, whoever made it. Its owners say nothing: they show late.
fn looks_like(new: &NewApp, app: &App) -> bool {
    app.display_name == new.display_name
        && app.description == new.description.as_deref().unwrap_or_default()
        && has_all(app, &new.annotations)
}

/// The error for a creation that nobody can decide about but the user.
fn unclear(error: &Error, type_name: &str, candidates: &[App]) -> Diagnostic {
    if candidates.is_empty() {
        return problems::maybe_created(error);
    }
    let command = |app: &App| import_command(type_name, &app.id);
    problems::one_of_several_created(&commands(candidates.iter().map(command)), error)
}
