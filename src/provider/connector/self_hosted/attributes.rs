//! The attributes of every self-hosted connector.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::conductorone::ConnectorCredential;
use crate::terraform::schema::AttributeFlag::{Computed, Optional, Sensitive};
use crate::terraform::value::{Secret, Value, model};

model! {
    /// Attributes of every self-hosted connector: its credential, its rights, and the environment of its process.
    pub(crate) struct SelfHostedAttributes {
        /// Version of the credential. Change it to rotate the credential: the next apply issues a new client ID and
        /// secret. Default for a new connector: `1`.
        #[schemars(extend("x-terraform" = [Optional, Computed], "default" = 1))]
        credential_version: i64,
        /// How many hours before the credential expires plans begin to rotate it. If unset, only a change of
        /// `credential_version` rotates it.
        #[schemars(extend("x-terraform" = [Optional]), range(min = 1))]
        early_rotation_hours: i64,
        /// Whether Terraform revokes a credential as soon as another one replaces it. With `false`, the old credential
        /// stays valid until the next rotation, so that running pods keep working until they have the new Secret.
        /// Setting it to `true` later revokes the old credential. Default: `false`.
        #[schemars(extend("x-terraform" = [Optional, Computed], "default" = false))]
        revoke_previous_credential: bool,
        /// ID of the current credential. If it is revoked outside Terraform, the next apply issues another one.
        #[schemars(extend("x-terraform" = [Computed]))]
        credential_id: String,
        /// Client ID of the current credential.
        #[schemars(extend("x-terraform" = [Computed]))]
        client_id: String,
        /// Client secret of the current credential. ConductorOne returns it only once, so Terraform keeps it in the
        /// state.
        #[schemars(extend("x-terraform" = [Computed]))]
        client_secret: Secret,
        /// When the credential expires (RFC 3339); null if it never expires.
        #[schemars(extend("x-terraform" = [Computed]))]
        credential_expires_at: String,
        /// ID of the replaced credential that is still valid; null if there is none.
        #[schemars(extend("x-terraform" = [Computed]))]
        previous_credential_id: String,
        /// Whether ConductorOne may grant and revoke access through the connector. Default: `false`.
        #[schemars(extend("x-terraform" = [Optional]))]
        provisioning: bool,
        /// Environment variables for the connector process, ready for a Kubernetes Secret. They contain all secrets of
        /// this resource.
        #[schemars(extend("x-terraform" = [Computed, Sensitive]))]
        environment: BTreeMap<String, String>,
    }
}

impl SelfHostedAttributes {
    /// Plans the credentials. `looked_at` is when the current credential was read.
    pub(super) fn plan_credential(&mut self, prior: Option<&Self>, looked_at: Option<Timestamp>) {
        let current = prior.map_or(&Value::Null, |prior| &prior.credential_id);
        let rotates =
            !current.is_null() && prior.is_some_and(|prior| self.rotates(prior, looked_at));
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

    /// Returns whether the version has changed or the credential of `prior` expires soon.
    fn rotates(&self, prior: &Self, looked_at: Option<Timestamp>) -> bool {
        let new_version = !prior.credential_version.is_null()
            && prior.credential_version != self.credential_version;
        let expires_soon = |now| prior.expires_within(&self.early_rotation_hours, now);
        new_version || looked_at.is_some_and(expires_soon)
    }

    /// Returns whether the credential in use has expired at `now`, and whether it is time to rotate it.
    pub(super) fn expiry(&self, now: Timestamp) -> [bool; 2] {
        let is_early = self.expires_within(&self.early_rotation_hours, now);
        [self.has_expired(now), is_early]
    }

    pub(super) fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at()
            .is_some_and(|expires_at| expires_at <= now)
    }

    fn expires_within(&self, hours: &Value<i64>, now: Timestamp) -> bool {
        let Some((expires_at, hours)) = self.expires_at().zip(hours.known()) else {
            return false;
        };
        // Too many hours for a duration mean always.
        let early = SignedDuration::try_from_hours(*hours).unwrap_or(SignedDuration::MAX);
        expires_at.duration_since(now) <= early
    }

    /// Returns when the current credential expires, if it does.
    fn expires_at(&self) -> Option<Timestamp> {
        self.credential_expires_at.known()?.parse().ok()
    }

    /// Returns these attributes with the credentials of `prior`.
    pub(super) fn with_credentials_of(&self, prior: &Self) -> Self {
        Self {
            credential_version: prior.credential_version,
            credential_id: prior.credential_id.clone(),
            client_id: prior.client_id.clone(),
            client_secret: prior.client_secret.clone(),
            credential_expires_at: prior.credential_expires_at.clone(),
            previous_credential_id: prior.previous_credential_id.clone(),
            ..self.clone()
        }
    }

    /// Updates the attributes with the credentials that still exist.
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

    /// Stores a new credential. ConductorOne returns its secret only once.
    pub(super) fn take_credential(&mut self, credential: ConnectorCredential) {
        self.credential_id = Value::Known(credential.id);
        self.client_id = Value::Known(credential.client_id);
        self.client_secret = credential.client_secret.map(Secret::from).into();
        self.credential_expires_at = credential.expires_time.into();
    }

    /// Sets the attributes of the current credential.
    fn set_credential(&mut self, id: Value<String>, secret: Value<Secret>) {
        self.credential_id = id.clone();
        self.credential_expires_at = id.clone();
        self.client_id = id;
        self.client_secret = secret;
    }
}
