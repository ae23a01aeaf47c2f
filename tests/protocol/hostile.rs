//! A server that sends as much as it can: what its answers cost, and that other calls are served meanwhile.

use std::cell::Cell;
use std::fs;
use std::time::Duration;

use conductorone_emulator::{Fault, FaultAction, V2};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::checked::send;
use crate::plan::{APP, CLOUD, Scene};
use crate::provider::{Finding, State, dynamic, errors, findings};
use crate::value::{complete, encode};
use crate::wait::within;
use crate::wire::tfplugin6::list_resource;

/// The most that the provider reads of an answer about one object, and of a page.
const OBJECT: usize = 1 << 20;
const PAGE: usize = 2 << 20;
/// The most memory that the process may take, in KiB.
const MOST: usize = 64 << 10;
/// Much longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(2);

impl Scene {
    /// Lets every request like this be answered so.
    fn answer(&self, method: &str, path: &str, body: String) {
        let action = FaultAction::Body {
            status: 200,
            content_type: "application/json".to_owned(),
            body,
        };
        self.emulator.add_fault(Fault::every(method, path, action));
    }

    /// Lists all objects of a type, and says how many there were.
    async fn list(&self, name: &str) -> (usize, Vec<Finding>) {
        let ty = self.provider.list_type(name);
        let request = list_resource::Request {
            type_name: name.to_owned(),
            config: dynamic(encode(&complete(&json!({}), &ty), &ty)),
            limit: 100_000,
            ..Default::default()
        };
        let events = self.provider.rpc.clone().list_resource(request).await;
        let mut events = events.expect("a stream").into_inner();
        let (mut count, mut said) = (0, Vec::new());
        while let Some(event) = events.message().await.expect("an event") {
            count += usize::from(event.identity.is_some());
            said.extend(findings(event.diagnostic));
        }
        (count, said)
    }

    /// The most memory that the process has taken so far, in KiB. None where the system does not say.
    fn peak(&mut self) -> Option<usize> {
        let process = self.plugin.child().id().expect("a running process");
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }

    /// Checks how much memory the process has taken since it had `before`.
    fn assert_small(&mut self, what: &str, before: Option<usize>) {
        match before.zip(self.peak()) {
            Some((before, peak)) => {
                eprintln!("{what}: {before} KiB, then {peak}");
                assert!(peak < MOST, "{what}: {before} KiB, then {peak}");
            }
            None => eprintln!("{what}: how much memory it took cannot be read here"),
        }
    }
}

/// A list of `element`, as long as an answer of `most` bytes may be.
fn filled(most: usize, before: &str, element: &str, after: &str) -> String {
    let room = most - before.len() - after.len() - element.len() - 2;
    let elements = format!("{element},").repeat(room / (element.len() + 1));
    format!("{before}[{elements}{element}]{after}")
}

/// A page of the greatest length whose rows are in order.
fn page(row: impl Fn(String) -> Value) -> String {
    let rows: Vec<_> = (0..100)
        .map(|_| row("x".repeat(PAGE / 100 - 200)))
        .collect();
    json!({"list": rows, "nextPageToken": ""}).to_string()
}

fn assert_refused(what: &str, findings: &[Finding], words: &str) {
    let errors = errors(findings);
    let refused = errors.iter().any(|error| error.detail.contains(words));
    assert!(refused, "{what}: {findings:.300?}");
}

#[tokio::test]
async fn a_page_full_of_values_is_refused_before_they_are_made() {
    for (what, body) in [
        ("empty objects", filled(PAGE, "{\"list\":", "{}", "}")),
        ("objects", filled(PAGE, "{\"list\":", "{\"a\":1}", "}")),
        ("arrays", filled(PAGE, "{\"list\":", "[[[]]]", "}")),
        ("names", filled(PAGE, "{\"list\":", "{\"id\":\"a\"}", "}")),
        ("nested arrays", "[".repeat(PAGE)),
    ] {
        let mut scene = Scene::new().await;
        let before = scene.peak();
        scene.answer("GET", "/api/v1/apps", body);
        let (_, said) = within(what, PATIENCE, scene.list(APP)).await;
        assert_refused(what, &said, "values");
        scene.assert_small(what, before);
    }
}

#[tokio::test]
async fn a_catalog_full_of_anything_costs_little_and_holds_up_nothing() {
    let field = |field: &str| format!("{{\"name\":\"domain-url\",\"stringField\":{{{field}}}}}");
    let pattern = |pattern: &str| field(&format!("\"rules\":{{\"pattern\":\"{pattern}\"}}"));
    let form = |field: &str| filled(OBJECT, "{\"formSchema\":{\"fields\":", field, "}}");
    let few = |text: &str, count: usize| {
        let fields = vec![pattern(text); count].join(",");
        format!("{{\"formSchema\":{{\"fields\":[{fields}]}}}}")
    };
    for (what, body, words) in [
        ("many patterns", few("a", 51), "50 patterns"),
        (
            "a long pattern",
            few(&"a".repeat(1001), 1),
            "1000 bytes in a pattern",
        ),
        // These are taken, and match everything.
        ("slow patterns", few("((((.?){9}){9}){9}){9}", 50), ""),
        ("large patterns", few("(((.?){9}){9}){9}", 50), ""),
        ("values", form("{\"a\":1}"), "values"),
        ("patterns", form(&pattern("^(a+)+$")), "values"),
        (
            "long patterns",
            form(&pattern(&"(a|b)".repeat(1000))),
            "200 fields",
        ),
        (
            "one pattern",
            form(&pattern(&"a".repeat(OBJECT / 2))),
            "bytes in one string",
        ),
    ] {
        let mut scene = Scene::new().await;
        scene.answer("POST", "/connectorcatalog", body);
        let config = scene.config(CLOUD);
        let plan = scene.plan_create(CLOUD, &config).await;
        let said: Vec<_> = plan.findings.iter().map(|it| it.detail.as_str()).collect();
        assert!(said.concat().contains(words), "{what}: {said:?}");
        // The process of another run has not given up checks yet.
        scene = scene.next_run().await;
        let before = scene.peak();
        let plans = (0..8).map(|_| scene.plan_create(CLOUD, &config));
        let stop = scene.provider.stop();
        let (plans, ()) = within(what, PATIENCE, async {
            tokio::join!(join_all(plans), stop)
        })
        .await;
        for plan in plans {
            assert_eq!(errors(&plan.findings).len(), 0, "{:?}", plan.findings);
        }
        scene.assert_small(what, before);
    }
}

#[tokio::test]
async fn many_large_answers_at_once_wait_for_each_other() {
    let mut scene = Scene::new().await;
    let created = scene.create(CLOUD, &scene.config(CLOUD)).await;
    let before = scene.peak();
    let ids = vec!["x".repeat(27); 1000];
    let texts = vec!["x".repeat(60 << 10); 15];
    let connector = json!({
        "id": created.value["id"], "appId": created.value["app_id"], "catalogId": V2, "userIds": ids, "texts": texts,
        "description": "x".repeat(4 << 10), "displayName": "x".repeat(4 << 10),
    });
    let body = json!({"connectorView": {"connector": connector}}).to_string();
    assert!(
        body.len() < OBJECT && body.len() > OBJECT * 3 / 4,
        "{}",
        body.len()
    );
    let path = format!(
        "/connectors/{}",
        created.value["id"].as_str().expect("an ID")
    );
    scene.answer("GET", &path, body);
    let reads = (0..32).map(|_| scene.provider.read(CLOUD, &created));
    let read: Vec<State> = within("the reads", PATIENCE, join_all(reads)).await;
    for state in read {
        assert_eq!(errors(&state.findings).len(), 0, "{:.300?}", state.findings);
    }
    scene.assert_small("32 large answers", before);
}

#[tokio::test]
async fn a_listing_of_many_apps_keeps_few_pages() {
    let mut scene = Scene::new().await;
    let before = scene.peak();
    for number in 0..24 {
        scene.emulator.add_app(&format!("App {number}"));
    }
    let row = |name: String| json!({"connector": {"id": "c1", "appId": "a1", "catalogId": V2, "displayName": name}});
    scene.answer("GET", "/api/v1/apps/*/connectors", page(row));
    let (count, said) = within("the list", PATIENCE, scene.list(CLOUD)).await;
    assert_eq!(
        (count / 100 >= 24, said.len()),
        (true, 0),
        "{count}: {said:.300?}"
    );
    scene.assert_small("a list of many apps", before);
    let everywhere = json!({});
    let all = scene
        .provider
        .read_data("confluence_integrations", &everywhere);
    let all = Box::pin(within("the data source", PATIENCE, all));
    let (_, said) = all.await;
    assert_refused(
        "the data source",
        &said,
        "the most that this data source reads",
    );
    scene.assert_small("a data source of many apps", before);
}

#[tokio::test]
async fn refreshes_in_many_apps_keep_few_connectors() {
    let scene = Scene::new().await;
    let state = scene.create(CLOUD, &scene.config(CLOUD)).await;
    let mut scene = scene.next_run().await;
    let before = scene.peak();
    let number = Cell::new(0);
    let row = |name: String| {
        number.set(number.get() + 1);
        let id = format!("c{}", number.get());
        json!({"connector": {"id": id, "appId": "a1", "catalogId": V2, "displayName": name}})
    };
    scene.answer("GET", "/api/v1/apps/*/connectors", page(row));
    let ty = scene.provider.resource_type(CLOUD);
    let states: Vec<_> = (0..72)
        .map(|number| {
            let mut value = state.value.clone();
            value["app_id"] = json!(format!("app{}", number / 3));
            value["id"] = json!(format!("lost{number}"));
            State {
                bytes: encode(&value, &ty),
                value,
                private: state.private.clone(),
                findings: Vec::new(),
            }
        })
        .collect();
    let reads = states.iter().map(|state| scene.provider.read(CLOUD, state));
    let read = within("the reads", PATIENCE, join_all(reads)).await;
    for state in read {
        assert_eq!(state.value, Value::Null, "{:.300?}", state.findings);
    }
    scene.assert_small("refreshes in many apps", before);
}

#[tokio::test]
async fn a_list_of_all_apps_has_an_end() {
    let mut scene = Scene::new().await;
    let before = scene.peak();
    scene.answer(
        "GET",
        "/api/v1/apps",
        page(|name| json!({"id": "a1", "displayName": name}))
            .replace("\"nextPageToken\":\"\"", "\"nextPageToken\":\"p\""),
    );
    let (_, said) = within("the list", PATIENCE, scene.list(APP)).await;
    assert_refused(
        "the list",
        &said,
        "the response does not contain a new page",
    );
    scene.assert_small("a list of all apps", before);
}

#[tokio::test]
async fn real_answers_are_far_from_the_limits() {
    let scene = Scene::new().await;
    let app = scene.emulator.app_id();
    for _ in 0..100 {
        scene.emulator.add_connector(&app, V2);
    }
    let catalog = json!({"catalogId": V2}).to_string();
    for (line, body, most) in [
        (
            format!("GET /api/v1/apps/{app}/connectors?page_size=100"),
            "",
            50_000,
        ),
        ("GET /api/v1/apps?page_size=100".to_owned(), "", 50_000),
        (
            "POST /api/v1/connectorcatalog".to_owned(),
            &*catalog,
            10_000,
        ),
    ] {
        let answer = send(&scene.emulator, &line, body).await.expect("an answer");
        let (_, answer) = answer.split_once("\r\n\r\n").expect("a head");
        let values = answer.matches([',', '[', '{']).count();
        eprintln!("{line}: {values} values, {} bytes", answer.len());
        assert!(values * 5 < most && answer.len() < OBJECT / 10, "{line}");
    }
}
