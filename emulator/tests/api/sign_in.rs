//! Self-hosted connectors at the token endpoint.

use crate::support::{Tenant, config, status, token};
use conductorone_emulator::{BATON, StoredCredential, token_request};
use serde_json::{Value, json};

impl Tenant {
    /// Issues a credential of a connector.
    async fn issue(&self, connector_id: &str) -> StoredCredential {
        let body = json!({"appId": self.emulator.app_id(), "connectorId": connector_id});
        let path = "/api/v1/apps/connectors/credentials";
        assert_eq!(self.post(path, body).await.0, 200);
        self.emulator.credentials(connector_id).pop().unwrap()
    }

    /// Signs in with a client ID and a secret, and returns the status and the response.
    async fn sign_in(&self, client_id: &str, client_secret: &str) -> (u16, Value) {
        let form = token_request(client_id, client_secret, "127.0.0.1", 120).unwrap();
        token(&self.emulator, &form).await
    }

    /// Returns whether a credential signs in, or the reason of the refusal.
    async fn result(&self, credential: &StoredCredential) -> Result<(), String> {
        let (status, answer) = self
            .sign_in(&credential.client_id, &credential.client_secret)
            .await;
        match (status, &answer["error"]) {
            (200, _) => Ok(()),
            (401, error) if error == "invalid_client" => {
                Err(answer["error_description"].as_str().unwrap().to_owned())
            }
            _ => unreachable!("{status}: {answer}"),
        }
    }
}

fn refused(reason: &str) -> Result<(), String> {
    Err(reason.to_owned())
}

#[tokio::test]
async fn a_credential_signs_in_until_it_is_revoked_or_expires() {
    let tenant = Tenant::start().await;
    let id = tenant.create_id(BATON, config(&[])).await;
    let first = tenant.issue(&id).await;
    assert_eq!(tenant.result(&first).await, Ok(()));
    tenant.switch(|switches| switches.credential_lifetime_s = Some(30));
    let second = tenant.issue(&id).await;
    for credential in [&first, &second] {
        assert_eq!(tenant.result(credential).await, Ok(()), "both are valid");
    }
    tenant.emulator.revoke_credential(&first.id);
    assert_eq!(
        tenant.result(&first).await,
        refused("the credential was revoked")
    );
    assert_eq!(tenant.result(&second).await, Ok(()));
    tenant.switch(|switches| switches.clock_ahead_s = 60);
    assert_eq!(
        tenant.result(&second).await,
        refused("the credential has expired")
    );
    tenant.switch(|switches| switches.clock_ahead_s = 0);
    tenant.emulator.delete_connector(&id);
    assert_eq!(
        tenant.result(&second).await,
        refused("the credential was revoked")
    );
    let sign_ins = tenant.emulator.credentials(&id);
    let sign_ins: Vec<_> = sign_ins.iter().map(|it| it.sign_ins.len()).collect();
    assert_eq!(sign_ins, [2, 2], "only accepted ones count");
}

#[tokio::test]
async fn a_sign_in_requires_the_secret_of_the_credential() {
    let tenant = Tenant::start().await;
    let id = tenant.create_id(BATON, config(&[])).await;
    let (one, other) = (tenant.issue(&id).await, tenant.issue(&id).await);
    let principal = tenant.emulator.client_secret();
    for secret in [other.client_secret.as_str(), principal] {
        let (status, answer) = tenant.sign_in(&one.client_id, secret).await;
        assert_eq!(
            (status, &answer["error_description"]),
            (401, &json!("the signature does not match"))
        );
    }
    let (status, _) = tenant
        .sign_in("nobody@127.0.0.1/ccc", &one.client_secret)
        .await;
    assert_eq!(status, 401);
    // The endpoint also takes the secret itself.
    for (secret, expected) in [(&one.client_secret, 200), (&other.client_secret, 401)] {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", one.client_id.as_str()),
            ("client_secret", secret.as_str()),
        ];
        assert_eq!(token(&tenant.emulator, &form).await.0, expected);
    }
    assert_eq!(token_request(&one.client_id, "nonsense", "h", 1), None);
}

#[tokio::test]
async fn the_token_of_a_connector_does_not_manage_the_tenant() {
    let tenant = Tenant::start().await;
    let id = tenant.create_id(BATON, config(&[])).await;
    let credential = tenant.issue(&id).await;
    let path = format!(
        "/api/v1/apps/{}/connectors/{id}/credentials/{}",
        tenant.emulator.app_id(),
        credential.id
    );
    let last_used = async || tenant.get(&path).await.1["credential"]["lastUsedAt"].clone();
    assert_eq!(last_used().await, Value::Null);
    let (_, answer) = tenant
        .sign_in(&credential.client_id, &credential.client_secret)
        .await;
    assert!(last_used().await.is_string());
    let bearer = answer["access_token"].as_str().unwrap();
    assert_eq!(status(&tenant.emulator, bearer).await, 403);
    tenant.emulator.expire_tokens();
    assert_eq!(status(&tenant.emulator, bearer).await, 401);
}
