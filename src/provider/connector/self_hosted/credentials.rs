//! The credentials that the connector signs in with: issued, rotated and revoked.
//!
//! ConductorOne shows a credential's secret once and has no list of credentials, so that what the state does not hold is
//! lost. At most two are valid: the one in use, and the one that it replaced.

use crate::conductorone::ConnectorCredential;
use crate::provider::connector::Session;
use crate::provider::problems::credentials as problems;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::resource::Operation;
use crate::terraform::value::Value;

use super::{SelfHosted, SelfHostedModel, environment_of};

/// Issues a credential and takes it over.
///
/// Where no conclusive answer comes, the secret is lost for good: another credential is issued, and what may exist of the
/// first one is left alone, because nobody knows its ID.
pub(super) async fn issue<M: SelfHostedModel>(
    session: &Session,
    operation: &mut Operation<SelfHosted<M>>,
    state: &mut M,
) -> Result<(), Diagnostics> {
    let (app_id, id) = state.connector().ids();
    let credential = match session.api().rotate_credential(app_id, id).await {
        Err(error) if error.is_ambiguous() => {
            operation.warn(problems::maybe_lost(id, &error));
            session.api().rotate_credential(app_id, id).await?
        }
        issued => issued?,
    };
    state.self_hosted_mut().take_credential(credential);
    state.self_hosted_mut().environment = environment_of(state);
    Ok(())
}

/// Issues a credential in place of the one in use, which stays valid. The one before that is revoked first, so that a
/// failure leaves no valid credential that the state does not hold.
pub(super) async fn rotate<M: SelfHostedModel>(
    session: &Session,
    operation: &mut Operation<SelfHosted<M>>,
    state: &mut M,
    version: Value<i64>,
) -> Result<(), Diagnostics> {
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

/// Revokes the credential that was replaced, if it is still valid.
pub(super) async fn revoke_previous<M: SelfHostedModel>(
    session: &Session,
    operation: &mut Operation<SelfHosted<M>>,
    state: &mut M,
) -> Result<(), Diagnostics> {
    operation.save(state.clone());
    revoke(session, state, &state.self_hosted().previous_credential_id).await?;
    state.self_hosted_mut().previous_credential_id = Value::Null;
    operation.save(state.clone());
    Ok(())
}

/// Revokes every credential that the state holds.
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

/// A credential that the state holds, as it is; `None` where there is none or it was revoked.
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
