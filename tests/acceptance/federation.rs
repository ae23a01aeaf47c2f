//! Workload federation: the exchange of an identity provider's token.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use conductorone_emulator::Options;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::scene::{CLOUD, Scene};

/// The variables that may contain the token, in the order of precedence.
const VARIABLES: [&str; 4] = [
    "CONDUCTORONE_OIDC_TOKEN",
    "TFC_WORKLOAD_IDENTITY_TOKEN_CONDUCTORONE",
    "TFC_WORKLOAD_IDENTITY_TOKEN_C1",
    "TFC_WORKLOAD_IDENTITY_TOKEN",
];

/// Returns a token that expires after these seconds.
fn token(seconds: i64) -> String {
    let expiry = Timestamp::now() + SignedDuration::from_secs(seconds);
    let claims = json!({"iss": "https://app.terraform.io", "exp": expiry.as_second()});
    let encode = |part: &str| URL_SAFE_NO_PAD.encode(part);
    let header = encode(r#"{"alg":"RS256"}"#);
    format!("{header}.{}.{}", encode(&claims.to_string()), encode("sig"))
}

/// Returns a tenant whose trust accepts this token, with a configuration for one connector.
async fn trusting(token: &str) -> Option<Scene> {
    let options = Options {
        oidc_tokens: vec![token.to_owned()],
        ..Options::default()
    };
    let mut scene = Scene::with_options(options).await?;
    let client_id = scene.emulator.federation_client_id().to_owned();
    scene.workspace.env("CONDUCTORONE_CLIENT_ID", &client_id);
    scene.workspace.without("CONDUCTORONE_CLIENT_SECRET");
    scene.write(&[(CLOUD, &scene.attributes(CLOUD))]);
    Some(scene)
}

#[tokio::test]
async fn every_variable_is_read_and_the_first_wins() {
    let token = token(600);
    let mut scene = or_skip!(trusting(&token));
    for variable in VARIABLES.into_iter().rev() {
        scene.workspace.env(variable, &token);
        let run = scene.workspace.apply(&[]).await.succeeded();
        assert_ne!(scene.token_requests(), 0, "{variable}: {run}");
        // The preceding variables must take precedence over this one.
        scene.workspace.env(variable, "wrong");
    }
    scene.workspace.env(VARIABLES[0], &token);
    let exchanges = scene.emulator.journal().into_iter();
    let exchanges: Vec<_> = exchanges.filter(|it| it.path == "/auth/v1/token").collect();
    assert_ne!(exchanges.len(), 0);
    for exchange in exchanges {
        let form = json!({
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": token, "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "client_id": scene.emulator.federation_client_id(),
        });
        assert_eq!(exchange.body, form);
    }
    scene.workspace.assert_quiet("after the apply").await;
    scene.workspace.destroy().await.succeeded();
}

#[tokio::test]
async fn a_token_wins_over_a_client_secret() {
    let token = token(600);
    let mut scene = or_skip!(trusting(&token));
    let secret = scene.emulator.client_secret().to_owned();
    scene.workspace.env("CONDUCTORONE_CLIENT_SECRET", &secret);
    scene.workspace.env("TFC_WORKLOAD_IDENTITY_TOKEN", &token);
    scene.workspace.apply(&[]).await.succeeded();
    let journal = scene.emulator.journal();
    assert_eq!(journal[0].body["subject_token"], token.as_str());
}

#[tokio::test]
async fn an_expired_token_is_named() {
    let token = token(-3600);
    let mut scene = or_skip!(trusting(&token));
    scene.workspace.env("TFC_WORKLOAD_IDENTITY_TOKEN", &token);
    let run = scene.workspace.apply(&[]).await.failed();
    for text in [
        "OIDC token expired",
        "the OIDC token expired at 20",
        "CONDUCTORONE_OIDC_TOKEN",
        "TFC_WORKLOAD_IDENTITY_TOKEN",
    ] {
        assert!(run.text().contains(text), "{text}: {run}");
    }
    // Once per plan, because the provider does not retry an expired token.
    let journal = scene.emulator.journal();
    assert!(
        journal.iter().all(|it| it.path == "/auth/v1/token"),
        "{journal:#?}"
    );
}

#[tokio::test]
async fn a_token_that_the_trust_does_not_accept_names_the_setting() {
    let mut scene = or_skip!(trusting(&token(600)));
    let other = token(1200);
    scene.workspace.env("CONDUCTORONE_OIDC_TOKEN", &other);
    let run = scene.workspace.apply(&[]).await.failed();
    assert!(run.text().contains("CONDUCTORONE_OIDC_TOKEN"), "{run}");
    assert!(!run.text().contains(&other), "{run}");
}
