//! The number of connections, and proxies.

use conductorone_emulator::Options;
use serde_json::{Value, json};

use crate::closed_port::ClosedPort;
use crate::proxy::{Protocol, Proxy};
use crate::scene::{CLOUD, Scene};
use crate::terraform::Outcome;

/// The number of resources, which exceeds Terraform's default parallelism.
const MANY: usize = 60;

/// Returns a configuration of many connectors with this limit on concurrent requests.
fn many(scene: &Scene, limit: usize) -> Value {
    let attributes = scene.changed(CLOUD, &json!({"count": MANY}));
    let mut configuration = crate::scene::config(&[(CLOUD, &attributes)]);
    configuration["provider"] = json!({"confluence": {"max_concurrent_requests": limit}});
    configuration
}

/// Applies, plans and destroys many connectors.
async fn live(scene: &Scene, limit: usize) {
    scene.workspace.write(&many(scene, limit));
    let parallel = ["-parallelism=50"];
    scene.workspace.apply(&parallel).await.succeeded();
    assert_eq!(scene.connectors().len(), MANY);
    scene.workspace.assert_quiet("after the apply").await;
    let destroy = ["destroy", "-no-color", "-auto-approve", "-parallelism=50"];
    scene.workspace.run(&destroy).await.succeeded();
    assert_eq!(scene.connectors().len(), 0);
}

#[tokio::test]
async fn http_2_is_used_where_it_is_offered_and_needs_few_connections() {
    let scene = or_skip!(Scene::new());
    live(&scene, 8).await;
    for entry in scene.emulator.journal() {
        assert_eq!(entry.http_version, "HTTP/2.0", "{}", entry.path);
    }
    // One connection per configured process: two in an apply, one in a plan, two in a destroy.
    let opened = scene.emulator.connections_opened();
    assert!(opened <= 5, "{opened} connections");
}

#[tokio::test]
async fn with_http_1_there_are_no_more_connections_than_requests_in_flight() {
    let options = Options {
        http1_only: true,
        ..Options::default()
    };
    let scene = or_skip!(Scene::with_options(options));
    let limit = 4;
    live(&scene, limit).await;
    for entry in scene.emulator.journal() {
        assert_eq!(entry.http_version, "HTTP/1.1", "{}", entry.path);
    }
    let (most, opened) = (
        scene.emulator.most_connections_at_once(),
        scene.emulator.connections_opened(),
    );
    assert!(most <= limit, "{most} at once");
    // As above, there are five configured processes.
    assert!(opened <= 5 * limit, "{opened} opened");
}

/// The port of a URL.
fn port(url: &str) -> u16 {
    let port = url.rsplit(':').next().and_then(|it| it.parse().ok());
    port.expect("a port")
}

/// A host name that only the proxies of these tests can resolve.
const HOST: &str = "emulator.test";

/// Returns a scene whose tenant also has that name, and the port of the tenant.
async fn behind_a_proxy() -> Option<(Scene, u16)> {
    let options = Options {
        host_names: vec![HOST.to_owned()],
        ..Options::default()
    };
    let scene = Scene::with_options(options).await?;
    let port = port(scene.emulator.url());
    scene.write(&[(CLOUD, &scene.attributes(CLOUD))]);
    Some((scene, port))
}

impl Scene {
    /// Uses the other name of the tenant from now on.
    fn call_by_name(&mut self, port: u16) {
        let url = format!("https://{HOST}:{port}");
        self.workspace.env("CONDUCTORONE_SERVER_URL", &url);
    }
}

#[tokio::test]
async fn a_proxy_of_the_environment_is_used_but_not_for_this_machine() {
    let (mut scene, port) = or_skip!(behind_a_proxy());
    let proxy = Proxy::to(port, Protocol::Http, None).await;
    let url = format!("http://{}", proxy.address);
    for variable in ["HTTPS_PROXY", "HTTP_PROXY"] {
        scene.workspace.env(variable, &url);
    }
    scene.create_complete(CLOUD).await;
    assert_eq!(proxy.asked(), Vec::<String>::new());

    scene.call_by_name(port);
    scene.workspace.assert_quiet("through the proxy").await;
    let target = format!("{HOST}:{port}");
    assert_eq!(proxy.asked(), [target.as_str()]);
    scene.workspace.destroy().await.succeeded();
    assert_eq!(scene.connectors().len(), 0);

    let direct = [
        HOST.to_owned(),
        target,
        format!(".test:{port}"),
        "*".to_owned(),
    ];
    scene.provider(&json!({"max_retries": 0}));
    for no_proxy in direct {
        scene.workspace.env("NO_PROXY", &no_proxy);
        let asked = proxy.asked().len();
        let run = scene.workspace.apply(&[]).await.failed();
        assert!(run.text().contains("host not found"), "{no_proxy}: {run}");
        assert_eq!(proxy.asked().len(), asked, "{no_proxy}");
    }
    // Another port of the same host.
    scene.workspace.env("NO_PROXY", &format!("{HOST}:1"));
    scene.workspace.apply(&[]).await.succeeded();
}

#[tokio::test]
async fn a_socks_proxy_looks_the_host_up_itself() {
    let (mut scene, port) = or_skip!(behind_a_proxy());
    let login = ("terraform", "p@ss:word");
    let proxy = Proxy::to(port, Protocol::Socks5, Some(login)).await;
    let url = format!("socks5://terraform:p%40ss%3Aword@{}", proxy.address);
    scene.workspace.env("https_proxy", &url);
    scene.call_by_name(port);
    scene.workspace.apply(&[]).await.succeeded();
    scene.workspace.assert_quiet("through the proxy").await;
    let target = format!("{HOST}:{port}");
    assert!(
        proxy.asked().iter().all(|asked| *asked == target),
        "{:?}",
        proxy.asked()
    );
    assert!(proxy.asked().len() >= 2, "{:?}", proxy.asked());
}

#[tokio::test]
async fn a_proxy_that_refuses_its_credentials_is_asked_once_and_named() {
    let (mut scene, port) = or_skip!(behind_a_proxy());
    scene.call_by_name(port);
    let login = Some(("terraform", "right"));
    for (protocol, scheme) in [(Protocol::Http, "http"), (Protocol::Socks5, "socks5")] {
        for user in ["", "terraform:hunter2@"] {
            let proxy = Proxy::to(port, protocol, login).await;
            let url = format!("{scheme}://{user}{}", proxy.address);
            scene.workspace.env("HTTPS_PROXY", &url);
            let (outcome, run) = scene.workspace.plan().await;
            assert_eq!(outcome, Outcome::Error, "{run}");
            let shown = format!("{scheme}://{}", proxy.address);
            for part in ["Proxy refused its credentials", "HTTPS_PROXY", &shown] {
                assert!(run.text().contains(part), "{part}: {run}");
            }
            assert!(!run.text().contains("hunter2"), "{run}");
            assert_eq!(proxy.asked(), ["refused"], "{url}");
        }
    }
    assert_eq!(scene.emulator.journal().len(), 0);
}

#[tokio::test]
async fn a_proxy_that_cannot_be_reached_is_named() {
    let (mut scene, port) = or_skip!(behind_a_proxy());
    scene.call_by_name(port);
    scene.provider(&json!({"max_retries": 0}));
    let closed = ClosedPort::new().address().to_string();
    let name = "proxy.invalid:3128".to_owned();
    for (variable, scheme, address, title) in [
        (
            "HTTPS_PROXY",
            "http",
            &closed,
            "No connection through the proxy",
        ),
        (
            "ALL_PROXY",
            "socks5",
            &closed,
            "No connection through the proxy",
        ),
        ("https_proxy", "http", &name, "Proxy not found"),
    ] {
        let url = format!("{scheme}://user:hunter2@{address}");
        scene.workspace.env(variable, &url);
        let run = scene.workspace.apply(&[]).await.failed();
        for part in [title, variable, &format!("{scheme}://{address}")] {
            assert!(run.text().contains(part), "{part}: {run}");
        }
        assert!(!run.text().contains("hunter2"), "{run}");
        scene.workspace.without(variable);
    }
}

#[tokio::test]
async fn a_proxy_that_cannot_be_used_is_an_error_of_the_configuration() {
    let (mut scene, port) = or_skip!(behind_a_proxy());
    scene.call_by_name(port);
    for url in [
        "socks4://proxy.corp:1080",
        "http://user:hunter2@proxy.corp:port",
    ] {
        scene.workspace.env("HTTPS_PROXY", url);
        let (outcome, run) = scene.workspace.plan().await;
        assert_eq!(outcome, Outcome::Error, "{run}");
        assert!(run.text().contains("Invalid proxy"), "{run}");
        assert!(run.text().contains("HTTPS_PROXY is invalid"), "{run}");
        assert!(!run.text().contains("hunter2"), "{run}");
    }
}
