//! The credentials that the connector signs in with: issued, rotated and revoked.
//!
//! ConductorOne shows a credential's secret once and has no list of credentials, so that what the state does not hold is
//! lost. At most two are valid: the one in use, and the one that it replaced.

use jiff::{SignedDuration, Timestamp};

use crate::conductorone::ConnectorCredential;
use crate::provider::connector::Session;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::resource::Operation;
use crate::terraform::value::{Secret, Value};

use super::{ConfluenceDatacenterIntegration, Model, mistakes};

impl Model {
    /// Plans which credentials there will be.
    pub(super) fn plan_credential(&mut self, prior: Option<&Self>, now: Timestamp) {
        let current = prior.map_or(&Value::Null, |prior| &prior.credential_id);
        let rotates = !current.is_null() && prior.is_some_and(|prior| self.rotates(prior, now));
        if current.is_null() || rotates {
            self.set_credential(Value::Unknown, Value::Unknown);
        }
        self.previous_credential_id = match (self.revoke_previous_credential, prior) {
            (Value::Unknown, _) => Value::Unknown,
            (Value::Known(true), _) | (_, None) => Value::Null,
            (_, Some(_)) if rotates => current.clone(),
            (_, Some(prior)) => prior.previous_credential_id.clone(),
        };
    }

    /// Whether another version is wanted, or the credential of `prior` expires soon.
    fn rotates(&self, prior: &Self, now: Timestamp) -> bool {
        let new_version = !prior.credential_version.is_null()
            && prior.credential_version != self.credential_version;
        new_version || prior.expires_within(&self.early_rotation_hours, now)
    }

    fn expires_within(&self, hours: &Value<i64>, now: Timestamp) -> bool {
        let Some((expires_at, hours)) = self.expires_at().zip(hours.known()) else {
            return false;
        };
        // A number of hours beyond all time means always.
        let early = SignedDuration::try_from_hours(*hours).unwrap_or(SignedDuration::MAX);
        expires_at.duration_since(now) <= early
    }

    /// When the credential in use expires, if it does.
    pub(super) fn expires_at(&self) -> Option<Timestamp> {
        self.credential_expires_at.known()?.parse().ok()
    }

    /// The same settings with the credentials that `prior` has.
    pub(super) fn with_credentials_of(&self, prior: &Self) -> Self {
        let mut state = Self {
            credential_version: prior.credential_version,
            credential_id: prior.credential_id.clone(),
            client_id: prior.client_id.clone(),
            client_secret: prior.client_secret.clone(),
            credential_expires_at: prior.credential_expires_at.clone(),
            previous_credential_id: prior.previous_credential_id.clone(),
            ..self.clone()
        };
        state.environment = state.expected_environment();
        state
    }

    /// Takes over what there is of the credentials that the state holds.
    pub(super) fn observe_credentials(
        &mut self,
        current: Option<ConnectorCredential>,
        previous: Option<ConnectorCredential>,
    ) {
        if let Some(credential) = current {
            self.credential_expires_at = credential.expires_time.into();
        } else {
            self.set_credential(Value::Null, Value::Null);
            self.environment = Value::Null;
        }
        self.previous_credential_id = previous.map(|credential| credential.id).into();
    }

    /// Takes over a credential that was just issued, the only time when ConductorOne shows its secret.
    fn take_credential(&mut self, credential: ConnectorCredential) {
        self.credential_id = Value::Known(credential.id);
        self.client_id = Value::Known(credential.client_id);
        self.client_secret = credential.client_secret.map(Secret::from).into();
        self.credential_expires_at = credential.expires_time.into();
        self.environment = self.expected_environment();
    }

    /// Sets all that comes with a credential.
    fn set_credential(&mut self, id: Value<String>, secret: Value<Secret>) {
        self.credential_id = id.clone();
        self.credential_expires_at = id.clone();
        self.client_id = id;
        self.client_secret = secret;
    }
}

/// Issues a credential and takes it over.
///
/// Where no conclusive answer comes, the secret is lost for good: another credential is issued, and what may exist of the
/// first one is left alone, because nobody knows its ID.
pub(super) async fn issue(
    session: &Session,
    operation: &mut Operation<ConfluenceDatacenterIntegration>,
    state: &mut Model,
) -> Result<(), Diagnostics> {
    let (app_id, id) = state.connector.ids();
    let credential = match session.api().rotate_credential(app_id, id).await {
        Err(error) if error.is_ambiguous() => {
            operation.warn(mistakes::lost_credential(id, &error));
            session.api().rotate_credential(app_id, id).await?
        }
        issued => issued?,
    };
    state.take_credential(credential);
    Ok(())
}

/// Issues a credential in place of the one in use, which stays valid. The one before that is revoked first, so that a
/// failure leaves no valid credential that the state does not hold.
pub(super) async fn rotate(
    session: &Session,
    operation: &mut Operation<ConfluenceDatacenterIntegration>,
    state: &mut Model,
    version: Value<i64>,
) -> Result<(), Diagnostics> {
    let replaced = state.credential_id.clone();
    if !replaced.is_null() {
        revoke_previous(session, operation, state).await?;
    }
    issue(session, operation, state).await?;
    if !replaced.is_null() {
        state.previous_credential_id = replaced;
    }
    state.credential_version = version;
    operation.save(state.clone());
    Ok(())
}

/// Revokes the credential that was replaced, if it is still valid.
pub(super) async fn revoke_previous(
    session: &Session,
    operation: &mut Operation<ConfluenceDatacenterIntegration>,
    state: &mut Model,
) -> Result<(), Diagnostics> {
    operation.save(state.clone());
    revoke(session, state, &state.previous_credential_id).await?;
    state.previous_credential_id = Value::Null;
    operation.save(state.clone());
    Ok(())
}

/// Revokes every credential that the state holds.
pub(super) async fn revoke_all(session: &Session, state: &Model) -> Result<(), Diagnostics> {
    revoke(session, state, &state.previous_credential_id).await?;
    revoke(session, state, &state.credential_id).await
}

async fn revoke(
    session: &Session,
    state: &Model,
    credential_id: &Value<String>,
) -> Result<(), Diagnostics> {
    if let Some(credential_id) = credential_id.known() {
        let (app_id, id) = state.connector.ids();
        let api = session.api();
        api.revoke_credential(app_id, id, credential_id).await?;
    }
    Ok(())
}

/// A credential that the state holds, as it is; `None` where there is none or it was revoked.
pub(super) async fn find(
    session: &Session,
    state: &Model,
    credential_id: &Value<String>,
) -> Result<Option<ConnectorCredential>, Diagnostics> {
    let (app_id, id) = state.connector.ids();
    let api = session.api();
    Ok(match credential_id.known() {
        Some(credential_id) => api.get_credential(app_id, id, credential_id).await?,
        None => None,
    })
}
