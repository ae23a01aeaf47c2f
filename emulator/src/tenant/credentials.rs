//! Credentials of self-hosted connectors.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Client, Tenant};
use crate::problem::{Code, Problem, Result};
use crate::random;
use crate::secret::ClientSecret;
use crate::time::Time;

/// A credential as stored, including its secret.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredCredential {
    /// Its id.
    pub id: String,
    /// The app of its connector.
    pub app_id: String,
    /// Its connector.
    pub connector_id: String,
    /// The client id.
    pub client_id: String,
    /// The client secret, which the API returns once.
    pub client_secret: String,
    /// When it was issued.
    pub created_at: Time,
    /// When it expires.
    pub expires_at: Option<Time>,
    /// Whether it was revoked.
    pub revoked: bool,
    /// When a connector has received a token for it, oldest first.
    pub sign_ins: Vec<Time>,
    #[serde(skip)]
    public_key: Vec<u8>,
}

impl StoredCredential {
    pub(crate) fn revoke(&mut self) {
        self.revoked = true;
    }

    /// Returns the client of the token endpoint, or why it may not sign in at `now`. The description does not say that
    /// a newer credential replaces it, so only a revocation and the expiry end it.
    pub(crate) fn client(&self, now: Time) -> std::result::Result<Client, &'static str> {
        if self.revoked {
            return Err("the credential was revoked");
        }
        if self.expires_at.is_some_and(|expires_at| expires_at <= now) {
            return Err("the credential has expired");
        }
        Ok(Client {
            id: self.client_id.clone(),
            secret: ClientSecret {
                text: self.client_secret.clone(),
                public_key: self.public_key.clone(),
            },
        })
    }

    /// Returns the API's view, with or without the secret.
    pub(crate) fn view(&self, with_secret: bool) -> Value {
        json!({
            "id": self.id, "appId": self.app_id, "connectorId": self.connector_id, "displayName": "",
            "clientId": self.client_id,
            "clientSecret": if with_secret { self.client_secret.as_str() } else { "" },
            "createdAt": self.created_at, "updatedAt": self.created_at, "deletedAt": null,
            "lastUsedAt": self.sign_ins.last(), "expiresTime": self.expires_at,
        })
    }
}

impl Tenant {
    /// Issues another credential. Earlier ones stay valid.
    pub(crate) fn rotate_credential(
        &mut self,
        app_id: &str,
        connector_id: &str,
    ) -> Result<StoredCredential> {
        if !self.connector(app_id, connector_id)?.entry()?.self_hosted {
            return Err(Problem::state(
                "only self-hosted connectors have credentials",
            ));
        }
        let secret =
            ClientSecret::generate().map_err(|_| Problem::new(Code::Unknown, "no randomness"))?;
        let now = Time::now();
        let lifetime = self.switches.credential_lifetime_s;
        let credential = StoredCredential {
            id: random::id(),
            app_id: app_id.to_owned(),
            connector_id: connector_id.to_owned(),
            client_id: random::client_id(&self.host, "ccc"),
            client_secret: secret.text,
            created_at: now,
            expires_at: lifetime.map(|seconds| now.after(Duration::from_secs(seconds))),
            revoked: false,
            sign_ins: Vec::new(),
            public_key: secret.public_key,
        };
        self.credentials.push(credential.clone());
        Ok(credential)
    }

    /// Returns the credential, unless it was revoked.
    pub(crate) fn credential(
        &mut self,
        app_id: &str,
        connector_id: &str,
        id: &str,
    ) -> Result<&mut StoredCredential> {
        self.connector(app_id, connector_id)?;
        let is_it = |it: &&mut StoredCredential| {
            it.id == id && it.connector_id == connector_id && !it.revoked
        };
        self.credentials
            .iter_mut()
            .find(is_it)
            .ok_or_else(|| Problem::not_found("credential", id))
    }
}
