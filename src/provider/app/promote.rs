//! Promoting an app that an identity provider discovered.

use crate::conductorone::{Client, DiscoveredApp, Error, ManagedState};
use crate::provider::api_errors;
use crate::provider::app::messages;
use crate::provider::create_once::search_client;
use crate::provider::message_values::import_command;
use crate::provider::session::Session;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

/// Promotes a discovered app, and returns the ID of the new app.
///
/// An app that is already managed may belong to somebody else, so it is not adopted. If the answer to the promotion was lost, the app
/// that ConductorOne names afterwards is the result of the promotion.
pub(super) async fn promote(
    session: &Session,
    type_name: &str,
    discovered: &DiscoveredApp,
    owners: &[String],
) -> Result<String, Diagnostics> {
    let api = session.api();
    let lock = session.provider().promotion_lock.lock();
    let _one_at_a_time = api
        .wait_for("the promotion of another app to end", lock)
        .await?;
    if let ManagedState::Managed { app_id } = managed_state(api, discovered).await? {
        return Err(diagnose_managed(type_name, Some(&app_id)).into());
    }
    let error = match api.promote_app(discovered, owners).await {
        Ok(Some(id)) => return Ok(id),
        Ok(None) => {
            let app_id = match managed_state(api, discovered).await? {
                ManagedState::Managed { app_id } => Some(app_id),
                _ => None,
            };
            return Err(diagnose_managed(type_name, app_id.as_deref()).into());
        }
        Err(error) if error.is_ambiguous() => error,
        Err(error) => return Err(diagnose_refusal(&error).into()),
    };
    let search = search_client(api, &error, "promoted app");
    match search.get_managed_state(discovered).await {
        Ok(Some(binding)) => match binding.state {
            ManagedState::Managed { app_id } => Ok(app_id),
            _ => Err(messages::not_promoted(&error).into()),
        },
        _ => Err(messages::maybe_promoted(&error).into()),
    }
}

/// Checks that a discovered app was promoted to the app with this ID.
pub(super) async fn check_promoted(
    session: &Session,
    discovered: &DiscoveredApp,
    id: &str,
) -> Result<(), Diagnostics> {
    match managed_state(session.api(), discovered).await? {
        ManagedState::Managed { app_id } if app_id == id => Ok(()),
        _ => Err(messages::another_app(id).into()),
    }
}

/// Returns whether the discovered app is managed.
async fn managed_state(
    api: &Client,
    discovered: &DiscoveredApp,
) -> Result<ManagedState, Diagnostics> {
    match api.get_managed_state(discovered).await {
        Ok(Some(binding)) => Ok(binding.state),
        Ok(None) => Err(messages::not_discovered("").into()),
        Err(error) => Err(diagnose_refusal(&error).into()),
    }
}

fn diagnose_refusal(error: &Error) -> Diagnostic {
    if matches!(error.status(), Some(404 | 501)) {
        messages::not_discovered(error)
    } else {
        api_errors::diagnose(error).on("unmanaged_app")
    }
}

fn diagnose_managed(type_name: &str, app_id: Option<&str>) -> Diagnostic {
    app_id.map_or_else(messages::managed_somewhere, |id| {
        messages::managed_already(id, &import_command(type_name, id))
    })
}
