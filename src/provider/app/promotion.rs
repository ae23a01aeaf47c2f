//! Promoting an app that an identity provider discovered.

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::conductorone::{Client, DiscoveredApp, Error, ManagedState};
use crate::provider::diagnostics;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

use super::Session;
use super::creation::SEARCH_LIMIT;

/// The attribute that names the discovered app.
const ATTRIBUTE: &str = "unmanaged_app";

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
    let _one_at_a_time = session.conductorone.apps.promotion.lock().await;
    if let ManagedState::Managed { app_id } = state(api, discovered).await? {
        return Err(managed_already(type_name, Some(&app_id)));
    }
    let error = match api.promote_app(discovered, owners).await {
        Ok(Some(id)) => return Ok(id),
        Ok(None) => {
            let app_id = match state(api, discovered).await? {
                ManagedState::Managed { app_id } => Some(app_id),
                _ => None,
            };
            return Err(managed_already(type_name, app_id.as_deref()));
        }
        Err(error) if error.is_ambiguous() => error,
        Err(error) => return Err(refused(&error)),
    };
    tracing::info!(%error, "the promotion was not answered: looking for the app");
    let unhurried = api.within(CancellationToken::new(), Instant::now() + SEARCH_LIMIT);
    match unhurried.get_managed_state(discovered).await {
        Ok(Some(binding)) => match binding.state {
            ManagedState::Managed { app_id } => Ok(app_id),
            _ => Err(unanswered(&error)),
        },
        _ => Err(unclear(&error)),
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
        _ => Err(another_app(id)),
    }
}

/// Whether the discovered app is managed.
async fn state(api: &Client, discovered: &DiscoveredApp) -> Result<ManagedState, Diagnostics> {
    match api.get_managed_state(discovered).await {
        Ok(Some(binding)) => Ok(binding.state),
        Ok(None) => Err(not_discovered().into()),
        Err(error) => Err(refused(&error)),
    }
}

fn refused(error: &Error) -> Diagnostics {
    if matches!(error.status(), Some(404 | 501)) {
        let Diagnostic { detail, .. } = not_discovered();
        let detail = format!("{detail}\n\n{error}");
        return Diagnostic::error("Discovered app not found", detail)
            .on(ATTRIBUTE)
            .into();
    }
    diagnostics::api(error).on(ATTRIBUTE).into()
}

fn not_discovered() -> Diagnostic {
    Diagnostic::error(
        "Discovered app not found",
        "ConductorOne knows no discovered app with these IDs, or the tenant does not have the API for discovered apps yet. \
         app_id is the identity provider's app, such as Okta; resource_type_id the type it has for applications; \
         resource_id the discovered app. Check all three, or promote the app in ConductorOne and import it.",
    )
    .on(ATTRIBUTE)
}

fn managed_already(type_name: &str, app_id: Option<&str>) -> Diagnostics {
    let which = app_id.map_or(
        "To manage it here, find its ID in the address of its page and import it.".to_owned(),
        |id| format!("It is the app {id}. To manage it here, import it:\n  terraform import {type_name}.NAME '{id}'"),
    );
    let detail = format!(
        "The discovered app was promoted before, so it may belong to somebody else and is left alone. {which}"
    );
    Diagnostic::error("App is managed already", detail)
        .on(ATTRIBUTE)
        .into()
}

fn another_app(id: &str) -> Diagnostics {
    let detail = format!(
        "The app {id} in the state was not made from the discovered app that unmanaged_app names. Remove unmanaged_app, or \
         name the discovered app that was promoted to this one."
    );
    Diagnostic::error("Not the discovered app", detail)
        .on(ATTRIBUTE)
        .into()
}

fn unanswered(error: &Error) -> Diagnostics {
    let Diagnostic { summary, .. } = diagnostics::api(error);
    let detail = format!(
        "ConductorOne did not answer the request to promote the app, and did not promote it. Apply again.\n\n{error}"
    );
    Diagnostic::error(summary, detail).on(ATTRIBUTE).into()
}

fn unclear(error: &Error) -> Diagnostics {
    let detail = format!(
        "ConductorOne did not answer the request to promote the app. Look at the discovered app in ConductorOne. If it is \
         managed by now, import the app that it became; if not, apply again.\n\n{error}"
    );
    Diagnostic::error("App may have been promoted", detail)
        .on(ATTRIBUTE)
        .into()
}
