//! The checks up to the token: settings, network, certificate and clock.

use conductorone_emulator::Options;

use crate::closed_port::ClosedPort;
use crate::emulator::CheckedEmulator;
use crate::proxy::{Protocol, Proxy};

use super::{Machine, OTHER_SECRET, tenant};

#[tokio::test]
async fn without_settings_each_one_is_named_and_the_rest_is_skipped() {
    let report = Machine::without_settings().examined(&[]).await;
    report.says("environment", "ok", &["no variable of the provider is set"]);
    let only = "This examination reads the environment only.";
    report.says("host", "failed", &["CONDUCTORONE_TENANT_DOMAIN", only]);
    report.says(
        "credentials",
        "failed",
        &["CONDUCTORONE_CLIENT_SECRET", only],
    );
    report.says("dns", "skipped", &["host failed"]);
    report.says("token", "skipped", &["credentials failed"]);
    report.says("catalog", "skipped", &["token was skipped"]);
}

#[tokio::test]
async fn credentials_that_are_refused_are_told_from_a_bad_network() {
    let tenant = tenant(true).await;
    let machine = Machine::of_tenant(&tenant).with("CONDUCTORONE_CLIENT_SECRET", OTHER_SECRET);
    let report = machine.examined(&[]).await;
    report.says("tls", "ok", &[]);
    report.says(
        "token",
        "failed",
        &["HTTP 401", "CONDUCTORONE_CLIENT_SECRET"],
    );
    report.says("identity", "skipped", &["token failed"]);

    let report = machine.with("CONDUCTORONE_ACCESS_TOKEN", "wrong-token");
    let report = report.examined(&[]).await;
    report.says("credentials", "ok", &["CONDUCTORONE_ACCESS_TOKEN"]);
    report.says("identity", "failed", &["HTTP 401", "access_token"]);
}

#[tokio::test]
async fn each_step_of_a_connection_fails_for_itself() {
    let tenant = tenant(true).await;
    let closed = ClosedPort::new();
    let refused = format!("https://{}", closed.address());
    let trusting = || Machine::of_tenant(&tenant);
    let cases = [
        (
            trusting().with("CONDUCTORONE_SERVER_URL", "https://acme.invalid"),
            "dns",
            "resolve the host name",
        ),
        (
            trusting().with("CONDUCTORONE_SERVER_URL", &refused),
            "tcp",
            "connection refused",
        ),
        (
            trusting().without("SSL_CERT_FILE"),
            "tls",
            "issued by: conductorone-emulator",
        ),
        (
            trusting().with("SSL_CERT_FILE", "/nowhere/ca.pem"),
            "environment",
            "SSL_CERT_FILE",
        ),
        (
            trusting()
                .with("CONDUCTORONE_SERVER_URL", "https://acme.example")
                .with(
                    "HTTPS_PROXY",
                    &format!("http://u:hunter2@{}", closed.address()),
                ),
            "tcp",
            "the proxy http://127.0.0.1",
        ),
        (
            trusting().with("CONDUCTORONE_TENANT_DOMAIN", "https://a.b/c"),
            "host",
            "CONDUCTORONE_TENANT_DOMAIN is invalid",
        ),
    ];
    for (machine, check, words) in cases {
        let report = machine.examined(&[]).await;
        report.says(check, "failed", &[words]);
        assert_eq!(report.state("token"), "skipped", "{check}");
    }
}

#[tokio::test]
async fn a_certificate_is_read_through_a_proxy_too() {
    let options = Options {
        tls: true,
        host_names: vec!["acme.tenant.test".to_owned()],
        ..Options::default()
    };
    let tenant = CheckedEmulator::start(options).await;
    let port = tenant
        .url()
        .rsplit(':')
        .next()
        .and_then(|port| port.parse().ok());
    let port: u16 = port.expect("a port");
    let proxy = Proxy::to(port, Protocol::Http, Some(("alice", "hunter2"))).await;
    let machine = || {
        Machine::of_tenant(&tenant)
            .with(
                "CONDUCTORONE_SERVER_URL",
                &format!("https://acme.tenant.test:{port}"),
            )
            .with(
                "HTTPS_PROXY",
                &format!("http://alice:hunter2@{}", proxy.address),
            )
    };
    let report = machine().examined(&[]).await;
    report.says(
        "proxy",
        "ok",
        &[&format!("http://{}", proxy.address), "HTTPS_PROXY"],
    );
    report.says("dns", "ok", &["the proxy"]);
    let issuer = ["issued by: conductorone-emulator"];
    report.says("tls", "ok", &issuer);
    assert_eq!(report.state("token"), "ok");
    let report = machine().without("SSL_CERT_FILE").examined(&[]).await;
    report.says("tls", "failed", &issuer);
    let wrong = format!("http://alice:wrong-password@{}", proxy.address);
    let visit = machine().with("HTTPS_PROXY", &wrong).run(&[]).await;
    assert!(
        visit.stdout.contains("user name and a password"),
        "{visit:?}"
    );
    for secret in ["alice", "hunter2", "wrong-password"] {
        assert!(!visit.stdout.contains(secret), "{secret}: {visit:?}");
    }
}

#[tokio::test]
async fn a_wrong_clock_is_a_warning() {
    let tenant = tenant(false).await;
    tenant.switch(|switches| switches.clock_ahead_s = 630);
    let report = Machine::of_tenant(&tenant).examined(&[]).await;
    report.says("clock", "warning", &["10m", "behind ConductorOne's"]);
    report.says("token", "ok", &[]);
}
