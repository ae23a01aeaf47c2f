//! Whether the variables in `environment` sign in to ConductorOne, from the creation of a connector to its destruction.

use conductorone_emulator::token_request;
use reqwest::Certificate;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::rotation::applied_to;
use crate::scene::{DATA_CENTER, SELF_HOSTED, Scene};

impl Scene {
    /// Requests an access token as a connector does: with these variables, an assertion for the host in the client ID.
    /// Returns the token, or the reason of the refusal.
    async fn sign_in(&self, environment: &Value) -> Result<String, String> {
        let [client_id, client_secret] = ["BATON_CLIENT_ID", "BATON_CLIENT_SECRET"]
            .map(|name| environment[name].as_str().expect("a variable"));
        let host = client_id.split(['@', '/']).nth(1).expect("a host");
        assert!(self.emulator.url().contains(&format!("//{host}:")));
        let form = token_request(client_id, client_secret, host, 120);
        let form = form.expect("the secret is a private Ed25519 key");
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = self.http().post(self.url("/auth/v1/token")).body(body);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let response = request.send().await.expect("a response");
        let (status, text) = (response.status(), response.text().await.expect("a body"));
        let answer: Value = serde_json::from_str(&text).expect("JSON");
        if status.is_success() {
            Ok(answer["access_token"].as_str().expect("a token").to_owned())
        } else {
            assert_eq!(
                (status.as_u16(), &answer["error"]),
                (401, &json!("invalid_client"))
            );
            Err(answer["error_description"]
                .as_str()
                .expect("a reason")
                .to_owned())
        }
    }

    /// Checks which of these environments sign in.
    async fn assert_sign_ins<const N: usize>(
        &self,
        environments: [&Value; N],
        expected: [bool; N],
        when: &str,
    ) {
        let mut accepted = Vec::new();
        for environment in environments {
            accepted.push(self.sign_in(environment).await.is_ok());
        }
        assert_eq!(accepted, expected, "{when}");
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.emulator.url())
    }

    /// Returns a client that trusts the certificate of the service.
    fn http(&self) -> reqwest::Client {
        let pem = self.emulator.ca_pem().expect("TLS");
        let authority = Certificate::from_pem(pem.as_bytes()).expect("a certificate");
        let builder = reqwest::Client::builder().no_proxy();
        builder
            .tls_certs_only([authority])
            .build()
            .expect("a client")
    }
}

/// Applies the changes and returns `environment`.
async fn environment(scene: &Scene, address: &str, changes: Value) -> Value {
    applied_to(scene, address, &changes).await["environment"].take()
}

#[tokio::test]
async fn a_secret_signs_in_until_its_credential_is_revoked() {
    for address in [DATA_CENTER, SELF_HOSTED] {
        let scene = or_skip!(Scene::new());
        let change = async |changes| environment(&scene, address, changes).await;
        let first = change(json!({})).await;
        scene
            .assert_sign_ins([&first], [true], "after the creation")
            .await;

        let second = change(json!({"credential_version": 2})).await;
        scene
            .assert_sign_ins([&first, &second], [true, true], "after a rotation")
            .await;

        let third = change(json!({"credential_version": 3})).await;
        let all = [&first, &second, &third];
        scene
            .assert_sign_ins(all, [false, true, true], "after another rotation")
            .await;

        let revoked =
            change(json!({"credential_version": 3, "revoke_previous_credential": true})).await;
        assert_eq!(revoked, third);
        scene
            .assert_sign_ins(all, [false, false, true], "after the rollout")
            .await;

        let fourth =
            change(json!({"credential_version": 4, "revoke_previous_credential": true})).await;
        let all = [&first, &second, &third, &fourth];
        scene
            .assert_sign_ins(
                all,
                [false, false, false, true],
                "after a rotation that revokes",
            )
            .await;

        let credentials = scene.emulator.credentials(&scene.connector().id);
        let sign_ins: Vec<_> = credentials.iter().map(|it| it.sign_ins.len()).collect();
        assert_eq!(sign_ins, [2, 2, 2, 1], "{address}");
        scene.workspace.destroy().await.succeeded();
        scene
            .assert_sign_ins(all, [false; 4], "after the destruction")
            .await;
    }
}

#[tokio::test]
async fn the_secret_of_a_revoked_or_expired_credential_is_replaced_by_one_that_signs_in() {
    let scene = or_skip!(Scene::new());
    let first = environment(&scene, DATA_CENTER, json!({})).await;
    let revoked = scene.valid_credentials().remove(0);
    scene.emulator.revoke_credential(&revoked);
    scene.switch(|switches| switches.credential_lifetime_s = Some(30));
    let second = environment(&scene, DATA_CENTER, json!({})).await;
    scene
        .assert_sign_ins([&first, &second], [false, true], "after the revocation")
        .await;

    scene.switch(|switches| {
        switches.clock_ahead_s = 60;
        switches.credential_lifetime_s = None;
    });
    let refused = scene.sign_in(&second).await;
    assert_eq!(refused, Err("the credential has expired".to_owned()));
    let third = environment(&scene, DATA_CENTER, json!({"credential_version": 2})).await;
    scene
        .assert_sign_ins(
            [&first, &second, &third],
            [false, false, true],
            "after the expiry",
        )
        .await;
}

#[tokio::test]
async fn a_connector_cannot_manage_the_tenant_with_its_secret() {
    let scene = or_skip!(Scene::new());
    let environment = environment(&scene, DATA_CENTER, json!({})).await;
    let token = scene.sign_in(&environment).await.expect("a token");
    let apps = scene
        .http()
        .get(scene.url("/api/v1/apps"))
        .bearer_auth(token);
    let response = apps.send().await.expect("a response");
    assert_eq!(response.status().as_u16(), 403);
}
