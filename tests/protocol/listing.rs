//! List resources as Terraform 1.14 uses them for `terraform query`.

use std::time::Duration;

use futures_util::future::join_all;

use conductorone_emulator::{BATON, Fault, FaultAction, V1, V2};
use serde_json::{Value, json};
use tonic::Streaming;

use crate::identity::{generate, import_and_read, parts};
use crate::plan::{APP, CLOUD, DATA_CENTER, Scene, configure, set};
use crate::plugin::Launch;
use crate::provider::{Finding, Provider, dynamic, errors, findings, object};
use crate::value::{complete, encode, unknown};
use crate::wait::{until, within};
use crate::wire::tfplugin6::list_resource::{Event, Request};
use crate::wire::tfplugin6::{
    DynamicValue, validate_list_resource_config, validate_resource_config,
};

/// Terraform's default limit.
const LIMIT: i64 = 100;
/// A limit above the number of objects.
const ALL: i64 = 1000;
const SOON: Duration = Duration::from_secs(10);

/// A listed object.
#[derive(Debug)]
struct Listed {
    identity: Value,
    display_name: String,
    object: Option<DynamicValue>,
}

fn request(provider: &Provider, name: &str, config: &Value, limit: i64) -> Request {
    let ty = provider.list_type(name);
    Request {
        type_name: name.to_owned(),
        config: dynamic(encode(&complete(config, &ty), &ty)),
        include_resource_object: false,
        limit,
    }
}

/// Returns the same request with `include_resource_object`.
fn full(provider: &Provider, name: &str, config: &Value, limit: i64) -> Request {
    Request {
        include_resource_object: true,
        ..request(provider, name, config, limit)
    }
}

async fn start(provider: &Provider, request: Request) -> Streaming<Event> {
    let events = provider.rpc.clone().list_resource(request).await;
    events.expect("a stream").into_inner()
}

/// Returns the listed objects and the diagnostics. No event follows an error.
async fn list(provider: &Provider, request: Request) -> (Vec<Listed>, Vec<Finding>) {
    let mut events = start(provider, request).await;
    let (mut listed, mut diagnostics) = (Vec::new(), Vec::new());
    while let Some(event) = events.message().await.expect("an event") {
        assert_eq!(errors(&diagnostics).len(), 0, "{diagnostics:?}");
        diagnostics.extend(findings(event.diagnostic));
        if event.identity.is_some() {
            listed.push(Listed {
                identity: parts(event.identity),
                display_name: event.display_name,
                object: event.resource_object,
            });
        }
    }
    (listed, diagnostics)
}

/// Returns the identities of the objects. The list must succeed.
async fn identities(provider: &Provider, request: Request) -> Vec<Value> {
    let (listed, diagnostics) = list(provider, request).await;
    assert_eq!(diagnostics, []);
    listed.into_iter().map(|listed| listed.identity).collect()
}

/// Returns the names of all objects. The list must succeed.
pub(crate) async fn names(provider: &Provider, name: &str) -> Vec<String> {
    let (listed, diagnostics) = list(provider, request(provider, name, &json!({}), ALL)).await;
    assert_eq!(diagnostics, []);
    listed
        .into_iter()
        .map(|listed| listed.display_name)
        .collect()
}

/// Returns the only error of a failing list.
async fn error(provider: &Provider, request: Request) -> Finding {
    let (_, mut diagnostics) = list(provider, request).await;
    assert_eq!(
        (diagnostics.len(), errors(&diagnostics).len()),
        (1, 1),
        "{diagnostics:?}"
    );
    diagnostics.remove(0)
}

impl Scene {
    /// Adds connectors to an app and returns their identities.
    fn add(&self, app_id: &str, catalog_id: &str, count: usize) -> Vec<Value> {
        let add = |_| {
            let id = self.emulator.add_connector(app_id, catalog_id);
            json!({"app_id": app_id, "id": id.expect("a connector")})
        };
        (0..count).map(add).collect()
    }

    /// Returns the number of requests for single connectors.
    fn reads(&self) -> usize {
        let journal = self.emulator.journal();
        let is_read =
            |path: &str| path.starts_with("/api/v1/apps/") && path.contains("/connectors/");
        journal.iter().filter(|it| is_read(&it.path)).count()
    }
}

#[tokio::test]
async fn connectors_of_every_app_are_listed_by_their_kind() {
    let scene = Scene::new().await;
    let (emulator, provider) = (&scene.emulator, &scene.provider);
    let (app, other) = (emulator.app_id(), emulator.other_app_id());
    // More than one page.
    let mut cloud = scene.add(&app, V2, 130);
    let gone = scene.add(&app, V2, 1);
    emulator.delete_connector(gone[0]["id"].as_str().expect("an ID"));
    cloud.extend(scene.add(&other, V1, 2));
    let self_hosted = scene.add(&other, BATON, 3);

    let nothing = json!({});
    let all = |name, limit| identities(provider, request(provider, name, &nothing, limit));
    assert_eq!(all(CLOUD, ALL).await, cloud);
    assert_eq!(all(CLOUD, LIMIT).await, cloud[..100]);
    assert_eq!(all(CLOUD, 1).await, cloud[..1]);
    assert_eq!(all(DATA_CENTER, LIMIT).await, self_hosted);

    let in_other = json!({"app_id": other});
    let of_one = |name| identities(provider, request(provider, name, &in_other, LIMIT));
    assert_eq!(of_one(CLOUD).await, cloud[130..]);
    assert_eq!(of_one(DATA_CENTER).await, self_hosted);
    // The provider requests only the identities.
    assert_eq!(scene.reads(), 0);
}

#[tokio::test]
async fn a_connector_is_listed_by_its_name() {
    let scene = Scene::new().await;
    let (emulator, provider) = (&scene.emulator, &scene.provider);
    let added = scene.add(&emulator.app_id(), V2, 1);
    let id = added[0]["id"].as_str().expect("an ID");
    emulator.edit_connector(id, |it| it.display_name = "Engineering wiki".to_owned());
    // Without a `config` block, Terraform sends nulls. A missing value means the same.
    for config in [request(provider, CLOUD, &json!({}), LIMIT).config, None] {
        let request = Request {
            config,
            ..request(provider, CLOUD, &json!({}), LIMIT)
        };
        let (listed, diagnostics) = list(provider, request).await;
        assert_eq!(diagnostics, []);
        assert_eq!(listed.len(), 1, "{listed:?}");
        assert_eq!(listed[0].display_name, "Engineering wiki");
        assert_eq!(listed[0].object, None);
    }
}

#[tokio::test]
async fn apps_are_listed_all_of_them_or_by_name() {
    let scene = Scene::new().await;
    let (emulator, provider) = (&scene.emulator, &scene.provider);
    let wikis: Vec<_> = (0..120).map(|_| emulator.add_app("Wiki")).collect();
    emulator.delete_app(&wikis[0]);
    emulator.add_app("Wikis");
    let wikis: Vec<_> = wikis[1..].iter().map(|id| json!({"id": id})).collect();

    let request = |config, limit| request(provider, APP, &config, limit);
    let named = identities(provider, request(json!({"display_name": "Wiki"}), ALL));
    assert_eq!(named.await, wikis);
    let unknown = identities(provider, request(json!({"display_name": "Nothing"}), ALL));
    assert_eq!(unknown.await, [] as [Value; 0]);
    let existing = emulator.apps().into_iter().filter(|app| !app.is_deleted());
    let existing: Vec<_> = existing.map(|app| json!({"id": app.id})).collect();
    assert!(existing.len() > 100, "{existing:?}");
    let all = identities(provider, request(json!({}), ALL)).await;
    assert_eq!(all, existing);
    let some = identities(provider, request(json!({}), 7)).await;
    assert_eq!(some, existing[..7]);
}

#[tokio::test]
async fn what_is_listed_in_full_is_what_an_import_finds() {
    let scene = Scene::new().await;
    let (emulator, provider) = (&scene.emulator, &scene.provider);
    for name in [CLOUD, DATA_CENTER, APP] {
        scene.create(name, &scene.config(name)).await;
    }
    scene.add(&emulator.app_id(), V1, 1);
    scene.add(&emulator.other_app_id(), BATON, 1);
    for (name, count) in [(CLOUD, 2), (DATA_CENTER, 2), (APP, 4)] {
        let (listed, diagnostics) = list(provider, full(provider, name, &json!({}), LIMIT)).await;
        assert_eq!((listed.len(), diagnostics), (count, vec![]), "{name}");
        for listed in listed {
            let read = import_and_read(provider, name, &listed.identity).await;
            assert_eq!(parts(read.new_identity), listed.identity, "{name}");
            assert_eq!(listed.object, read.new_state, "{name}");
        }
    }
}

#[tokio::test]
async fn a_configuration_written_for_what_is_listed_changes_nothing_once_it_is_imported() {
    let scene = Scene::new().await;
    let provider = &scene.provider;
    for name in [CLOUD, APP] {
        scene.create(name, &scene.config(name)).await;
        let (listed, diagnostics) = list(provider, full(provider, name, &json!({}), LIMIT)).await;
        assert_eq!(diagnostics, []);
        for listed in listed {
            let config = generate(provider, name, listed.object).await;
            assert_eq!(provider.validate(name, &config).await, [], "{config:#}");
            let read = import_and_read(provider, name, &listed.identity).await;
            let (state, _) = object(read.new_state);
            let plan = provider.plan(name, &state, &config, &read.private).await;
            assert_eq!(plan.findings, [], "{name}");
            assert_eq!(plan.state, state, "{name}");
        }
    }
}

#[tokio::test]
async fn a_self_hosted_connector_requires_its_hostname() {
    let scene = Scene::new().await;
    let provider = &scene.provider;
    scene.create(DATA_CENTER, &scene.config(DATA_CENTER)).await;
    let (listed, _) = list(provider, full(provider, DATA_CENTER, &json!({}), LIMIT)).await;
    let config = generate(provider, DATA_CENTER, listed[0].object.clone()).await;
    let request = validate_resource_config::Request {
        type_name: DATA_CENTER.to_owned(),
        config: dynamic(encode(&config, &provider.resource_type(DATA_CENTER))),
        ..Default::default()
    };
    let answer = provider.rpc.clone().validate_resource_config(request).await;
    let diagnostics = findings(answer.expect("an answer").into_inner().diagnostics);
    assert!(
        diagnostics
            .iter()
            .any(|diagnostics| diagnostics.attribute == "hostname"),
        "{diagnostics:?}"
    );
    let config = set(
        &config,
        "hostname",
        json!("https://confluence.corp.acme.com"),
    );
    let config = set(&config, "access_token", json!("pat"));
    assert_eq!(provider.validate(DATA_CENTER, &config).await, []);
    let read = import_and_read(provider, DATA_CENTER, &listed[0].identity).await;
    let (state, _) = object(read.new_state);
    let plan = provider.plan(DATA_CENTER, &state, &config, &read.private);
    let plan = plan.await;
    assert_eq!((errors(&plan.findings).len(), plan.replace.len()), (0, 0));
}

#[tokio::test]
async fn objects_beyond_the_limit_are_not_read() {
    let scene = Scene::new().await;
    let emulator = &scene.emulator;
    let plugin = Launch::like_terraform().env("TF_LOG", "DEBUG");
    let plugin = plugin.start().await;
    let provider = Provider::over(plugin.connect().await).await;
    configure(&provider, emulator).await;
    let added = scene.add(&emulator.app_id(), V2, 100);
    // The second request would take longer than the test.
    let path = format!("/connectors/{}", added[1]["id"].as_str().expect("an ID"));
    let late = FaultAction::DelayBefore { ms: 60_000 };
    emulator.add_fault(Fault::every("GET", &path, late));
    let mut events = start(&provider, full(&provider, CLOUD, &json!({}), ALL)).await;
    let first = events.message().await.expect("an event").expect("one");
    assert_eq!(parts(first.identity), added[0]);
    drop(events);
    let ended = || {
        let lines = plugin.stderr.lines();
        let is_end = |line: &String| line.contains("closed the event stream");
        lines.iter().any(is_end).then_some(())
    };
    until("the end of the call", SOON, ended).await;
    assert!(scene.reads() < 100, "{} requests", scene.reads());
    // The provider continues to serve.
    let rest = identities(&provider, request(&provider, CLOUD, &json!({}), 3));
    assert_eq!(rest.await, added[..3]);
}

/// A time limit against a hanging list.
const NEVER_ENDING: Duration = Duration::from_mins(5);

/// Lists connectors of many apps with their objects, from a slow tenant.
async fn many_are_listed(apps: usize, each: usize, requests: usize, latency_ms: u64) {
    let scene = Scene::new().await;
    let (emulator, provider) = (&scene.emulator, &scene.provider);
    let add = |number| {
        let app = emulator.add_app(&format!("Wiki {number}"));
        scene.add(&app, V2, each)
    };
    let added: Vec<_> = (0..apps).flat_map(add).collect();
    emulator.switch(|switches| switches.latency_ms = latency_ms);
    let config = json!({
        "server_url": emulator.url(), "access_token": emulator.access_token(),
        "max_concurrent_requests": requests, "request_timeout": "2m",
    });
    let config = complete(&config, &provider.config_type());
    assert_eq!(provider.configure(&config).await, []);
    let limits = [(ALL, added.len()), (5, 5), (LIMIT, added.len().min(100))];
    for (limit, expected) in limits {
        let config = json!({"timeouts": {"read": "10m"}});
        let listing = list(provider, full(provider, CLOUD, &config, limit));
        let (listed, diagnostics) = within("the list", NEVER_ENDING, listing).await;
        assert_eq!(diagnostics, [], "{limit}");
        assert!(
            listed.iter().all(|listed| listed.object.is_some()),
            "{limit}"
        );
        let identities: Vec<_> = listed.into_iter().map(|listed| listed.identity).collect();
        assert_eq!(identities, added[..expected], "{limit}");
    }
}

#[tokio::test]
async fn many_connectors_of_many_apps_are_listed_with_their_objects() {
    many_are_listed(100, 5, 32, 20).await;
}

#[tokio::test]
async fn one_request_at_a_time_is_enough_for_a_list() {
    many_are_listed(40, 2, 1, 5).await;
}

#[tokio::test]
async fn three_hundred_objects_are_imported_and_generated_at_once() {
    let scene = Scene::new().await;
    let (emulator, provider) = (&scene.emulator, &scene.provider);
    let added = scene.add(&emulator.app_id(), V2, 300);
    emulator.switch(|switches| switches.latency_ms = 20);
    let import = async |identity: &Value| {
        let read = import_and_read(provider, CLOUD, identity).await;
        assert_eq!(read.diagnostics, []);
        let config = generate(provider, CLOUD, read.new_state).await;
        assert_eq!(config["app_id"], identity["app_id"]);
    };
    let all = join_all(added.iter().map(import));
    within("the import", NEVER_ENDING, all).await;
}

#[tokio::test]
async fn an_interrupt_ends_a_list_soon() {
    let scene = Scene::new().await;
    let (emulator, provider) = (&scene.emulator, &scene.provider);
    scene.add(&emulator.app_id(), V2, 1);
    emulator.add_fault(Fault::every("GET", "/connectors", FaultAction::busy(60)));
    let running = error(provider, request(provider, CLOUD, &json!({}), LIMIT));
    let stop = async {
        let refused = || {
            let journal = emulator.journal();
            journal.iter().any(|it| it.status == Some(429))
        };
        until("the refusal", SOON, || refused().then_some(())).await;
        provider.stop().await;
    };
    let both = async { tokio::join!(running, stop) };
    let (error, ()) = within("the end of the call", SOON * 2, both).await;
    assert_eq!(error.summary, "Operation canceled", "{error:?}");
    // A query makes no changes.
    assert!(!error.detail.to_lowercase().contains("apply"), "{error:?}");
}

#[tokio::test]
async fn the_timeout_includes_reading_the_objects() {
    let scene = Scene::new().await;
    let (emulator, provider) = (&scene.emulator, &scene.provider);
    scene.add(&emulator.app_id(), V2, 1);
    emulator.add_fault(Fault::every("GET", "/connectors/", FaultAction::busy(15)));
    let config = json!({"timeouts": {"read": "2s"}});
    let running = error(provider, full(provider, CLOUD, &config, LIMIT));
    let error = within("the end of the call", SOON, running).await;
    assert_eq!(error.summary, "Operation took too long", "{error:?}");
    assert!(error.detail.contains("timeouts.read"), "{error:?}");
    assert!(!error.detail.to_lowercase().contains("apply"), "{error:?}");
}

#[tokio::test]
async fn a_failure_is_the_last_event() {
    let scene = Scene::new().await;
    let (emulator, provider) = (&scene.emulator, &scene.provider);
    let added = scene.add(&emulator.app_id(), V2, 3);
    let second = added[1]["id"].as_str().expect("an ID");
    let one = format!("/api/v1/apps/*/connectors/{second}");
    let (of_app, forbidden, failed) = (
        "/api/v1/apps/*/connectors",
        "Not allowed in ConductorOne",
        "ConductorOne failed",
    );
    // The provider requests the apps first, and only once.
    let cases = [
        (APP, "*/api/v1/apps", 403, forbidden, 0),
        (APP, "*/api/v1/apps", 501, failed, 0),
        (CLOUD, "*/api/v1/apps", 403, forbidden, 0),
        (CLOUD, of_app, 403, forbidden, 0),
        (CLOUD, &one, 403, forbidden, 1),
        (CLOUD, &one, 501, failed, 1),
    ];
    for (name, path, status, summary, before) in cases {
        emulator.refuse("GET", path, status);
        let (listed, diagnostics) = list(provider, full(provider, name, &json!({}), LIMIT)).await;
        emulator.clear_faults();
        assert_eq!(listed.len(), before, "{path} {status}: {diagnostics:?}");
        assert_eq!(diagnostics.len(), 1, "{path} {status}: {diagnostics:?}");
        assert_eq!(
            (diagnostics[0].is_error, diagnostics[0].summary.as_str()),
            (true, summary)
        );
    }
}

#[tokio::test]
async fn objects_deleted_in_the_meantime_are_omitted() {
    let scene = Scene::new().await;
    let (emulator, provider) = (&scene.emulator, &scene.provider);
    let added = scene.add(&emulator.app_id(), V2, 3);
    let app = format!("/api/v1/apps/{}/connectors*", emulator.other_app_id());
    let connector = format!("/connectors/{}", added[1]["id"].as_str().expect("an ID"));
    for path in [&app, &connector] {
        emulator.refuse("GET", path, 404);
    }
    let listed = identities(provider, full(provider, CLOUD, &json!({}), LIMIT));
    assert_eq!(listed.await, [added[0].clone(), added[2].clone()]);
}

#[tokio::test]
async fn an_app_that_does_not_exist_is_an_error_at_its_attribute() {
    let scene = Scene::new().await;
    let (emulator, provider) = (&scene.emulator, &scene.provider);
    let config = json!({"app_id": emulator.unused_id()});
    for name in [CLOUD, DATA_CENTER] {
        let error = error(provider, request(provider, name, &config, LIMIT)).await;
        assert_eq!(error.attribute, "app_id", "{error:?}");
        assert_eq!(error.summary, "App not found", "{error:?}");
    }
}

#[tokio::test]
async fn nothing_is_listed_without_a_configuration() {
    let (_plugin, provider) = Provider::launched().await;
    for name in [CLOUD, DATA_CENTER, APP] {
        let error = error(&provider, request(&provider, name, &json!({}), LIMIT)).await;
        assert_eq!(error.summary, "Provider not configured", "{name}");
    }
    let later = json!({"client_id": unknown()});
    let later = complete(&later, &provider.config_type());
    assert_eq!(provider.configure(&later).await, []);
    for name in [CLOUD, DATA_CENTER, APP] {
        let error = error(&provider, request(&provider, name, &json!({}), LIMIT)).await;
        assert_eq!(error.summary, "Provider configuration not known", "{name}");
        assert!(error.detail.contains(name), "{error:?}");
    }
}

#[tokio::test]
async fn the_config_block_is_checked() {
    let (_plugin, provider) = Provider::launched().await;
    for (name, config, attribute) in [
        (CLOUD, json!({}), None),
        (CLOUD, json!({"app_id": unknown()}), None),
        (CLOUD, json!({"app_id": "not an ID"}), Some("app_id")),
        (DATA_CENTER, json!({"app_id": ""}), Some("app_id")),
        (APP, json!({"display_name": " "}), Some("display_name")),
        (APP, json!({"timeouts": {"read": "soon"}}), Some("timeouts")),
    ] {
        let request = validate_list_resource_config::Request {
            type_name: name.to_owned(),
            config: request(&provider, name, &config, LIMIT).config,
            ..Default::default()
        };
        let rpc = provider.rpc.clone();
        let answer = { rpc }.validate_list_resource_config(request).await;
        let diagnostics = findings(answer.expect("an answer").into_inner().diagnostics);
        let found: Vec<_> = diagnostics
            .iter()
            .map(|diagnostics| diagnostics.attribute.as_str())
            .collect();
        assert_eq!(
            found,
            Vec::from_iter(attribute),
            "{config}: {diagnostics:?}"
        );
    }
}
