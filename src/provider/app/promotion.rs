//! Promoting an app that an identity provider discovered.

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::conductorone::{Client, DiscoveredApp, Error, ManagedState};
use crate::provider::diagnostics;
use crate::provider::problems::{apps as problems, import_command};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

use super::Session;
use super::creation::SEARCH_LIMIT;

/// Promotes a discovered app, and gives the ID of the app it became.
///
/// One that is managed already may belong to somebody else, so it is not taken. Only when the promotion's own answer was
/// lost is the app that ConductorOne names then the one that was made here.
pub(super) async fn promote(
    session: &Session,
    type_name: &str,
    discovered: &DiscoveredApp,
    owners: &[String],
) -> Result<String, Diagnostics> {
    let api = &session.api;
    let lock = session.conductorone.apps.promotion.lock();
    let _one_at_a_time = api
        .wait_for("the promotion of another app to end", lock)
        .await?;
    if let ManagedState::Managed { app_id } = state(api, discovered).await? {
        return Err(managed_already(type_name, Some(&app_id)).into());
    }
    let error = match api.promote_app(discovered, owners).await {
        Ok(Some(id)) => return Ok(id),
        Ok(None) => {
            let app_id = match state(api, discovered).await? {
                ManagedState::Managed { app_id } => Some(app_id),
                _ => None,
            };
            return Err(managed_already(type_name, app_id.as_deref()).into());
        }
        Err(error) if error.is_ambiguous() => error,
        Err(error) => return Err(refused(&error).into()),
    };
    let left_s = SEARCH_LIMIT.as_secs();
    tracing::info!(%error, left_s, "the promotion was not answered: looking for the app");
    let unhurried = api.within(CancellationToken::new(), Instant::now() + SEARCH_LIMIT);
    match unhurried.get_managed_state(discovered).await {
        Ok(Some(binding)) => match binding.state {
            ManagedState::Managed { app_id } => Ok(app_id),
            _ => Err(problems::not_promoted(&error).into()),
        },
        _ => Err(problems::maybe_promoted(&error).into()),
    }
}

/// Refuses to take `id` for the app that a discovered one became, where it is not.
pub(super) async fn check(
    session: &Session,
    discovered: &DiscoveredApp,
    id: &str,
) -> Result<(), Diagnostics> {
    match state(&session.api, discovered).await? {
        ManagedState::Managed { app_id } if app_id == id => Ok(()),
        _ => Err(problems::another_app(id).into()),
    }
}

/// Whether the discovered app is managed.
async fn state(api: &Client, discovered: &DiscoveredApp) -> Result<ManagedState, Diagnostics> {
    match api.get_managed_state(discovered).await {
        Ok(Some(binding)) => Ok(binding.state),
        Ok(None) => Err(problems::not_discovered("").into()),
        Err(error) => Err(refused(&error).into()),
    }
}

fn refused(error: &Error) -> Diagnostic {
    if matches!(error.status(), Some(404 | 501)) {
        problems::not_discovered(error)
    } else {
        diagnostics::api(error).on("unmanaged_app")
    }
}

fn managed_already(type_name: &str, app_id: Option<&str>) -> Diagnostic {
    app_id.map_or_else(problems::managed_somewhere, |id| {
        problems::managed_already(id, &import_command(type_name, id))
    })
}
