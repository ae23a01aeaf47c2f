//! A wrong clock of this machine. The tests change the clock of the tenant, which has the same effect.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use conductorone_emulator::{Options, Switches};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::scene::{CLOUD, Scene};
use crate::terraform::Outcome;

/// Returns a tenant whose clock is ahead by these seconds, with a configuration for one connector.
async fn scene(clock_ahead_s: i64, oidc_tokens: Vec<String>) -> Option<Scene> {
    let switches = Switches {
        clock_ahead_s,
        ..Switches::default()
    };
    let options = Options {
        switches,
        oidc_tokens,
        ..Options::default()
    };
    let scene = Scene::with_options(options).await?;
    scene.write(&[(CLOUD, &scene.attributes(CLOUD))]);
    Some(scene)
}

#[tokio::test]
async fn a_wrong_clock_is_a_warning_that_says_by_how_much() {
    for (ahead, says) in [
        (600, ["10m", "9m 5", "behind"]),
        (-600, ["10m", "9m 5", "ahead of"]),
    ] {
        let scene = or_skip!(scene(ahead, Vec::new()));
        let run = scene.workspace.apply(&[]).await.succeeded();
        let text = run.text();
        assert!(text.contains("This machine's clock is wrong"), "{run}");
        // The difference in seconds depends on the time of the request.
        assert!(text.contains(says[0]) || text.contains(says[1]), "{run}");
        assert!(text.contains(says[2]), "{run}");
        // Terraform starts one process to plan and one to apply. ConductorOne refuses each of them once.
        assert_eq!(scene.token_requests(), 4, "{run}");
        scene.workspace.assert_quiet("after the apply").await;
    }
}

#[tokio::test]
async fn credentials_that_are_refused_at_any_time_name_the_clock_too() {
    let mut scene = or_skip!(scene(600, Vec::new()));
    let other = scene.emulator.client_id().replace("acme-ci-1", "acme-ci-9");
    scene.workspace.env("CONDUCTORONE_CLIENT_ID", &other);
    let (outcome, run) = scene.workspace.plan().await;
    assert_eq!(outcome, Outcome::Error, "{run}");
    for part in [
        "refused the credentials",
        "CONDUCTORONE_CLIENT_ID",
        "clock is",
    ] {
        assert!(run.text().contains(part), "{part}: {run}");
    }
    assert_eq!(scene.token_requests(), 2, "{run}");
}

/// A token that has expired according to this machine's clock, but not according to ConductorOne's.
#[tokio::test]
async fn whether_an_oidc_token_has_expired_conductorone_s_clock_decides() {
    let expiry = Timestamp::now() - SignedDuration::from_mins(30);
    let claims = json!({"exp": expiry.as_second()}).to_string();
    let token = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
    let mut scene = or_skip!(scene(-3600, vec![token.clone()]));
    let client_id = scene.emulator.federation_client_id().to_owned();
    scene.workspace.env("CONDUCTORONE_CLIENT_ID", &client_id);
    scene.workspace.env("CONDUCTORONE_OIDC_TOKEN", &token);
    scene.workspace.apply(&[]).await.succeeded();
}
