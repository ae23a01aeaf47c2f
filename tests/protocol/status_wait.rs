//! `wait_for_status` of `confluence_integration`, and how the wait ends.

use std::time::Duration;

use conductorone_emulator::{BATON, Fault, FaultAction, Time};
use serde_json::{Value, json};

use crate::plan::Scene;
use crate::provider::errors;
use crate::wait::{until, within};

const NAME: &str = "confluence_integration";
/// The time limit for the end of a wait.
const SOON: Duration = Duration::from_secs(20);

/// A self-hosted connector, and the data source that waits for it.
struct Wait {
    scene: Scene,
    id: String,
    config: Value,
}

impl Wait {
    async fn new(awaited: &str, read: &str) -> Self {
        let scene = Scene::new().await;
        let app_id = scene.emulator.app_id();
        let id = scene
            .emulator
            .add_connector(&app_id, BATON)
            .expect("a connector");
        let config = json!({
            "app_id": app_id, "id": id, "wait_for_status": awaited, "timeouts": {"read": read},
        });
        Self { scene, id, config }
    }

    /// Reads the data source. `act` runs after the connector was read twice.
    async fn read(&self, act: impl AsyncFn(&Self)) -> (Value, Vec<String>) {
        let path = format!("/connectors/{}", self.id);
        let reads = || {
            let journal = self.scene.emulator.journal().into_iter();
            journal.filter(|entry| entry.path.ends_with(&path)).count()
        };
        let read = self.scene.provider.read_data(NAME, &self.config);
        let act = async {
            until("the wait", SOON, || (reads() >= 2).then_some(())).await;
            act(self).await;
        };
        let both = Box::pin(async { tokio::join!(read, act) });
        let ((value, said), ()) = within("the end of the wait", SOON * 2, both).await;
        let said = errors(&said);
        let said = said
            .iter()
            .map(|it| format!("{}: {} [{}]", it.summary, it.detail, it.attribute));
        (value, said.collect())
    }
}

#[tokio::test]
async fn the_result_shows_the_status_that_was_waited_for() {
    let wait = Wait::new("CONNECTED", "10m").await;
    let sync = async |wait: &Wait| {
        assert!(wait.scene.emulator.sync_connector(&wait.id, None));
    };
    let (value, said) = wait.read(sync).await;
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(value["status"], "CONNECTED");
    assert!(value["last_sync_at"].is_string(), "{value}");
    // The connector already has the status, so this read waits for nothing.
    wait.scene.emulator.clear_journal();
    let (_, said) = wait.scene.provider.read_data(NAME, &wait.config).await;
    assert_eq!((said.len(), wait.scene.emulator.journal().len()), (0, 2));
}

#[tokio::test]
async fn a_pause_is_waited_for() {
    let wait = Wait::new("DISABLED", "10m").await;
    let pause = async |wait: &Wait| {
        let now = Some(Time::now());
        wait.scene
            .emulator
            .edit_connector(&wait.id, |it| it.sync_disabled_at = now);
    };
    let (value, said) = wait.read(pause).await;
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(value["status"], "DISABLED");
}

#[tokio::test]
async fn an_error_ends_the_wait_in_the_words_of_the_connector() {
    for reason in ["401 Unauthorized: the API token is wrong", ""] {
        let wait = Wait::new("CONNECTED", "10m").await;
        let fail = async |wait: &Wait| {
            assert!(wait.scene.emulator.sync_connector(&wait.id, Some(reason)));
        };
        let (_, said) = wait.read(fail).await;
        let [error] = &said[..] else {
            panic!("{said:?}");
        };
        let words = if reason.is_empty() {
            "ConductorOne gave no reason."
        } else {
            reason
        };
        for part in [
            "Connector reports an error: ",
            &wait.id,
            words,
            "[wait_for_status]",
        ] {
            assert!(error.contains(part), "{part}: {error}");
        }
    }
}

#[tokio::test]
async fn the_time_limit_ends_the_wait_and_says_how_the_connector_stands() {
    let wait = Wait::new("CONNECTED", "1s").await;
    let (_, said) = wait.read(async |_| {}).await;
    let [error] = &said[..] else {
        panic!("{said:?}");
    };
    for part in [
        "the connector to be CONNECTED (it is NOT_CONNECTED)",
        "within 1s, the limit in timeouts.read",
        "timeouts = { read = \"1m\" }",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[tokio::test]
async fn a_stop_ends_the_wait() {
    let wait = Wait::new("CONNECTED", "10m").await;
    let (_, said) = wait
        .read(async |wait| wait.scene.provider.stop().await)
        .await;
    assert_eq!(said.len(), 1, "{said:?}");
}

#[tokio::test]
async fn a_connector_that_is_deleted_meanwhile_ends_the_wait() {
    let wait = Wait::new("CONNECTED", "10m").await;
    let delete = async |wait: &Wait| wait.scene.emulator.delete_connector(&wait.id);
    let (_, said) = wait.read(delete).await;
    let [error] = &said[..] else {
        panic!("{said:?}");
    };
    assert!(error.starts_with("Connector not found: "), "{error}");
}

#[tokio::test]
async fn a_failing_request_during_the_wait_is_repeated() {
    let wait = Wait::new("CONNECTED", "10m").await;
    let disturb = async |wait: &Wait| {
        let path = format!("/connectors/{}", wait.id);
        let busy = FaultAction::status(503);
        wait.scene
            .emulator
            .add_fault(Fault::nth("GET", &format!("*{path}"), 1, busy));
        assert!(wait.scene.emulator.sync_connector(&wait.id, None));
    };
    let (value, said) = wait.read(disturb).await;
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(value["status"], "CONNECTED");
}

#[tokio::test]
async fn no_other_status_can_be_waited_for() {
    let Wait { scene, config, .. } = Wait::new("CONNECTED", "10m").await;
    assert_eq!(scene.provider.validate_data(NAME, &config).await, []);
    for status in ["ERROR", "SYNCING", "NOT_CONNECTED", "connected", ""] {
        let mut config = config.clone();
        config["wait_for_status"] = json!(status);
        let found = scene.provider.validate_data(NAME, &config).await;
        let found = errors(&found);
        assert_eq!(found.len(), 1, "{status:?}: {found:?}");
        assert_eq!(found[0].attribute, "wait_for_status", "{status:?}");
        assert!(
            found[0].detail.contains("CONNECTED"),
            "{status:?}: {found:?}"
        );
    }
}
