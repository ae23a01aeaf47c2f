//! `confluence_synced_data`: every request meets every fault, and many objects take little memory.

use std::time::Duration;

use conductorone_emulator::{BATON, Fault as Injected};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use crate::fault_matrix::faults::{FAULTS, Fault, Verdict};
use crate::plan::Scene;
use crate::provider::errors;
use crate::wait::within;

const NAME: &str = "confluence_synced_data";
/// The number of cells that run at the same time. Some of them wait for a timeout.
const AT_ONCE: usize = 8;
/// The time limit of a cell, far above what any cell takes.
const LIMIT: Duration = Duration::from_mins(2);

/// The requests of the data source, below `/api/v1/apps/{app_id}`.
const REQUESTS: [&str; 7] = [
    "",
    "/connectors/*",
    "/app_users",
    "/entitlements",
    "/resource_types",
    "/resource_types/group/resources",
    "/resource_types/space/resources",
];

/// A tenant with a connector that has synced, and the configuration of the data source.
async fn synced() -> (Scene, Value) {
    let scene = Scene::new().await;
    scene
        .emulator
        .switch(|switches| switches.sync_duration_ms = 0);
    let app_id = scene.emulator.app_id();
    let id = scene
        .emulator
        .add_connector(&app_id, BATON)
        .expect("a connector");
    assert!(scene.emulator.sync_connector(&id, None));
    (scene, json!({"app_id": app_id, "connector_id": id}))
}

/// Returns what differs from the expectation in one cell.
async fn cell(request: &str, fault: &Fault) -> Option<String> {
    let (scene, config) = synced().await;
    let action = fault.injection.action("refused by a test")?;
    let configuration = json!({
        "server_url": scene.emulator.url(), "client_id": scene.emulator.client_id(),
        "client_secret": scene.emulator.client_secret(), "request_timeout": "2s", "max_retries": 2,
    });
    assert_eq!(scene.provider.configure(&configuration).await, []);
    let path = format!("/api/v1/apps/{}{request}", scene.emulator.app_id());
    scene.emulator.add_fault(if fault.lasting {
        Injected::every("GET", &path, action)
    } else {
        Injected::nth("GET", &path, 1, action)
    });
    let (value, said) = scene.provider.read_data(NAME, &config).await;
    let said = errors(&said);
    let succeeds = !fault.lasting && fault.verdict != Verdict::UnclearForGood;
    let attribute = match (request, fault.verdict) {
        ("", Verdict::Gone) => "app_id",
        ("/connectors/*", Verdict::Gone) => "connector_id",
        _ => "",
    };
    let right = if succeeds {
        said.is_empty() && value["accounts"] == 4
    } else {
        said.len() == 1 && said[0].attribute == attribute && value.is_null()
    };
    (!right).then(|| format!("{path}, {}: {value} {said:?}", fault.title))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_request_survives_every_fault() {
    let cells = REQUESTS
        .iter()
        .flat_map(|request| FAULTS.iter().map(move |fault| (request, fault)));
    let runs = cells.map(|(request, fault)| async move {
        let name = format!("{request}, {}", fault.title);
        within(&name, LIMIT, Box::pin(cell(request, fault))).await
    });
    let wrong: Vec<_> = stream::iter(runs).buffer_unordered(AT_ONCE).collect().await;
    let wrong: Vec<_> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn each_count_takes_no_more_requests_than_the_limit_requires() {
    let (scene, config) = synced().await;
    scene.emulator.switch(|switches| {
        switches.synced_accounts = 2345;
        switches.synced_groups = 250;
        switches.synced_deleted = true;
    });
    // The limit, the requests for accounts and for groups, and the counts.
    for (limit, accounts, groups, counted, complete) in [
        (Value::Null, 10, 3, [1000, 253, 250, 3], false),
        (json!(1), 1, 1, [1, 1, 1, 1], false),
        (json!(250), 3, 3, [250, 250, 250, 3], false),
        (json!(50_000), 24, 3, [2345, 253, 250, 3], true),
    ] {
        let mut config = config.clone();
        config["count_limit"] = limit.clone();
        scene.emulator.clear_journal();
        let (value, said) = scene.provider.read_data(NAME, &config).await;
        assert_eq!(said, [], "{limit}");
        let resources = json!({"Group": counted[2], "Space": counted[3]});
        assert_eq!(
            (
                &value["accounts"],
                &value["entitlements"],
                &value["resources"],
                &value["complete"]
            ),
            (
                &json!(counted[0]),
                &json!(counted[1]),
                &resources,
                &json!(complete)
            ),
            "{limit}"
        );
        let requests = |ending: &str| {
            let journal = scene.emulator.journal().into_iter();
            journal.filter(|entry| entry.path.ends_with(ending)).count()
        };
        assert_eq!(
            (requests("/app_users"), requests("/group/resources")),
            (accounts, groups),
            "{limit}"
        );
    }
}

#[tokio::test]
async fn a_limit_outside_of_the_range_is_an_error() {
    let (scene, config) = synced().await;
    for limit in [0, -1, 50_001] {
        let mut config = config.clone();
        config["count_limit"] = json!(limit);
        let found = scene.provider.validate_data(NAME, &config).await;
        let found = errors(&found);
        assert_eq!(found.len(), 1, "{limit}: {found:?}");
        assert_eq!(found[0].attribute, "count_limit", "{limit}");
    }
}
