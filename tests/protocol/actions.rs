//! Actions as Terraform 1.14 and later use them.

use std::time::Duration;

use conductorone_emulator::{Fault, FaultAction, StoredConnector};
use serde_json::{Value, json};
use tonic::Streaming;

use crate::plan::{CLOUD, Scene, configure};
use crate::plugin::Launch;
use crate::provider::{Finding, Provider, capabilities, dynamic, findings};
use crate::value::{complete, encode, unknown};
use crate::wait::{until, within};
use crate::wire::tfplugin6::invoke_action::Event;
use crate::wire::tfplugin6::invoke_action::event::Type;
use crate::wire::tfplugin6::{DynamicValue, invoke_action, plan_action, validate_action_config};

pub(crate) const FORCE: &str = "confluence_force_sync";
pub(crate) const PAUSE: &str = "confluence_pause_sync";
pub(crate) const RESUME: &str = "confluence_resume_sync";
pub(crate) const CONFIRM: &str = "confluence_confirm_sync";
const ALL: [&str; 4] = [FORCE, PAUSE, RESUME, CONFIRM];
const SOON: Duration = Duration::from_secs(10);

fn encoded(provider: &Provider, action: &str, config: &Value) -> Option<DynamicValue> {
    let ty = provider.action_type(action);
    dynamic(encode(&complete(config, &ty), &ty))
}

async fn validate(provider: &Provider, action: &str, config: &Value) -> Vec<Finding> {
    let request = validate_action_config::Request {
        action_type: action.to_owned(),
        config: encoded(provider, action, config),
    };
    let answer = provider.rpc.clone().validate_action_config(request).await;
    findings(answer.expect("an answer").into_inner().diagnostics)
}

async fn plan(provider: &Provider, action: &str, config: &Value) -> Vec<Finding> {
    let request = plan_action::Request {
        action_type: action.to_owned(),
        config: encoded(provider, action, config),
        client_capabilities: capabilities(),
    };
    let answer = provider.rpc.clone().plan_action(request).await;
    let answer = answer.expect("an answer").into_inner();
    assert_eq!(answer.deferred, None, "Terraform allows no deferral");
    findings(answer.diagnostics)
}

async fn start(provider: &Provider, action: &str, config: &Value) -> Streaming<Event> {
    let request = invoke_action::Request {
        action_type: action.to_owned(),
        config: encoded(provider, action, config),
        client_capabilities: capabilities(),
    };
    let events = provider.rpc.clone().invoke_action(request).await;
    events.expect("a stream").into_inner()
}

/// Returns the progress and the diagnostics of an action. Each event has its kind, and the last one completes the action.
pub(crate) async fn invoke(
    provider: &Provider,
    action: &str,
    config: &Value,
) -> (Vec<String>, Vec<Finding>) {
    let mut events = start(provider, action, config).await;
    let mut progress = Vec::new();
    loop {
        let event = events.message().await.expect("an event");
        match event.expect("a completed action").r#type {
            Some(Type::Progress(shown)) => progress.push(shown.message),
            Some(Type::Completed(completed)) => {
                assert_eq!(events.message().await.expect("an end"), None);
                return (progress, findings(completed.diagnostics));
            }
            None => panic!("an event without a kind crashes Terraform"),
        }
    }
}

/// Returns the attributes and summaries of diagnostics.
fn places(found: &[Finding]) -> Vec<(&str, &str)> {
    let places = found.iter();
    places
        .map(|found| (found.attribute.as_str(), found.summary.as_str()))
        .collect()
}

/// Returns the configuration of an action on a new connector, with a sync that the data-drop check has stopped.
async fn target(scene: &Scene, action: &str) -> Value {
    let created = scene.create(CLOUD, &scene.config(CLOUD)).await;
    let id = created.value["id"].clone();
    let mut config = json!({"app_id": scene.emulator.app_id(), "connector_id": id});
    if action == CONFIRM {
        let id = id.as_str().expect("an ID");
        let stop = |it: &mut StoredConnector| config["sync_lifecycle_id"] = json!(it.stop_sync());
        scene.emulator.edit_connector(id, stop);
    }
    config
}

impl Scene {
    fn is_paused(&self) -> bool {
        let connectors = self.emulator.connectors();
        connectors[0].sync_disabled_at.is_some()
    }

    /// Returns the requests for this tenant that change something, without IDs.
    fn writes(&self) -> Vec<String> {
        let journal = self.emulator.journal();
        let writes = journal.iter().filter(|it| it.method == "POST");
        let operation = |path: &str| path.split('/').nth(7).unwrap_or_default().to_owned();
        let operations = writes.map(|it| operation(&it.path));
        operations.filter(|name| !name.is_empty()).collect()
    }
}

#[tokio::test]
async fn a_connector_is_paused_and_resumed() {
    let scene = Scene::new().await;
    let config = target(&scene, PAUSE).await;
    for (action, shown, is_paused) in [
        (PAUSE, "The connector is paused.", true),
        (RESUME, "The connector is resumed.", false),
    ] {
        assert_eq!(plan(&scene.provider, action, &config).await, []);
        let done = invoke(&scene.provider, action, &config).await;
        assert_eq!(done, (vec![shown.to_owned()], vec![]), "{action}");
        assert_eq!(scene.is_paused(), is_paused, "{action}");
    }
}

#[tokio::test]
async fn a_stopped_sync_is_confirmed() {
    let scene = Scene::new().await;
    let mut config = target(&scene, CONFIRM).await;
    assert!(scene.is_paused());
    let (progress, found) = invoke(&scene.provider, CONFIRM, &config).await;
    assert_eq!(
        (&*progress, &*found),
        (&["The sync is confirmed.".to_owned()][..], &[][..])
    );
    assert!(!scene.is_paused());
    config["sync_lifecycle_id"] = json!(scene.emulator.unused_id());
    let (progress, found) = invoke(&scene.provider, CONFIRM, &config).await;
    let expected = [("sync_lifecycle_id", "Sync was not confirmed")];
    assert_eq!((progress.len(), &*places(&found)), (0, &expected[..]));
}

#[tokio::test]
async fn a_sync_is_requested_and_waited_for_if_wanted() {
    let scene = Scene::new().await;
    scene.emulator.switch(|it| it.sync_duration_ms = 0);
    let mut config = target(&scene, FORCE).await;
    let accepted = "ConductorOne accepted the request for a sync.";
    // Without a wait, a sync that never ends does not matter.
    scene.emulator.switch(|it| it.sync_duration_ms = 600_000);
    let (progress, found) = invoke(&scene.provider, FORCE, &config).await;
    assert_eq!((progress, found), (vec![accepted.to_owned()], vec![]));
    let end = |it: &mut StoredConnector| it.syncs.clear();
    let id = config["connector_id"].as_str().expect("an ID").to_owned();
    scene.emulator.edit_connector(&id, end);
    config["wait"] = json!(true);
    scene.emulator.switch(|it| {
        it.sync_duration_ms = 300;
        it.sync_queue_ms = 300;
    });
    let (progress, found) = invoke(&scene.provider, FORCE, &config).await;
    assert_eq!(found, []);
    assert_eq!(progress.first().map(String::as_str), Some(accepted));
    assert_eq!(
        progress.last().map(String::as_str),
        Some("The sync succeeded.")
    );
    let waits = |what: &str| progress.iter().any(|shown| shown.starts_with(what));
    assert!(
        waits("Waiting for a sync to start (waited "),
        "{progress:?}"
    );
    // An old sync does not count.
    scene
        .emulator
        .switch(|it| it.sync_error = Some("no such site".to_owned()));
    let (_, found) = invoke(&scene.provider, FORCE, &config).await;
    assert_eq!(places(&found), [("connector_id", "Sync failed")]);
    assert!(found[0].detail.ends_with("no such site"), "{found:?}");
    assert_eq!(scene.writes(), ["force_sync"; 3]);
}

#[tokio::test]
async fn a_paused_connector_does_not_sync() {
    let scene = Scene::new().await;
    let config = target(&scene, FORCE).await;
    invoke(&scene.provider, PAUSE, &config).await;
    let (progress, found) = invoke(&scene.provider, FORCE, &config).await;
    let expected = [("connector_id", "Connector is paused")];
    assert_eq!((progress.len(), &*places(&found)), (0, &expected[..]));
}

#[tokio::test]
async fn a_pause_during_a_wait_ends_it() {
    let scene = Scene::new().await;
    scene.emulator.switch(|it| it.sync_duration_ms = 600_000);
    let mut config = target(&scene, FORCE).await;
    config["wait"] = json!(true);
    let mut events = start(&scene.provider, FORCE, &config).await;
    events.message().await.expect("an event").expect("progress");
    invoke(&scene.provider, PAUSE, &config_without(&config, "wait")).await;
    let mut last = None;
    while let Some(event) = within("an end", SOON, events.message())
        .await
        .expect("an event")
    {
        last = event.r#type;
    }
    let Some(Type::Completed(completed)) = last else {
        panic!("{last:?}");
    };
    let found = findings(completed.diagnostics);
    assert_eq!(places(&found), [("wait", "Connector is paused")]);
}

fn config_without(config: &Value, attribute: &str) -> Value {
    let mut config = config.clone();
    config[attribute] = Value::Null;
    let fields = config.as_object_mut().expect("an object");
    fields.remove(attribute);
    config
}

#[tokio::test]
async fn mistakes_are_found_before_the_plan() {
    let (_plugin, provider) = Provider::launched().await;
    for action in ALL {
        let mut good = json!({"app_id": "2xKpPzZz9y8x7w6v5u4t3s2r1q0", "connector_id": unknown()});
        if action == CONFIRM {
            good["sync_lifecycle_id"] = unknown();
        }
        assert_eq!(validate(&provider, action, &good).await, [], "{action}");
        for (attribute, value) in [
            ("app_id", json!("")),
            ("connector_id", json!("a/b")),
            ("timeouts", json!({"invoke": "soon"})),
        ] {
            let mut bad = good.clone();
            bad[attribute] = value;
            let found = validate(&provider, action, &bad).await;
            assert_eq!(found.len(), 1, "{action}: {found:?}");
            assert!(
                found[0].attribute.starts_with(attribute),
                "{action}: {found:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_plan_checks_what_is_known() {
    let scene = Scene::new().await;
    let config = target(&scene, FORCE).await;
    let provider = &scene.provider;
    let other = scene.emulator.unused_id();
    let foreign =
        json!({"id": other, "catalogId": "2aaaaaaaaaaaaaaaaaaaaaaaaaa", "displayName": "Jira"});
    let foreign = FaultAction::Body {
        status: 200,
        content_type: "application/json".to_owned(),
        body: json!({"connectorView": {"connector": foreign}}).to_string(),
    };
    let path = format!("/connectors/{other}");
    scene
        .emulator
        .add_fault(Fault::every("GET", &path, foreign));
    let unused = scene.emulator.unused_id();
    for action in ALL {
        for (attribute, value, expected) in [
            ("app_id", json!(unused), Some(("app_id", "App not found"))),
            ("app_id", unknown(), None),
            (
                "connector_id",
                json!(unused),
                Some(("connector_id", "Connector not found")),
            ),
            ("connector_id", unknown(), None),
            (
                "connector_id",
                json!(other),
                Some(("connector_id", "Not a Confluence connector")),
            ),
        ] {
            let mut config = config.clone();
            config["sync_lifecycle_id"] = unknown();
            if action != CONFIRM {
                config = config_without(&config, "sync_lifecycle_id");
            }
            config[attribute] = value;
            let found = plan(provider, action, &config).await;
            assert_eq!(
                places(&found),
                Vec::from_iter(expected),
                "{action}: {config}"
            );
            // Without plan checks, the action finds the same.
            if let Some(expected) = expected.filter(|(attribute, _)| *attribute == "connector_id") {
                if action == CONFIRM {
                    config["sync_lifecycle_id"] = json!(unused);
                }
                let (progress, found) = invoke(provider, action, &config).await;
                assert_eq!((progress.len(), &*places(&found)), (0, &[expected][..]));
            }
        }
    }
    assert_eq!(scene.writes(), [""; 0]);
}

#[tokio::test]
async fn without_plan_checks_a_plan_sends_no_requests() {
    let scene = Scene::new().await;
    let config = target(&scene, FORCE).await;
    let provider_config = json!({
        "server_url": scene.emulator.url(), "access_token": scene.emulator.access_token(),
        "plan_checks": false,
    });
    assert_eq!(scene.provider.configure(&provider_config).await, []);
    scene.emulator.clear_journal();
    assert_eq!(plan(&scene.provider, FORCE, &config).await, []);
    assert_eq!(scene.emulator.journal().len(), 0);
    // The provider's configuration may be unknown in a plan, but not when the action runs.
    let unknown = json!({"server_url": unknown()});
    assert_eq!(scene.provider.configure(&unknown).await, []);
    assert_eq!(plan(&scene.provider, FORCE, &config).await, []);
    let (_, found) = invoke(&scene.provider, FORCE, &config).await;
    assert_eq!(places(&found), [("", "Provider configuration not known")]);
}

#[tokio::test]
async fn an_interrupt_ends_a_wait_soon() {
    let scene = Scene::new().await;
    scene.emulator.switch(|it| it.sync_duration_ms = 600_000);
    let mut config = target(&scene, FORCE).await;
    config["wait"] = json!(true);
    let running = invoke(&scene.provider, FORCE, &config);
    let stop = async {
        let requested = || scene.writes().first().map(|_| ());
        until("the request", SOON, requested).await;
        scene.provider.stop().await;
    };
    let both = async { tokio::join!(running, stop) };
    let ((_, found), ()) = within("the end of the action", SOON * 2, both).await;
    assert_eq!(places(&found), [("", "Action canceled")]);
    assert!(found[0].detail.contains("-invoke"), "{found:?}");
    // Later actions run.
    let (_, found) = invoke(&scene.provider, PAUSE, &config_without(&config, "wait")).await;
    assert_eq!(found, []);
}

#[tokio::test]
async fn a_time_limit_ends_a_wait() {
    let scene = Scene::new().await;
    scene.emulator.switch(|it| it.sync_duration_ms = 600_000);
    let mut config = target(&scene, FORCE).await;
    config["wait"] = json!(true);
    config["timeouts"] = json!({"invoke": "1s"});
    let (_, found) = invoke(&scene.provider, FORCE, &config).await;
    assert_eq!(places(&found), [("timeouts", "Action took too long")]);
    let advice = "timeouts = { invoke = \"1m\" }, and run the action again.";
    assert!(found[0].detail.contains(advice), "{found:?}");
}

#[tokio::test]
async fn a_dropped_stream_ends_an_action() {
    let scene = Scene::new().await;
    let plugin = Launch::like_terraform().env("TF_LOG", "DEBUG");
    let plugin = plugin.start().await;
    let provider = Provider::over(plugin.connect().await).await;
    configure(&provider, &scene.emulator).await;
    scene.emulator.switch(|it| it.sync_duration_ms = 600_000);
    let mut config = target(&scene, FORCE).await;
    config["wait"] = json!(true);
    let mut events = start(&provider, FORCE, &config).await;
    events.message().await.expect("an event").expect("progress");
    drop(events);
    let ended = || {
        let lines = plugin.stderr.lines();
        let is_end = |line: &String| line.contains("closed the event stream");
        lines.iter().any(is_end).then_some(())
    };
    until("the end of the call", SOON, ended).await;
}

#[tokio::test]
async fn a_refused_request_is_an_error_at_the_connector() {
    let scene = Scene::new().await;
    for action in ALL {
        let config = target(&scene, action).await;
        let fault = Fault::every("POST", "*_sync*", FaultAction::status(409));
        scene.emulator.add_fault(fault);
        scene
            .emulator
            .add_fault(Fault::every("POST", "*/pause", FaultAction::status(409)));
        scene
            .emulator
            .add_fault(Fault::every("POST", "*/resume", FaultAction::status(409)));
        let (progress, found) = invoke(&scene.provider, action, &config).await;
        let attribute = if action == CONFIRM {
            "sync_lifecycle_id"
        } else {
            "connector_id"
        };
        assert_eq!((progress.len(), found.len()), (0, 1), "{action}: {found:?}");
        assert_eq!(found[0].attribute, attribute, "{action}: {found:?}");
        scene.emulator.clear_faults();
    }
}
