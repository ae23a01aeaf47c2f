//! Credentials of self-hosted connectors, `/api/v1/apps/{app_id}/connectors/{connector_id}/credentials`.

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;

use crate::conductorone::http::{
    ApiPath, Client, Effect, Error, InvalidId, Request, is_id, none_if_not_found, or_default,
    secret,
};

/// A credential of a self-hosted connector (`c1.api.app.v1.ConnectorCredential`). Times are RFC 3339.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ConnectorCredential {
    /// The credential's ID.
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    /// The client ID, `{name}@{host}/ccc`.
    #[serde(deserialize_with = "or_default")]
    pub client_id: String,
    /// The client secret. Only the response that issues the credential has it.
    #[serde(deserialize_with = "secret")]
    pub client_secret: Option<SecretString>,
    /// When the credential was issued.
    pub created_at: Option<String>,
    /// When the credential expires, or `None` if it never expires.
    pub expires_time: Option<String>,
    /// When the credential was revoked.
    pub deleted_at: Option<String>,
}

#[derive(Deserialize)]
struct CredentialResponse {
    credential: Option<ConnectorCredential>,
}

impl CredentialResponse {
    fn into_credential(self) -> Option<ConnectorCredential> {
        self.credential.filter(|credential| is_id(&credential.id))
    }
}

impl Client {
    /// Issues a new credential: `POST /api/v1/apps/connectors/credentials`. Earlier ones stay valid until they are
    /// revoked. Does not retry once the service may have issued the credential.
    pub async fn rotate_credential(
        &self,
        app_id: &str,
        connector_id: &str,
    ) -> Result<ConnectorCredential, Error> {
        // The IDs are in the body. Checks them here, because the service's message about an empty ID is less helpful.
        ApiPath::fill("/{app_id}/{connector_id}", &[app_id, connector_id])?;
        let body = json!({ "appId": app_id, "connectorId": connector_id });
        let path = ApiPath::fixed("/api/v1/apps/connectors/credentials");
        self.credential(&Request::post(path, body, Effect::NonIdempotent))
            .await
    }

    /// Reads a credential without its secret: `GET .../credentials/{id}`. Returns `None` if it does not exist or is
    /// revoked.
    pub async fn get_credential(
        &self,
        app_id: &str,
        connector_id: &str,
        id: &str,
    ) -> Result<Option<ConnectorCredential>, Error> {
        let found = none_if_not_found(
            self.credential(&Request::get(credential_path(app_id, connector_id, id)?))
                .await,
        )?;
        Ok(found.filter(|credential| credential.deleted_at.is_none()))
    }

    /// Revokes a credential: `POST .../credentials/{id}`. Succeeds if it does not exist.
    pub async fn revoke_credential(
        &self,
        app_id: &str,
        connector_id: &str,
        id: &str,
    ) -> Result<(), Error> {
        let path = credential_path(app_id, connector_id, id)?;
        self.remove(&Request::post(path, json!({}), Effect::Idempotent))
            .await
    }

    async fn credential(&self, request: &Request) -> Result<ConnectorCredential, Error> {
        self.call(request, "a credential", CredentialResponse::into_credential)
            .await
    }
}

fn credential_path(app_id: &str, connector_id: &str, id: &str) -> Result<ApiPath, InvalidId> {
    ApiPath::fill(
        "/api/v1/apps/{app_id}/connectors/{connector_id}/credentials/{id}",
        &[app_id, connector_id, id],
    )
}
