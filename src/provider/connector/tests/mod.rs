//! Two connectors that nobody sells, and nothing but declared: what all connectors share is theirs too.

mod test_connectors;

use std::collections::BTreeMap;
use std::sync::Arc;

use conductorone_emulator::{Emulator, Options, StoredConnector, Time};

use crate::provider::Confluence;
use crate::provider::pending_descriptions::PendingDescriptions;
use crate::provider::provider_data::ProviderData;
use crate::terraform::managed::managed;
use crate::terraform::provider::Provider;
use crate::terraform::resource::Resource;
use crate::terraform::tests::lifecycle::Lifecycle;

use super::import::import_id;
use super::{HostedResource, SelfHostedResource};

/// An emulated ConductorOne, and a provider that is configured for it.
struct Scene {
    emulator: Emulator,
    pending_descriptions: Arc<PendingDescriptions>,
}

impl Scene {
    async fn new() -> Self {
        let emulator = Emulator::start(Options::default()).await.unwrap();
        let pending_descriptions = Arc::default();
        Self {
            emulator,
            pending_descriptions,
        }
    }

    fn life<R: Resource<Client = ProviderData>>(&self, resource: R) -> Lifecycle<ProviderData> {
        let url = self.emulator.url().to_owned();
        let access_token = self.emulator.access_token().to_owned();
        let pending_descriptions = Arc::clone(&self.pending_descriptions);
        let configure = move || {
            ProviderData::for_server(&url, &access_token, Arc::clone(&pending_descriptions))
        };
        Lifecycle::new(managed(resource, Confluence::FORMATS), configure)
    }

    /// A configuration in this emulator's app, with these attributes in JSON.
    fn config(&self, attributes: &str) -> String {
        format!(
            r#"{{"app_id": "{}", {attributes}}}"#,
            self.emulator.app_id()
        )
    }

    /// The only connector there is.
    fn connector(&self) -> StoredConnector {
        let mut connectors = self.emulator.connectors();
        connectors.retain(|connector| connector.deleted_at.is_none());
        assert_eq!(connectors.len(), 1, "{connectors:?}");
        connectors.remove(0)
    }

    fn stored(&self) -> BTreeMap<String, String> {
        self.connector().config
    }

    fn import_id(&self) -> String {
        import_id(&self.emulator.app_id(), &self.connector().id)
    }

    /// Checks that ConductorOne has no connector any more.
    fn assert_empty(&self) {
        let connectors = self.emulator.connectors();
        assert!(connectors.iter().all(|it| it.deleted_at.is_some()));
    }
}

/// What is said where nothing is.
const NONE: [&str; 0] = [];

fn settings(expected: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned = |(key, text): &(&str, &str)| ((*key).to_owned(), (*text).to_owned());
    expected.iter().map(owned).collect()
}

#[tokio::test]
async fn a_hosted_connector_lives_by_its_declaration() {
    let scene = Scene::new().await;
    let mut life = scene.life(HostedResource::<test_connectors::Cloud>::default());
    let first = scene.config(r#""site": "north", "account": "svc", "token": "token-1""#);
    assert_eq!(life.validate(&first), NONE);
    assert_eq!(life.apply(&first).await, NONE);
    let stored = [
        ("api-key", "token-1"),
        ("domain-url", "north"),
        ("username", "svc"),
    ];
    assert_eq!(scene.stored(), settings(&stored));
    assert_eq!(life.refresh().await, NONE);
    assert_eq!(life.plan(&first).await, (vec![], vec![]));

    let second = scene
        .config(r#""site": "south", "account": "svc", "token": "token-1", "without_drafts": true"#);
    let changed = ["site", "without_drafts"].map(str::to_owned).to_vec();
    assert_eq!(life.plan(&second).await, (changed, vec![]));
    assert_eq!(life.apply(&second).await, NONE);
    let stored = [
        ("api-key", "token-1"),
        ("domain-url", "south"),
        ("skip-personal-spaces", "true"),
        ("username", "svc"),
    ];
    assert_eq!(scene.stored(), settings(&stored));

    let mut imported = scene.life(HostedResource::<test_connectors::Cloud>::default());
    assert_eq!(imported.import(&scene.import_id()).await, NONE);
    let secret_alone = vec!["token".to_owned()];
    assert_eq!(imported.plan(&second).await, (secret_alone, vec![]));

    assert_eq!(life.apply(&first).await, NONE);
    assert_eq!(scene.stored()["skip-personal-spaces"], "false");
    assert_eq!(life.destroy().await, NONE);
    assert!(!life.exists());
    scene.assert_empty();
}

#[tokio::test]
async fn settings_of_a_hosted_connector_that_change_elsewhere_are_written_again() {
    let scene = Scene::new().await;
    let mut life = scene.life(HostedResource::<test_connectors::Cloud>::default());
    let config = scene.config(r#""site": "north", "account": "svc", "token": "token-1""#);
    life.apply(&config).await;
    scene
        .emulator
        .edit_connector(&scene.connector().id, |connector| {
            connector
                .config
                .insert("domain-url".to_owned(), "theirs".to_owned());
            connector
                .config
                .insert("api-key".to_owned(), "theirs".to_owned());
            let a_while = std::time::Duration::from_secs(1);
            connector.config_updated_at = Some(Time::now().after(a_while));
        });
    // The doubt stays until the key was written again, however often somebody looks.
    for _ in 0..2 {
        assert_eq!(life.refresh().await, NONE);
        assert_eq!(life.text("site"), "theirs");
        let doubted = ["site", "token"].map(str::to_owned).to_vec();
        let said = vec!["Settings changed outside Terraform".to_owned()];
        assert_eq!(life.plan(&config).await, (doubted, said));
    }
    life.apply(&config).await;
    assert_eq!(life.plan(&config).await, (vec![], vec![]));
    let stored = [
        ("api-key", "token-1"),
        ("domain-url", "north"),
        ("username", "svc"),
    ];
    assert_eq!(scene.stored(), settings(&stored));
}

#[tokio::test]
async fn invalid_settings_are_reported_by_their_names() {
    let scene = Scene::new().await;
    let life = scene.life(HostedResource::<test_connectors::Cloud>::default());
    let cases = [
        (r#""site": "north", "token": "t""#, vec!["Missing account"]),
        (
            r#""without_drafts": true"#,
            vec!["Missing site and account"],
        ),
        (r#""token": "t""#, vec!["Missing site and account"]),
        (r#""wait_for_sync": true"#, vec!["Invalid wait_for_sync"]),
        (
            r#""site": "north", "account": "svc", "token": "t", "token_wo": "t""#,
            vec!["Two tokens"],
        ),
        (
            r#""site": "north", "account": "svc", "token": "t", "token_wo_version": 1"#,
            vec!["Missing token_wo"],
        ),
    ];
    for (attributes, said) in cases {
        assert_eq!(
            life.validate(&scene.config(attributes)),
            said,
            "{attributes}"
        );
    }
    let (_, said) = life
        .plan(&scene.config(r#""site": "north", "account": "svc""#))
        .await;
    assert_eq!(said, ["Missing token"]);
}

#[tokio::test]
async fn a_self_hosted_connector_lives_by_its_declaration() {
    let scene = Scene::new().await;
    let mut life = scene.life(SelfHostedResource::<test_connectors::Server>::default());
    let first = scene.config(r#""url": "https://wiki.example", "key": "key-1""#);
    assert_eq!(life.validate(&first), NONE);
    assert_eq!(life.apply(&first).await, NONE);
    assert_eq!(scene.connector().display_name, "Made-up Server");
    let id = scene.connector().id;
    let credentials = || scene.emulator.credentials(&id);
    let issued = credentials().remove(0);
    let environment = [
        ("BATON_CLIENT_ID", issued.client_id.as_str()),
        ("BATON_CLIENT_SECRET", issued.client_secret.as_str()),
        ("BATON_MADE_UP_KEY", "key-1"),
        ("BATON_MADE_UP_URL", "https://wiki.example"),
    ];
    assert_eq!(life.map("environment"), environment);
    assert_eq!(life.refresh().await, NONE);
    assert_eq!(life.plan(&first).await, (vec![], vec![]));

    let second = scene.config(r#""url": "https://wiki.example", "key": "key-2""#);
    let changed = ["environment", "key"].map(str::to_owned).to_vec();
    assert_eq!(life.plan(&second).await, (changed, vec![]));
    assert_eq!(life.apply(&second).await, NONE);
    assert!(
        life.map("environment")
            .contains(&("BATON_MADE_UP_KEY", "key-2"))
    );
    assert_eq!(credentials().len(), 1);

    let third =
        scene.config(r#""url": "https://wiki.example", "key": "key-2", "credential_version": 2"#);
    assert_eq!(life.apply(&third).await, NONE);
    assert_eq!(life.text("previous_credential_id"), issued.id);
    assert_ne!(life.text("credential_id"), issued.id);
    assert_eq!(credentials().len(), 2);
    assert_eq!(life.plan(&third).await, (vec![], vec![]));

    assert_eq!(life.destroy().await, NONE);
    assert!(credentials().iter().all(|credential| credential.revoked));
    scene.assert_empty();
}

#[tokio::test]
async fn a_credential_of_a_self_hosted_connector_that_is_gone_is_issued_anew() {
    let scene = Scene::new().await;
    let mut life = scene.life(SelfHostedResource::<test_connectors::Server>::default());
    let config = scene.config(r#""url": "https://wiki.example", "key": "key-1""#);
    life.apply(&config).await;
    let revoked = life.text("credential_id").to_owned();
    scene.emulator.revoke_credential(&revoked);
    assert_eq!(life.refresh().await, NONE);
    assert_eq!(life.apply(&config).await, ["Credential will be issued"]);
    assert_ne!(life.text("credential_id"), revoked);

    let mut imported = scene.life(SelfHostedResource::<test_connectors::Server>::default());
    assert_eq!(imported.import(&scene.import_id()).await, NONE);
    let (_, said) = imported.plan(&config).await;
    assert_eq!(said, ["Credential will be issued"]);
}

#[tokio::test]
async fn a_connector_of_the_other_kind_cannot_be_imported() {
    let scene = Scene::new().await;
    let config = scene.config(r#""url": "https://wiki.example", "key": "key-1""#);
    let mut server = scene.life(SelfHostedResource::<test_connectors::Server>::default());
    server.apply(&config).await;
    let mut cloud = scene.life(HostedResource::<test_connectors::Cloud>::default());
    let said = cloud.import(&scene.import_id()).await;
    assert_eq!(said, ["Not a Made-up Cloud connector"]);
}
