//! Refreshes of several connectors of one app, which use the list of the app.

use conductorone_emulator::{Fault, FaultAction, OwnersApi, StoredConnector, V2};
use futures_util::future::{LocalBoxFuture, join_all};
use serde_json::{Value, json};

use crate::checked::send;
use crate::plan::{CLOUD, DATA_CENTER, Scene, set};
use crate::provider::State;
use crate::value::{complete, encode};

/// The requests of a refresh.
#[derive(Debug, Default, PartialEq, Eq)]
struct Reads {
    /// Pages of the lists of connectors.
    pages: usize,
    /// Connectors on their own.
    direct: usize,
    owners: usize,
}

/// A resource and its state.
type Stored = (&'static str, State);

impl Scene {
    /// Creates resources of these types, and starts the next run, which has read their states.
    fn with_connectors<'a>(names: &'a [&'static str]) -> LocalBoxFuture<'a, (Self, Vec<Stored>)> {
        Box::pin(async move {
            let scene = Self::new().await;
            let app = scene.emulator.app_id();
            scene.and_connectors(app, names).await
        })
    }

    /// Does the same in another app, beside what exists.
    fn and_connectors<'a>(
        mut self,
        app: String,
        names: &'a [&'static str],
    ) -> LocalBoxFuture<'a, (Self, Vec<Stored>)> {
        Box::pin(async move {
            let create = async |(number, name): (usize, &&'static str)| {
                let config = set(&self.config(name), "app_id", json!(app));
                let config = set(&config, "display_name", json!(format!("Wiki {number}")));
                (*name, self.create(name, &config).await)
            };
            let states = join_all(names.iter().enumerate().map(create)).await;
            assert_eq!(self.plugin.shut_down().await, Some(0));
            let scene = self.next_run().await;
            scene.upgrade(&states).await;
            (scene, states)
        })
    }

    /// Upgrades the states, as Terraform does before it reads them.
    async fn upgrade(&self, states: &[Stored]) {
        for (name, state) in states {
            let json = state.value.to_string();
            let upgraded = self.provider.upgrade(name, 0, &json);
            assert_eq!(upgraded.await.bytes, state.bytes, "{name}");
        }
    }

    /// Reads all at the same time. Returns the states and the requests.
    async fn refresh(&self, states: &[Stored]) -> (Vec<State>, Reads) {
        self.emulator.clear_journal();
        let reads = states.iter();
        let reads = reads.map(|(name, state)| self.provider.read(name, state));
        (join_all(reads).await, self.connector_reads())
    }

    /// Reads all, which must not change anything, and returns the requests.
    async fn refresh_unchanged(&self, states: &[Stored], what: &str) -> Reads {
        let (read, reads) = self.refresh(states).await;
        for ((_, before), after) in states.iter().zip(read) {
            assert_eq!(after.findings, [], "{what}");
            assert_eq!(after.value, before.value, "{what}");
            assert_eq!(after.private, before.private, "{what}");
        }
        reads
    }

    fn connector_reads(&self) -> Reads {
        let mut reads = Reads::default();
        for entry in self.emulator.journal() {
            let mut path = entry.path.rsplit('/');
            match (path.next(), path.next()) {
                (Some("connectors"), _) => reads.pages += 1,
                (_, Some("connectors")) => reads.direct += 1,
                (Some("users"), Some("owners")) => reads.owners += 1,
                _ => {}
            }
        }
        reads
    }

    /// Changes the answer of the list of the app.
    async fn change_list(&self, change: impl FnOnce(&mut Vec<Value>)) {
        let path = format!("/api/v1/apps/{}/connectors", self.emulator.app_id());
        let line = format!("GET {path}?page_size=100");
        let answer = send(&self.emulator, &line, "").await.expect("an answer");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a head");
        let mut body: Value = serde_json::from_str(body).expect("JSON");
        change(body["list"].as_array_mut().expect("a list"));
        self.fail_lists(FaultAction::Body {
            status: 200,
            content_type: "application/json".to_owned(),
            body: body.to_string(),
        });
    }

    fn fail_lists(&self, action: FaultAction) {
        let fault = Fault::every("GET", "/api/v1/apps/*/connectors", action);
        self.emulator.add_fault(fault);
    }
}

fn id(state: &State) -> &str {
    state.value["id"].as_str().expect("an ID")
}

#[tokio::test]
async fn several_connectors_of_an_app_are_read_by_its_list() {
    let names = [CLOUD, DATA_CENTER, CLOUD, CLOUD, DATA_CENTER];
    let (scene, states) = Scene::with_connectors(&names).await;
    for _ in 0..100 {
        scene.emulator.add_connector(&scene.emulator.app_id(), V2);
    }
    let reads = scene.refresh_unchanged(&states, "all").await;
    assert!((1..=2).contains(&reads.pages), "{reads:?}");
    assert_eq!((reads.direct, reads.owners), (0, 5));
    let reads = scene.refresh_unchanged(&states, "a second time").await;
    assert_eq!((reads.pages, reads.direct), (0, 5));
}

#[tokio::test]
async fn a_hundred_connectors_take_two_pages() {
    let (scene, states) = Scene::with_connectors(&[CLOUD; 101]).await;
    let reads = scene.refresh_unchanged(&states, "101 connectors").await;
    let expected = Reads {
        pages: 2,
        direct: 0,
        owners: 101,
    };
    assert_eq!(reads, expected);
}

#[tokio::test]
async fn one_or_two_connectors_of_an_app_are_read_directly() {
    let (scene, mut states) = Scene::with_connectors(&[CLOUD, DATA_CENTER]).await;
    let app = scene.emulator.other_app_id();
    let (scene, others) = scene.and_connectors(app, &[CLOUD, CLOUD]).await;
    scene.upgrade(&states).await;
    states.extend(others);
    let reads = scene.refresh_unchanged(&states, "two of each app").await;
    assert_eq!((reads.pages, reads.direct, reads.owners), (0, 4, 4));
}

#[tokio::test]
async fn each_app_has_its_own_list() {
    let (scene, mut states) = Scene::with_connectors(&[CLOUD; 3]).await;
    let app = scene.emulator.other_app_id();
    let (scene, others) = scene.and_connectors(app, &[DATA_CENTER; 4]).await;
    scene.upgrade(&states).await;
    states.extend(others);
    let reads = scene
        .refresh_unchanged(&states, "several of each app")
        .await;
    assert_eq!((reads.pages, reads.direct, reads.owners), (2, 0, 7));
}

#[tokio::test]
async fn a_huge_app_costs_at_most_one_page_for_each_managed_connector() {
    let (scene, states) = Scene::with_connectors(&[CLOUD; 3]).await;
    let page = |token: &str| json!({"list": [], "nextPageToken": token}).to_string();
    for number in 1..20 {
        let action = FaultAction::Body {
            status: 200,
            content_type: "application/json".to_owned(),
            body: page(&format!("p{number}")),
        };
        let fault = Fault::nth("GET", "/api/v1/apps/*/connectors", number, action);
        scene.emulator.add_fault(fault);
    }
    let reads = scene.refresh_unchanged(&states, "many pages").await;
    assert_eq!((reads.pages, reads.direct), (3, 3));
}

#[tokio::test]
async fn a_connector_that_the_list_lacks_or_shows_differently_is_read_directly() {
    let changes = [
        // A row without an ID counts as missing.
        ("id", json!("")),
        ("config", Value::Null),
        ("configUpdatedAt", Value::Null),
        ("createdAt", Value::Null),
        ("displayName", json!("Old")),
        ("catalogId", json!("k1")),
        ("deletedAt", json!("2026-01-01T00:00:00Z")),
    ];
    let (mut scene, states) = Scene::with_connectors(&[CLOUD; 3]).await;
    for (what, value) in changes {
        let is_first = |row: &&mut Value| row["connector"]["id"] == id(&states[0].1);
        let change = |list: &mut Vec<Value>| {
            let row = list.iter_mut().find(is_first).expect("the connector");
            row["connector"][what] = value;
        };
        scene.change_list(change).await;
        let reads = scene.refresh_unchanged(&states, what).await;
        assert_eq!((reads.pages, reads.direct), (1, 1), "{what}");
        scene.emulator.clear_faults();
        scene = scene.next_run().await;
        scene.upgrade(&states).await;
    }
}

#[tokio::test]
async fn changes_and_deletions_outside_terraform_show() {
    let (scene, states) = Scene::with_connectors(&[CLOUD; 4]).await;
    let edit = |number: usize, edit: fn(&mut StoredConnector)| {
        scene.emulator.edit_connector(id(&states[number].1), edit);
    };
    edit(0, |it| it.display_name = "Renamed".to_owned());
    edit(1, |it| {
        it.reconfigure([("username".to_owned(), "other@acme.example".to_owned())]);
    });
    scene.emulator.delete_connector(id(&states[2].1));
    let (read, reads) = scene.refresh(&states).await;
    assert_eq!((reads.pages, reads.direct), (1, 3));
    assert_eq!(read[0].value["display_name"], "Renamed");
    assert_eq!(read[1].value["username"], "other@acme.example");
    assert_eq!(read[1].value["api_key"], Value::Null);
    assert_eq!(read[2].value, Value::Null);
    assert_eq!(read[3].value, states[3].1.value);
}

#[tokio::test]
async fn a_list_that_fails_does_not_fail_the_refresh() {
    let (mut scene, states) = Scene::with_connectors(&[CLOUD, DATA_CENTER, CLOUD]).await;
    let repeats = json!({"list": [], "nextPageToken": "p"}).to_string();
    let body = |body: &str| FaultAction::Body {
        status: 200,
        content_type: "application/json".to_owned(),
        body: body.to_owned(),
    };
    for (what, action, pages) in [
        ("403", FaultAction::status(403), 1),
        ("404", FaultAction::status(404), 1),
        ("501", FaultAction::status(501), 1),
        ("503", FaultAction::status(503), 2),
        ("a broken connection", FaultAction::DropAfter, 2),
        ("half a page", FaultAction::Truncate, 2),
        ("HTML", FaultAction::Html, 1),
        ("another type", body(r#"{"list": [{"connector": 7}]}"#), 1),
        ("a token that repeats", body(&repeats), 2),
    ] {
        scene.fail_lists(action);
        let config = json!({
            "server_url": scene.emulator.url(), "client_id": scene.emulator.client_id(),
            "client_secret": scene.emulator.client_secret(), "max_retries": 1,
        });
        assert_eq!(scene.provider.configure(&config).await, []);
        scene.upgrade(&states).await;
        let reads = scene.refresh_unchanged(&states, what).await;
        assert_eq!((reads.pages, reads.direct), (pages, 3), "{what}");
        scene.emulator.clear_faults();
        scene = scene.next_run().await;
    }
}

#[tokio::test]
async fn a_list_without_an_answer_leaves_time_to_read_directly() {
    let (scene, mut states) = Scene::with_connectors(&[DATA_CENTER; 3]).await;
    let ty = scene.provider.resource_type(DATA_CENTER);
    for (_, state) in &mut states {
        state.value["timeouts"] =
            complete(&json!({"timeouts": {"read": "10s"}}), &ty)["timeouts"].clone();
        state.bytes = encode(&state.value, &ty);
    }
    scene.fail_lists(FaultAction::DelayBefore { ms: 3_600_000 });
    let reads = scene.refresh_unchanged(&states, "no answer").await;
    assert_eq!((reads.pages, reads.direct), (1, 3));
}

#[tokio::test]
async fn nothing_is_read_from_a_list_after_a_change() {
    let (scene, states) = Scene::with_connectors(&[CLOUD; 4]).await;
    let reads = scene.refresh_unchanged(&states[..1], "before").await;
    assert_eq!((reads.pages, reads.direct), (1, 0));
    let (name, state) = &states[1];
    let config = set(&state.value, "description", json!("All of it"));
    let plan = scene.plan_update(name, state, &config).await;
    let applied = scene.provider.apply(name, &state.value, &config, &plan);
    let applied = applied.await;
    assert_eq!(applied.findings, []);
    let reads = scene.refresh_unchanged(&states[2..], "after").await;
    assert_eq!((reads.pages, reads.direct), (0, 2));
}

#[tokio::test]
async fn owners_of_an_old_tenant_are_those_of_the_connector() {
    let (scene, states) = Scene::with_connectors(&[CLOUD; 3]).await;
    scene.emulator.switch(|switches| {
        switches.owners_api = OwnersApi::Absent;
        switches.echo_user_ids = true;
    });
    let bob = scene.emulator.user_id("bob");
    scene
        .emulator
        .set_owners(id(&states[0].1), std::slice::from_ref(&bob));
    let (read, reads) = scene.refresh(&states).await;
    assert_eq!((reads.pages, reads.direct), (1, 1));
    assert_eq!(read[0].value["owner_ids"], json!([bob]));
    assert_eq!(read[1].value, states[1].1.value);

    let scene = scene.next_run().await;
    scene.upgrade(&states).await;
    let without_owners = |list: &mut Vec<Value>| {
        for row in list {
            row["connector"]["userIds"] = json!([]);
        }
    };
    scene.change_list(without_owners).await;
    let reads = scene
        .refresh_unchanged(&states[1..], "a list without owners")
        .await;
    assert_eq!((reads.pages, reads.direct), (1, 2));
}
