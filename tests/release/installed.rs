//! The real Terraform installs the release from mirrors and uses it, without access to a registry.

use std::fs;

use conductorone_emulator::Options;
use serde_json::json;

use crate::emulator::CheckedEmulator;
use crate::files::{VERSION, release};
use crate::mirror::{Mirror, SOURCE, put};
use crate::terraform::{Run, Workspace, cli, platform};

/// A tenant and a folder with a configuration that can install the provider only in one way.
struct Scene {
    emulator: CheckedEmulator,
    workspace: Workspace,
}

impl Scene {
    async fn new(method: &str, trusted: &str) -> Option<Self> {
        let mut workspace = Workspace::new(cli()?);
        let options = Options {
            tls: true,
            ..Options::default()
        };
        let emulator = CheckedEmulator::start(options).await;
        let settings = format!("provider_installation {{\n  {method}\n}}\n");
        fs::write(workspace.path("cli.tfrc"), settings).expect("a file");
        // Terraform installs a pre-release only if the configuration requires that version.
        let required = json!({"confluence": {"source": SOURCE, "version": VERSION}});
        let required = json!({"terraform": {"required_providers": required}});
        fs::write(workspace.path("versions.tf.json"), required.to_string()).expect("a file");
        workspace.write(&json!({"resource": {"confluence_integration": {"it": {
            "app_id": emulator.app_id(), "owner_ids": [emulator.user_id("alice")], "site_domain": "acme",
            "username": "svc@acme.example", "api_key": "key-1",
        }}}}));
        let certificates = workspace.path("ca.pem");
        let pem = format!("{}{trusted}", emulator.ca_pem().expect("TLS"));
        fs::write(&certificates, pem).expect("a file");
        workspace.env("SSL_CERT_FILE", &certificates.display().to_string());
        workspace.env("CONDUCTORONE_SERVER_URL", emulator.url());
        workspace.env("CONDUCTORONE_CLIENT_ID", emulator.client_id());
        workspace.env("CONDUCTORONE_CLIENT_SECRET", emulator.client_secret());
        Some(Self {
            emulator,
            workspace,
        })
    }

    async fn from_folder(mirror: &std::path::Path) -> Option<Self> {
        let path = mirror.display().to_string();
        Self::new(&format!("filesystem_mirror {{ path = {path:?} }}"), "").await
    }

    async fn from(mirror: &Mirror) -> Option<Self> {
        let method = format!("network_mirror {{ url = {:?} }}", mirror.url);
        Self::new(&method, &mirror.pem).await
    }

    async fn init(&self) -> Run {
        self.workspace
            .run(&["init", "-no-color", "-input=false"])
            .await
    }

    fn lock(&self) -> String {
        fs::read_to_string(self.workspace.path(".terraform.lock.hcl")).expect("a lock file")
    }

    /// Creates a connector and checks that the plan is empty afterwards.
    async fn works(&self) {
        self.workspace.apply(&[]).await.succeeded();
        assert_eq!(self.emulator.connectors().len(), 1);
        self.workspace.assert_quiet("after the apply").await;
    }
}

fn zip() -> Vec<u8> {
    release().read(&format!("{}.zip", platform()))
}

#[tokio::test]
async fn a_filesystem_mirror_takes_the_zip() {
    let mirror = tempfile::tempdir().expect("a folder");
    let Some(scene) = Scene::from_folder(mirror.path()).await else {
        return;
    };
    put(mirror.path(), &zip());
    scene.init().await.succeeded();
    let lock = scene.lock();
    assert!(lock.contains(&release().zip().h1()), "{lock}");
    scene.works().await;
}

/// The error text comes from the provider's own resolver, which a static program must use.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn hosts_are_looked_up_without_the_c_library() {
    let mirror = tempfile::tempdir().expect("a folder");
    let Some(mut scene) = Scene::from_folder(mirror.path()).await else {
        return;
    };
    put(mirror.path(), &zip());
    let provider = json!({"provider": {"confluence": {"max_retries": 0}}});
    fs::write(
        scene.workspace.path("provider.tf.json"),
        provider.to_string(),
    )
    .expect("a file");
    // A reserved name that never has an address.
    let workspace = &mut scene.workspace;
    workspace.env("CONDUCTORONE_SERVER_URL", "https://acme.invalid");
    scene.init().await.succeeded();
    let (_, run) = scene.workspace.plan().await;
    let text = run.text();
    assert!(
        text.contains("acme.invalid cannot be found: no DNS server knows an address"),
        "{run}"
    );
}

#[tokio::test]
async fn another_zip_in_the_folder_is_refused() {
    let mirror = tempfile::tempdir().expect("a folder");
    let Some(scene) = Scene::from_folder(mirror.path()).await else {
        return;
    };
    put(mirror.path(), &zip());
    scene.init().await.succeeded();
    fs::remove_dir_all(scene.workspace.path(".terraform")).expect("a folder");
    put(mirror.path(), &release().zip().tampered());
    let run = scene.init().await.failed();
    assert!(run.text().contains("checksum"), "{run}");
}

#[tokio::test]
async fn a_network_mirror_takes_the_zip() {
    let mirror = Mirror::start(&zip(), zip()).await;
    let Some(scene) = Scene::from(&mirror).await else {
        return;
    };
    scene.init().await.succeeded();
    let lock = scene.lock();
    assert!(lock.contains(&release().zip().h1()), "{lock}");
    scene.works().await;
}

#[tokio::test]
async fn another_zip_on_the_server_is_refused() {
    let mirror = Mirror::start(&zip(), release().zip().tampered()).await;
    let Some(scene) = Scene::from(&mirror).await else {
        return;
    };
    let run = scene.init().await.failed();
    assert!(run.text().contains("checksum"), "{run}");
}
