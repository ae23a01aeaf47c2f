//! Terraform's rules for plans: known and unknown values, and empty plans.

use std::collections::BTreeSet;

use conductorone_emulator::{Emulator, Options, StoredUser};
use serde_json::{Value, json};

use crate::emulator::CheckedEmulator;
use crate::plugin::{Launch, Plugin};
use crate::provider::{Plan, Provider, State, errors};
use crate::value::{complete, unknown};

pub(crate) const CLOUD: &str = "confluence_integration";
pub(crate) const DATA_CENTER: &str = "confluence_datacenter_integration";
pub(crate) const SELF_HOSTED: &str = "confluence_self_hosted_integration";
pub(crate) const APP: &str = "confluence_app";
/// A connector that ConductorOne hosts, and one that users run.
pub(crate) const BOTH: [&str; 2] = [CLOUD, DATA_CENTER];
/// All resources.
pub(crate) const ALL: [&str; 4] = [CLOUD, DATA_CENTER, SELF_HOSTED, APP];

/// A configured provider and its service.
pub(crate) struct Scene {
    /// The provider.
    pub(crate) provider: Provider,
    /// The service.
    pub(crate) emulator: CheckedEmulator,
    /// Its process.
    pub(crate) plugin: Plugin,
}

impl Scene {
    /// Starts both, and configures the provider.
    pub(crate) async fn new() -> Self {
        Self::over(CheckedEmulator::start(Options::default()).await).await
    }

    /// Starts another Terraform run with its own process.
    pub(crate) async fn next_run(self) -> Self {
        Self::over(self.emulator).await
    }

    /// Starts both, and sets this variable to identify the Terraform run.
    pub(crate) async fn of_run(variable: [&str; 2]) -> Self {
        let emulator = CheckedEmulator::start(Options::default()).await;
        Self::launched(emulator, Some(variable)).await
    }

    /// Starts another process of the run that this variable identifies.
    pub(crate) async fn beside(self, variable: [&str; 2]) -> Self {
        Self::launched(self.emulator, Some(variable)).await
    }

    async fn over(emulator: CheckedEmulator) -> Self {
        Self::launched(emulator, None).await
    }

    async fn launched(emulator: CheckedEmulator, variable: Option<[&str; 2]>) -> Self {
        let launch = Launch::like_terraform();
        let launch = match variable {
            Some([name, value]) => launch.env(name, value),
            None => launch,
        };
        let plugin = launch.start().await;
        let provider = Provider::over(plugin.connect().await).await;
        configure(&provider, &emulator).await;
        Self {
            provider,
            emulator,
            plugin,
        }
    }

    /// Returns a complete configuration of a resource.
    pub(crate) fn config(&self, name: &str) -> Value {
        let config = match name {
            CLOUD | SELF_HOSTED => json!({
                "app_id": self.emulator.app_id(), "site_domain": "acme",
                "username": "svc@acme.example", "api_key": "key",
                "owner_ids": [self.emulator.user_id("alice")],
            }),
            APP => json!({
                "display_name": "Confluence", "annotations": {"team": "docs"},
                "owner_ids": [self.emulator.user_id("alice")],
            }),
            _ => json!({
                "app_id": self.emulator.app_id(), "access_token": "pat",
                "hostname": "https://confluence.corp.acme.com",
            }),
        };
        complete(&config, &self.provider.resource_type(name))
    }

    /// Plans to create a resource.
    pub(crate) async fn plan_create(&self, name: &str, config: &Value) -> Plan {
        self.provider.plan(name, &Value::Null, config, &[]).await
    }

    /// Plans to change or delete a resource.
    pub(crate) async fn plan_update(&self, name: &str, prior: &State, config: &Value) -> Plan {
        let plan = self
            .provider
            .plan(name, &prior.value, config, &prior.private)
            .await;
        assert_eq!(errors(&plan.findings).len(), 0, "{:#?}", plan.findings);
        plan
    }

    /// Creates a resource and returns its state after a read.
    pub(crate) async fn create(&self, name: &str, config: &Value) -> State {
        let plan = self.plan_create(name, config).await;
        assert_eq!(errors(&plan.findings).len(), 0, "{:#?}", plan.findings);
        let state = self.provider.apply(name, &Value::Null, config, &plan).await;
        assert_eq!(errors(&state.findings).len(), 0, "{:#?}", state.findings);
        assert_kept(&plan.state, &state.value, name);
        self.provider.read(name, &state).await
    }
}

/// Configures a provider for this service.
pub(crate) async fn configure(provider: &Provider, emulator: &Emulator) {
    let config = json!({
        "server_url": emulator.url(),
        "client_id": emulator.client_id(),
        "client_secret": emulator.client_secret(),
    });
    assert_eq!(provider.configure(&config).await, []);
}

/// Returns a configuration with another value.
pub(crate) fn set(config: &Value, attribute: &str, value: Value) -> Value {
    let mut config = config.clone();
    config[attribute] = value;
    config
}

/// Returns a configuration with the owner who has this address.
pub(crate) fn owned_by(config: &Value, email: &str) -> Value {
    let config = set(config, "owner_ids", Value::Null);
    set(&config, "owner_emails", json!([email]))
}

/// Checks that the state after an apply, even a failed one, has no unknown values.
fn assert_known(value: &Value) {
    assert!(!value.to_string().contains("$unknown"), "{value:#}");
}

/// Checks that the state contains the known planned values, and no unknown values.
fn assert_kept(planned: &Value, applied: &Value, place: &str) {
    match (planned, applied) {
        (planned, applied) if *planned == unknown() => assert_known(applied),
        (Value::Object(planned), Value::Object(applied)) => {
            for (name, planned) in planned {
                let applied = applied
                    .get(name)
                    .unwrap_or_else(|| panic!("{place}.{name}: absent"));
                assert_kept(planned, applied, &format!("{place}.{name}"));
            }
        }
        (Value::Array(planned), Value::Array(applied)) if planned.len() == applied.len() => {
            assert!(
                planned.iter().all(|planned| applied.contains(planned)),
                "{place}"
            );
        }
        _ => assert_eq!(planned, applied, "{place}"),
    }
}

#[tokio::test]
async fn a_create_plan_shows_what_is_configured() {
    let scene = Scene::new().await;
    for name in ALL {
        let config = scene.config(name);
        let plan = scene.plan_create(name, &config).await;
        assert_eq!(errors(&plan.findings).len(), 0, "{:#?}", plan.findings);
        for attribute in scene.provider.attributes(name) {
            let (planned, configured) = (&plan.state[&attribute.name], &config[&attribute.name]);
            if attribute.write_only {
                assert_eq!(*planned, Value::Null, "{}", attribute.name);
            } else if !configured.is_null() || !attribute.computed {
                assert_eq!(planned, configured, "{}", attribute.name);
            }
        }
    }
}

/// The attributes of every new self-hosted connector that ConductorOne chooses.
const OF_CREDENTIAL: [&str; 5] = [
    "client_id",
    "client_secret",
    "credential_expires_at",
    "credential_id",
    "environment",
];

/// Returns what the plan of a creation cannot know, because ConductorOne chooses it.
fn unknown_in_creation(name: &str) -> BTreeSet<&'static str> {
    let chosen = ["created_at", "id"].into_iter();
    match name {
        DATA_CENTER | SELF_HOSTED => chosen.chain(OF_CREDENTIAL).collect(),
        _ => chosen.collect(),
    }
}

/// Returns the attributes that contain unknown values.
fn unknown_in(planned: &Value) -> BTreeSet<&str> {
    let attributes = planned.as_object().expect("an object").iter();
    let unknown = attributes.filter(|(_, value)| value.to_string().contains("$unknown"));
    unknown.map(|(name, _)| name.as_str()).collect()
}

#[tokio::test]
async fn a_create_plan_leaves_unknown_only_what_conductorone_chooses() {
    let scene = Scene::new().await;
    for name in ALL {
        let owned = owned_by(&scene.config(name), "alice@acme.example");
        let plan = scene.plan_create(name, &owned).await;
        assert_eq!(unknown_in(&plan.state), unknown_in_creation(name), "{name}");
        let unowned = set(&scene.config(name), "owner_ids", Value::Null);
        let plan = scene.plan_create(name, &unowned).await;
        let mut expected = unknown_in_creation(name);
        expected.insert("owner_ids");
        assert_eq!(unknown_in(&plan.state), expected, "{name}");
    }
    let delegated = json!({"app_id": scene.emulator.app_id()});
    let delegated = complete(&delegated, &scene.provider.resource_type(CLOUD));
    let plan = scene.plan_create(CLOUD, &delegated).await;
    let expected = BTreeSet::from(["created_at", "id", "owner_ids"]);
    assert_eq!(unknown_in(&plan.state), expected, "without settings");
    let discovered = json!({"unmanaged_app": {
        "app_id": scene.emulator.directory_app_id(), "resource_type_id": "application",
        "resource_id": scene.emulator.discovered_resource_id(),
    }});
    let promoted = complete(&discovered, &scene.provider.resource_type(APP));
    let plan = scene.plan_create(APP, &promoted).await;
    let expected = [
        "created_at",
        "description",
        "display_name",
        "id",
        "owner_ids",
    ];
    assert_eq!(
        unknown_in(&plan.state),
        BTreeSet::from(expected),
        "promoted"
    );
}

#[tokio::test]
async fn the_version_decides_whether_the_name_of_a_new_connector_is_known() {
    let scene = Scene::new().await;
    for (version, name) in [
        (json!(1), json!("Confluence")),
        (json!(2), json!("Confluence v2")),
        (unknown(), unknown()),
    ] {
        let config = set(&scene.config(CLOUD), "connector_version", version);
        let plan = scene.plan_create(CLOUD, &config).await;
        assert_eq!(plan.state["display_name"], name);
        assert_eq!(plan.state["catalog_id"] == unknown(), name == unknown());
    }
}

#[tokio::test]
async fn an_unchanged_plan_is_the_prior_state_byte_for_byte() {
    let scene = Scene::new().await;
    for name in ALL {
        let config = scene.config(name);
        let state = scene.create(name, &config).await;
        let plan = scene.plan_update(name, &state, &config).await;
        assert_eq!(plan.state, state.value, "{name}");
        assert_eq!(plan.bytes, state.bytes, "{name}");
        assert_eq!(plan.replace, Vec::<String>::new(), "{name}");
    }
}

#[tokio::test]
async fn an_update_plan_keeps_known_what_will_not_change() {
    let scene = Scene::new().await;
    for name in ALL {
        let config = scene.config(name);
        let state = scene.create(name, &config).await;
        let config = set(&config, "display_name", json!("Wiki"));
        let plan = scene.plan_update(name, &state, &config).await;
        let expected = set(&state.value, "display_name", json!("Wiki"));
        assert_eq!(plan.state, expected, "{name}");
        assert_eq!(plan.replace, Vec::<String>::new(), "{name}");
    }
}

#[tokio::test]
async fn an_unknown_configured_value_stays_unknown() {
    let scene = Scene::new().await;
    for name in ALL {
        let config = scene.config(name);
        let state = scene.create(name, &config).await;
        let own = match name {
            APP => "annotations",
            _ => "username",
        };
        for attribute in ["display_name", "description", "owner_ids", own] {
            let mut config = set(&config, attribute, unknown());
            if name == DATA_CENTER {
                config["password"] = unknown();
            }
            let create = scene.plan_create(name, &config).await;
            assert_eq!(
                create.state[attribute],
                unknown(),
                "creating {name}.{attribute}"
            );
            let update = scene.plan_update(name, &state, &config).await;
            assert_eq!(
                update.state[attribute],
                unknown(),
                "updating {name}.{attribute}"
            );
        }
    }
}

/// Terraform plans again during apply, and rejects an unknown value that the first plan knew.
#[tokio::test]
async fn owners_that_were_found_stay_known_when_another_check_fails() {
    let scene = Scene::new().await;
    let settings = json!({
        "server_url": scene.emulator.url(), "client_id": scene.emulator.client_id(),
        "client_secret": scene.emulator.client_secret(), "max_retries": 0,
    });
    assert_eq!(scene.provider.configure(&settings).await, []);
    let alice = json!([scene.emulator.user_id("alice")]);
    let config = owned_by(&scene.config(CLOUD), "alice@acme.example");
    let plan = scene.plan_create(CLOUD, &config).await;
    assert_eq!(plan.findings, []);
    assert_eq!(plan.state["owner_ids"], alice);
    scene.emulator.refuse("GET", "/api/v1/apps/", 500);
    let elsewhere = json!(scene.emulator.other_app_id());
    let plan = scene
        .plan_create(CLOUD, &set(&config, "app_id", elsewhere))
        .await;
    assert_eq!(plan.findings.len(), 1, "{:#?}", plan.findings);
    assert_eq!(plan.findings[0].summary, "Plan checks were skipped");
    assert_eq!(plan.state["owner_ids"], alice);
    let bob = owned_by(&config, "bob@acme.example");
    let plan = scene.plan_create(CLOUD, &bob).await;
    assert_eq!(plan.findings, []);
    assert_eq!(
        plan.state["owner_ids"],
        json!([scene.emulator.user_id("bob")])
    );
    // Only a look-up of an owner that fails ends the look-ups of others.
    scene.emulator.refuse("POST", "/search/users", 500);
    for name in ["carol", "dave"] {
        let config = owned_by(&config, &format!("{name}@acme.example"));
        let plan = scene.plan_create(CLOUD, &config).await;
        assert_eq!(plan.findings, []);
        assert_eq!(plan.state["owner_ids"], unknown());
        scene.emulator.clear_faults();
    }
    let plan = scene.plan_create(CLOUD, &config).await;
    assert_eq!(plan.state["owner_ids"], alice);
}

#[tokio::test]
async fn an_address_that_is_not_known_yet_leaves_the_owners_unknown() {
    let scene = Scene::new().await;
    for name in ALL {
        let config = owned_by(&scene.config(name), "alice@acme.example");
        let state = scene.create(name, &config).await;
        for emails in [json!(["alice@acme.example", unknown()]), unknown()] {
            let config = set(&config, "owner_emails", emails);
            let create = scene.plan_create(name, &config).await;
            assert_eq!(create.state["owner_ids"], unknown(), "creating {name}");
            let update = scene.plan_update(name, &state, &config).await;
            assert_eq!(update.state["owner_ids"], unknown(), "updating {name}");
        }
    }
}

#[tokio::test]
async fn configured_owner_ids_are_planned_beside_unknown_addresses() {
    let scene = Scene::new().await;
    for name in ALL {
        let alone = owned_by(&scene.config(name), "alice@acme.example");
        let state = scene.create(name, &alone).await;
        let config = set(&alone, "owner_emails", unknown());
        let owners = json!([scene.emulator.user_id("alice")]);
        let config = set(&config, "owner_ids", owners.clone());
        let create = scene.plan_create(name, &config).await;
        assert_eq!(create.state["owner_ids"], owners, "creating {name}");
        let update = scene.plan_update(name, &state, &config).await;
        assert_eq!(update.state["owner_ids"], owners, "updating {name}");
    }
}

#[tokio::test]
async fn only_a_change_of_the_app_forces_replacement() {
    let scene = Scene::new().await;
    for name in BOTH {
        let config = scene.config(name);
        let state = scene.create(name, &config).await;
        for app in [json!(scene.emulator.other_app_id()), unknown()] {
            let plan = scene
                .plan_update(name, &state, &set(&config, "app_id", app))
                .await;
            assert_eq!(plan.replace, ["app_id"], "{name}");
        }
        let owners = json!([scene.emulator.user_id("bob")]);
        let plan = scene
            .plan_update(name, &state, &set(&config, "owner_ids", owners))
            .await;
        assert_eq!(plan.replace, Vec::<String>::new(), "{name}");
    }
}

#[tokio::test]
async fn settings_without_a_key_are_refused_when_the_connector_is_to_be_created() {
    let scene = Scene::new().await;
    let config = set(&scene.config(CLOUD), "api_key", Value::Null);
    let plan = scene.plan_create(CLOUD, &config).await;
    let errors = errors(&plan.findings);
    assert_eq!(errors.len(), 1, "{:#?}", plan.findings);
    assert_eq!(errors[0].attribute, "api_key");
    assert!(!errors[0].detail.is_empty());
}

#[tokio::test]
async fn a_disabled_owner_is_an_error_that_says_what_the_user_cannot_manage() {
    let scene = Scene::new().await;
    let alice = scene.emulator.user_id("alice");
    let disable = |user: &mut StoredUser| "DISABLED".clone_into(&mut user.status);
    scene.emulator.edit_user(&alice, disable);
    for (name, object) in [(CLOUD, "a connector"), (APP, "an app")] {
        let plan = scene.plan_create(name, &scene.config(name)).await;
        let errors = errors(&plan.findings);
        assert_eq!(errors.len(), 1, "{:#?}", plan.findings);
        assert_eq!(errors[0].attribute, "owner_ids");
        let text = format!("cannot manage {object}.");
        assert!(errors[0].detail.contains(&text), "{}", errors[0].detail);
    }
}

#[tokio::test]
async fn text_of_every_script_and_length_is_unchanged() {
    let scene = Scene::new().await;
    let long = "lang ".repeat(2000);
    for text in [
        "Käse 日本語 🦀 \u{202e}x",
        "line\nbreak\ttab \"quoted\" \\",
        long.trim_end(),
    ] {
        let config = set(&scene.config(CLOUD), "description", json!(text));
        let state = scene.create(CLOUD, &config).await;
        assert_eq!(state.value["description"], json!(text));
        let plan = scene.plan_update(CLOUD, &state, &config).await;
        assert_eq!(plan.bytes, state.bytes, "{text}");
    }
}

#[tokio::test]
async fn a_stored_state_survives_the_upgrade_to_the_version_it_has() {
    let scene = Scene::new().await;
    for name in ALL {
        let state = scene.create(name, &scene.config(name)).await;
        let mut stored = state.value.clone();
        stored["left_by_another_version"] = json!({"a": [1]});
        let upgraded = scene.provider.upgrade(name, 0, &stored.to_string()).await;
        assert_eq!(upgraded.findings, [], "{name}");
        assert_eq!(upgraded.value, state.value, "{name}");
    }
}
