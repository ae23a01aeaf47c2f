//! Connections: as few as HTTP allows, through a proxy where there is one.

use std::sync::{Arc, Mutex};

use conductorone_emulator::Options;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::nobody::Nobody;
use crate::scene::{CLOUD, Scene, with};

/// So many resources at once that Terraform's own limit matters.
const MANY: usize = 60;

/// A configuration of many connectors with this limit on concurrent requests.
fn many(scene: &Scene, limit: usize) -> Value {
    let attributes = with(&scene.attributes(CLOUD), &json!({"count": MANY}));
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
    let Some(scene) = Scene::new().await else {
        return;
    };
    live(&scene, 8).await;
    for entry in scene.emulator.journal() {
        assert_eq!(entry.http_version, "HTTP/2.0", "{}", entry.path);
    }
    // One for each process that is configured: two of an apply, one of a plan, two of a destroy.
    let opened = scene.emulator.connections_opened();
    assert!(opened <= 5, "{opened} connections");
}

#[tokio::test]
async fn with_http_1_there_are_no_more_connections_than_requests_in_flight() {
    let options = Options {
        http1_only: true,
        ..Options::default()
    };
    let Some(scene) = Scene::with_options(options).await else {
        return;
    };
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
    // Five processes are configured, as above.
    assert!(opened <= 5 * limit, "{opened} opened");
}

/// An HTTP proxy that connects whatever name is asked for to one port of this machine.
struct Proxy {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
}

impl Proxy {
    async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&asked);
        let serving = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(connect(client, port, Arc::clone(&log)));
            }
        });
        Self {
            url: format!("http://{address}"),
            asked,
            serving,
        }
    }

    /// The first lines of the requests so far.
    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no poison").clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Serves one `CONNECT`.
async fn connect(mut client: TcpStream, port: u16, log: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = client.read_u8().await else {
            return;
        };
        head.push(byte);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let line = head.lines().next().unwrap_or_default().to_owned();
    log.lock().expect("no poison").push(line);
    let Ok(mut server) = TcpStream::connect(("127.0.0.1", port)).await else {
        return;
    };
    let established = b"HTTP/1.1 200 Connection established\r\n\r\n";
    if client.write_all(established).await.is_ok() {
        // How a tunnel ends is the business of those who talk through it.
        let _ = copy_bidirectional(&mut client, &mut server).await;
    }
}

/// The port of a URL.
fn port(url: &str) -> u16 {
    let port = url.rsplit(':').next().and_then(|it| it.parse().ok());
    port.expect("a port")
}

#[tokio::test]
async fn a_proxy_of_the_environment_is_used_but_not_for_this_machine() {
    let options = Options {
        host_names: vec!["emulator.test".to_owned()],
        ..Options::default()
    };
    let Some(mut scene) = Scene::with_options(options).await else {
        return;
    };
    let port = port(scene.emulator.url());
    let proxy = Proxy::to(port).await;
    for variable in ["HTTPS_PROXY", "HTTP_PROXY"] {
        scene.workspace.env(variable, &proxy.url);
    }
    scene.create(&[(CLOUD, &scene.attributes(CLOUD))]).await;
    assert_eq!(proxy.asked(), Vec::<String>::new());

    // A name that nobody but the proxy knows.
    let url = format!("https://emulator.test:{port}");
    scene.workspace.env("CONDUCTORONE_SERVER_URL", &url);
    scene.workspace.assert_quiet("through the proxy").await;
    let line = format!("CONNECT emulator.test:{port} HTTP/1.1");
    assert_eq!(proxy.asked(), [line]);
    scene.workspace.destroy().await.succeeded();
    assert_eq!(scene.connectors().len(), 0);

    scene.workspace.env("NO_PROXY", "emulator.test");
    scene.workspace.env("CONDUCTORONE_SERVER_URL", &url);
    let asked = proxy.asked().len();
    scene.write(&[(CLOUD, &scene.attributes(CLOUD))]);
    let run = scene.workspace.apply(&[]).await.failed();
    assert!(run.text().contains("host not found"), "{run}");
    assert_eq!(proxy.asked().len(), asked);
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_named() {
    let Some(mut scene) = Scene::new().await else {
        return;
    };
    let nobody = Nobody::new();
    let proxy = format!("http://{}", nobody.address());
    scene.workspace.env("HTTPS_PROXY", &proxy);
    let url = "https://emulator.test";
    scene.workspace.env("CONDUCTORONE_SERVER_URL", url);
    let mut configuration = crate::scene::config(&[(CLOUD, &scene.attributes(CLOUD))]);
    configuration["provider"] = json!({"confluence": {"max_retries": 0}});
    scene.workspace.write(&configuration);
    let run = scene.workspace.apply(&[]).await.failed();
    assert!(run.text().contains("HTTPS_PROXY"), "{run}");
}
