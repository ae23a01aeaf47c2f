//! Issuing, rotating and revoking the credentials with which a connector signs in to ConductorOne.
//!
//! ConductorOne returns the secret of a credential only once and cannot list credentials, so a credential that is not in the state
//! is lost. At most two credentials are valid: the current one and the one that it replaced.

use crate::conductorone::ConnectorCredential;
use crate::provider::connector::attributes::ConnectorModel as _;
use crate::provider::connector::self_hosted::messages;
use crate::provider::session::Session;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::resource::{Operation, Resource};
use crate::terraform::value::Value;

use super::environment::build_environment;
use super::model::SelfHostedModel;

/// Issues a credential and stores it in the state.
///
/// If ConductorOne gives no conclusive answer, the secret is lost and this issues another credential. The first one may stay valid,
/// because its ID is not known.
pub(super) async fn issue<R>(
    session: &Session,
    operation: &mut Operation<R>,
    state: &mut R::Model,
) -> Result<(), Diagnostics>
where
    R: Resource,
    R::Model: SelfHostedModel,
{
    let (app_id, id) = state.connector().ids();
    let credential = match session.api().rotate_credential(app_id, id).await {
        Err(error) if error.is_ambiguous() => {
            operation.warn(messages::maybe_lost(id, &error));
            session.api().rotate_credential(app_id, id).await?
        }
        issued => issued?,
    };
    state.self_hosted_mut().take_credential(credential);
    state.self_hosted_mut().environment = build_environment(state);
    Ok(())
}

/// Replaces the current credential, which stays valid. The credential before it is revoked first, so a failure leaves no valid
/// credential that is not in the state.
pub(super) async fn rotate<R>(
    session: &Session,
    operation: &mut Operation<R>,
    state: &mut R::Model,
    version: Value<i64>,
) -> Result<(), Diagnostics>
where
    R: Resource,
    R::Model: SelfHostedModel,
{
    let replaced = state.self_hosted().credential_id.clone();
    if !replaced.is_null() {
        revoke_previous(session, operation, state).await?;
    }
    issue(session, operation, state).await?;
    if !replaced.is_null() {
        state.self_hosted_mut().previous_credential_id = replaced;
    }
    state.self_hosted_mut().credential_version = version;
    operation.save(state.clone());
    Ok(())
}

/// Revokes the replaced credential if it is still valid.
pub(super) async fn revoke_previous<R>(
    session: &Session,
    operation: &mut Operation<R>,
    state: &mut R::Model,
) -> Result<(), Diagnostics>
where
    R: Resource,
    R::Model: SelfHostedModel,
{
    operation.save(state.clone());
    revoke(session, state, &state.self_hosted().previous_credential_id).await?;
    state.self_hosted_mut().previous_credential_id = Value::Null;
    operation.save(state.clone());
    Ok(())
}

/// Revokes all credentials in the state.
pub(super) async fn revoke_all(
    session: &Session,
    state: &impl SelfHostedModel,
) -> Result<(), Diagnostics> {
    revoke(session, state, &state.self_hosted().previous_credential_id).await?;
    revoke(session, state, &state.self_hosted().credential_id).await
}

async fn revoke(
    session: &Session,
    state: &impl SelfHostedModel,
    credential_id: &Value<String>,
) -> Result<(), Diagnostics> {
    if let Some(credential_id) = credential_id.known() {
        let (app_id, id) = state.connector().ids();
        let api = session.api();
        api.revoke_credential(app_id, id, credential_id).await?;
    }
    Ok(())
}

/// Reads a credential of the state. `None` if there is none or if it was revoked.
pub(super) async fn find(
    session: &Session,
    state: &impl SelfHostedModel,
    credential_id: &Value<String>,
) -> Result<Option<ConnectorCredential>, Diagnostics> {
    let (app_id, id) = state.connector().ids();
    let api = session.api();
    Ok(match credential_id.known() {
        Some(credential_id) => api.get_credential(app_id, id, credential_id).await?,
        None => None,
    })
}
