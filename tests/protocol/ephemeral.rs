//! The ephemeral resource as Terraform 1.10 and later use it.

use std::time::{Duration, SystemTime};

use conductorone_emulator::{Fault, FaultAction};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::plan::{Scene, configure};
use crate::plugin::Launch;
use crate::provider::{Finding, Provider, capabilities, dynamic, findings, object};
use crate::value::{complete, encode, unknown};
use crate::wait::{until, within};
use crate::wire::tfplugin6::{
    close_ephemeral_resource, open_ephemeral_resource, renew_ephemeral_resource,
    validate_ephemeral_resource_config,
};

const TOKEN: &str = "confluence_access_token";
const SOON: Duration = Duration::from_secs(10);

/// An open or renewed resource.
#[derive(Debug)]
pub(crate) struct Lease {
    values: Value,
    renew_at: Option<SystemTime>,
    private: Option<Vec<u8>>,
    pub(crate) findings: Vec<Finding>,
}

/// `OpenEphemeralResource`.
pub(crate) async fn open(provider: &Provider, config: &Value) -> Lease {
    let ty = provider.ephemeral_type(TOKEN);
    let request = open_ephemeral_resource::Request {
        type_name: TOKEN.to_owned(),
        config: dynamic(encode(&complete(config, &ty), &ty)),
        client_capabilities: capabilities(),
    };
    let answer = provider.rpc.clone().open_ephemeral_resource(request).await;
    let answer = answer.expect("an answer").into_inner();
    assert_eq!(answer.deferred, None, "Terraform allows no deferral");
    Lease {
        values: object(answer.result).0,
        renew_at: answer.renew_at.map(time),
        private: answer.private,
        findings: findings(answer.diagnostics),
    }
}

async fn renew(provider: &Provider, private: Option<Vec<u8>>) -> Lease {
    let request = renew_ephemeral_resource::Request {
        type_name: TOKEN.to_owned(),
        private,
    };
    let answer = provider.rpc.clone().renew_ephemeral_resource(request).await;
    let answer = answer.expect("an answer").into_inner();
    Lease {
        values: Value::Null,
        renew_at: answer.renew_at.map(time),
        private: answer.private,
        findings: findings(answer.diagnostics),
    }
}

async fn close(provider: &Provider, private: Option<Vec<u8>>) -> Vec<Finding> {
    let request = close_ephemeral_resource::Request {
        type_name: TOKEN.to_owned(),
        private,
    };
    let answer = provider.rpc.clone().close_ephemeral_resource(request).await;
    findings(answer.expect("an answer").into_inner().diagnostics)
}

fn time(time: prost_types::Timestamp) -> SystemTime {
    SystemTime::try_from(time).expect("a time")
}

fn text<'a>(lease: &'a Lease, attribute: &str) -> &'a str {
    lease.values[attribute].as_str().expect("a text")
}

impl Scene {
    /// Returns the number of requests for access tokens.
    fn tokens(&self) -> usize {
        let journal = self.emulator.journal();
        journal
            .iter()
            .filter(|it| it.path == "/auth/v1/token")
            .count()
    }

    /// Returns the status of a request with this token.
    async fn status_with(&self, token: &str) -> u16 {
        let url = format!("{}/api/v1/apps", self.emulator.url());
        let client = reqwest::Client::builder().no_proxy().build();
        let request = client.expect("a client").get(url).bearer_auth(token);
        request.send().await.expect("an answer").status().as_u16()
    }
}

#[tokio::test]
async fn a_token_is_opened_renewed_and_closed() {
    let scene = Scene::new().await;
    let provider = &scene.provider;
    let opened = open(provider, &json!({})).await;
    assert_eq!(opened.findings, []);
    assert_eq!(scene.status_with(text(&opened, "token")).await, 200);
    let expires_at: Timestamp = text(&opened, "expires_at").parse().expect("a time");
    let renew_at = opened.renew_at.expect("a time");
    assert!(renew_at < SystemTime::from(expires_at), "{opened:?}");
    assert!(renew_at > SystemTime::now(), "{opened:?}");
    // Several tools of one run share a token.
    let again = open(provider, &json!({"timeouts": {"open": "1m"}})).await;
    assert_eq!(again.values["token"], opened.values["token"]);
    assert_eq!(again.values["timeouts"], json!({"open": "1m"}));
    assert_eq!(scene.tokens(), 1);
    // The values stay, so a warning says when the token expires. It does not repeat.
    let renewed = renew(provider, opened.private.clone()).await;
    let [warning] = renewed.findings.as_slice() else {
        panic!("{renewed:?}");
    };
    assert!(
        !warning.is_error && warning.detail.contains(text(&opened, "expires_at")),
        "{warning:?}"
    );
    assert!(renewed.renew_at >= opened.renew_at, "{renewed:?}");
    let renewed = renew(provider, renewed.private).await;
    assert_eq!(renewed.findings, []);
    assert_eq!(scene.tokens(), 3);
    for private in [opened.private, renewed.private, None] {
        let shown = String::from_utf8_lossy(private.as_deref().unwrap_or_default()).into_owned();
        assert!(!shown.contains(text(&again, "token")), "{shown}");
        assert_eq!(close(provider, private).await, []);
    }
    assert_eq!(scene.tokens(), 3);
}

#[tokio::test]
async fn a_token_may_be_valid_for_years_or_have_no_known_end() {
    let ten_years = 10 * 365 * 24 * 3600;
    for (lifetime, is_known) in [(ten_years, true), (u64::MAX, false), (0, false)] {
        let scene = Scene::new().await;
        scene
            .emulator
            .switch(|switches| switches.token_lifetime_s = lifetime);
        let opened = open(&scene.provider, &json!({})).await;
        assert_eq!(opened.findings, [], "{lifetime}");
        let known = [
            opened.values["expires_at"].is_string(),
            opened.renew_at.is_some(),
        ];
        assert_eq!(known, [is_known; 2], "{lifetime}: {opened:?}");
    }
}

#[tokio::test]
async fn a_configured_token_is_passed_on() {
    let scene = Scene::new().await;
    let token = scene.emulator.access_token().to_owned();
    let config = json!({"server_url": scene.emulator.url(), "access_token": token});
    assert_eq!(scene.provider.configure(&config).await, []);
    let opened = open(&scene.provider, &json!({})).await;
    assert_eq!(
        (text(&opened, "token"), &*opened.findings),
        (&*token, &[][..])
    );
    assert_eq!(
        (opened.renew_at, &opened.values["expires_at"]),
        (None, &Value::Null)
    );
    // Terraform does not renew it.
    let renewed = renew(&scene.provider, opened.private).await;
    assert_eq!((renewed.renew_at, renewed.findings), (None, vec![]));
    assert_eq!(scene.tokens(), 0);
}

#[tokio::test]
async fn a_configuration_is_validated() {
    let (_plugin, provider) = Provider::launched().await;
    let ty = provider.ephemeral_type(TOKEN);
    for (config, attributes) in [
        (json!({}), &[][..]),
        (json!({"timeouts": {"open": unknown()}}), &[]),
        (json!({"timeouts": {"open": "soon"}}), &["timeouts"]),
    ] {
        let request = validate_ephemeral_resource_config::Request {
            type_name: TOKEN.to_owned(),
            config: dynamic(encode(&complete(&config, &ty), &ty)),
        };
        let answer = provider
            .rpc
            .clone()
            .validate_ephemeral_resource_config(request)
            .await;
        let found = findings(answer.expect("an answer").into_inner().diagnostics);
        let found: Vec<_> = found.iter().map(|found| found.attribute.as_str()).collect();
        assert_eq!(found, attributes, "{config}");
    }
}

#[tokio::test]
async fn a_refusal_is_an_error() {
    let scene = Scene::new().await;
    let opened = open(&scene.provider, &json!({})).await;
    scene.emulator.refuse("POST", "/auth/v1/token", 401);
    let renewed = renew(&scene.provider, opened.private).await;
    assert_eq!(renewed.renew_at, None);
    configure(&scene.provider, &scene.emulator).await;
    let refused = open(&scene.provider, &json!({})).await;
    assert_eq!(refused.values, Value::Null);
    for lease in [renewed, refused] {
        let [error] = lease.findings.as_slice() else {
            panic!("{lease:?}");
        };
        assert_eq!(error.summary, "ConductorOne refused the credentials");
    }
    let unknown = json!({"server_url": unknown()});
    assert_eq!(scene.provider.configure(&unknown).await, []);
    let early = open(&scene.provider, &json!({})).await;
    assert_eq!(
        early.findings[0].summary,
        "Provider configuration not known"
    );
}

#[tokio::test]
async fn an_interrupt_and_a_time_limit_end_a_wait_for_a_token() {
    let scene = Scene::new().await;
    let busy = FaultAction::busy(60);
    scene
        .emulator
        .add_fault(Fault::every("POST", "/auth/v1/token", busy));
    let no_config = json!({});
    let running = open(&scene.provider, &no_config);
    let stop = async {
        let refused = || (scene.tokens() > 0).then_some(());
        until("the refusal", SOON, refused).await;
        scene.provider.stop().await;
    };
    let both = async { tokio::join!(running, stop) };
    let (stopped, ()) = within("the end of the call", SOON * 2, both).await;
    assert_eq!(stopped.findings[0].summary, "Operation canceled");
    let late = open(&scene.provider, &json!({"timeouts": {"open": "1s"}})).await;
    let [error] = late.findings.as_slice() else {
        panic!("{late:?}");
    };
    assert_eq!(
        (&*error.attribute, &*error.summary),
        ("timeouts", "Operation took too long")
    );
}

#[tokio::test]
async fn no_log_contains_the_token() {
    let scene = Scene::new().await;
    let plugin = Launch::like_terraform().env("TF_LOG", "TRACE");
    let mut plugin = plugin.start().await;
    let provider = Provider::over(plugin.connect().await).await;
    configure(&provider, &scene.emulator).await;
    let opened = open(&provider, &json!({})).await;
    let renewed = renew(&provider, opened.private.clone()).await;
    assert_eq!(close(&provider, renewed.private).await, []);
    assert_eq!(plugin.shut_down().await, Some(0));
    let log = plugin.stderr.lines();
    assert!(
        log.iter().any(|line| line.contains("/auth/v1/token")),
        "{log:?}"
    );
    let token = text(&opened, "token");
    let leaks: Vec<_> = log.iter().filter(|line| line.contains(token)).collect();
    assert_eq!(leaks, [""; 0]);
}
