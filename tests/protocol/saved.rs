//! The mark of an unfinished connector, which stays until Terraform has saved the state and stops the provider.

use conductorone_emulator::{Fault, FaultAction, JournalEntry, StoredConnector};
use serde_json::{Value, json};

use crate::handshake::Debugged;
use crate::plan::{BOTH, Scene, configure, set};
use crate::provider::{State, errors};
use crate::wait::until;

const MARK: &str = "Being created by Terraform (run ";

impl Scene {
    /// Returns the existing connectors.
    fn existing(&self) -> Vec<StoredConnector> {
        let mut connectors = self.emulator.connectors();
        connectors.retain(|connector| !connector.is_deleted());
        connectors
    }

    /// Returns the descriptions of the existing connectors. Marks are shortened to their beginning.
    fn descriptions(&self) -> Vec<String> {
        let connectors = self.existing().into_iter();
        let shortened = |text: String| {
            if text.starts_with(MARK) {
                MARK.to_owned()
            } else {
                text
            }
        };
        connectors
            .map(|connector| shortened(connector.description))
            .collect()
    }

    /// Applies a change or a deletion of a resource.
    async fn update(&self, name: &str, prior: &State, config: &Value) -> State {
        let plan = self.plan_update(name, prior, config).await;
        let applied = self.provider.apply(name, &prior.value, config, &plan);
        let applied = applied.await;
        assert_eq!(applied.findings, [], "{name}");
        applied
    }

    /// Stops the provider as Terraform does, and returns the requests that it made until it ended.
    async fn shut_down(&mut self) -> Vec<JournalEntry> {
        self.emulator.clear_journal();
        assert_eq!(self.plugin.shut_down().await, Some(0));
        self.emulator.journal()
    }
}

#[tokio::test]
async fn only_the_mark_is_removed_after_the_state_is_saved() {
    for name in BOTH {
        for description in ["", "All of it"] {
            let mut scene = Scene::new().await;
            let configured = (!description.is_empty()).then_some(description);
            let config = set(&scene.config(name), "description", json!(configured));
            let state = scene.create(name, &config).await;
            assert_eq!(state.value["description"], description, "{name}");
            let plan = scene.plan_update(name, &state, &config).await;
            assert_eq!(plan.state, state.value, "{name}");
            assert_eq!(scene.descriptions(), [MARK], "{name}");

            let requests = scene.shut_down().await;
            assert_eq!(requests.len(), 1, "{name}: {requests:#?}");
            assert_eq!(requests[0].body["updateMask"], "description");
            assert_eq!(scene.descriptions(), [description], "{name}");
            let scene = scene.next_run().await;
            let read = scene.provider.read(name, &state).await;
            assert_eq!(read.bytes, state.bytes, "{name}");
        }
    }
}

#[tokio::test]
async fn the_name_does_not_wait_until_a_new_connector_shows() {
    let scene = Scene::new().await;
    let never = FaultAction::DelayBefore { ms: 3_600_000 };
    let reads = Fault::every("GET", "/api/v1/apps/*/connectors/*", never);
    scene.emulator.add_fault(reads);
    let config = set(&scene.config(BOTH[0]), "display_name", json!("Wiki"));
    let is_named = || scene.existing().iter().any(|it| it.display_name == "Wiki");
    let limit = std::time::Duration::from_secs(20);
    let named = until("the name", limit, || is_named().then_some(()));
    tokio::select! {
        () = named => {}
        state = scene.create(BOTH[0], &config) => panic!("nothing was read: {}", state.value),
    }
}

#[tokio::test]
async fn after_an_interrupt_the_mark_stays_for_the_next_apply() {
    for name in BOTH {
        let mut scene = Scene::new().await;
        let config = scene.config(name);
        let state = scene.create(name, &config).await;
        scene.provider.stop().await;
        assert_eq!(scene.shut_down().await.len(), 0, "{name}");
        assert_eq!(scene.descriptions(), [MARK], "{name}");

        let scene = scene.next_run().await;
        let read = scene.provider.read(name, &state).await;
        let mark = json!(scene.existing()[0].description);
        assert_eq!(read.value, set(&state.value, "description", mark.clone()));
        // The effect of `ignore_changes`.
        let ignored = set(&config, "description", mark);
        let plan = scene.plan_update(name, &read, &ignored).await;
        assert_eq!(plan.state, read.value, "{name}");
        let applied = scene.update(name, &read, &config).await;
        assert_eq!(applied.value, state.value, "{name}");
        assert_eq!(scene.descriptions(), [""], "{name}");
    }
}

#[tokio::test]
async fn a_killed_process_leaves_the_mark() {
    let mut scene = Scene::new().await;
    scene.create(BOTH[0], &scene.config(BOTH[0])).await;
    scene.emulator.clear_journal();
    scene.plugin.signal("TERM");
    let limit = std::time::Duration::from_secs(20);
    scene.plugin.exit_code(limit).await;
    assert_eq!(scene.emulator.journal().len(), 0);
    assert_eq!(scene.descriptions(), [MARK]);
}

#[tokio::test]
async fn a_silent_service_does_not_block_terraform() {
    let mut scene = Scene::new().await;
    scene.create(BOTH[0], &scene.config(BOTH[0])).await;
    let never = FaultAction::DelayBefore { ms: 600_000 };
    let fault = Fault::every("POST", "*/delegated", never);
    scene.emulator.add_fault(fault);
    // Fails the test if the shutdown takes longer than 20 seconds.
    assert_eq!(scene.shut_down().await.len(), 1);
    assert_eq!(scene.descriptions(), [MARK]);
}

#[tokio::test]
async fn an_update_that_writes_the_description_leaves_nothing_to_do() {
    for name in BOTH {
        let mut scene = Scene::new().await;
        let config = scene.config(name);
        let state = scene.create(name, &config).await;
        let config = set(&config, "description", json!("All of it"));
        scene.update(name, &state, &config).await;
        assert_eq!(scene.descriptions(), ["All of it"], "{name}");
        assert_eq!(scene.shut_down().await.len(), 0, "{name}");
        assert_eq!(scene.descriptions(), ["All of it"], "{name}");
    }
}

#[tokio::test]
async fn an_update_of_something_else_keeps_the_mark_and_does_not_show_it() {
    for name in BOTH {
        let mut scene = Scene::new().await;
        let config = scene.config(name);
        let state = scene.create(name, &config).await;
        let config = set(&config, "display_name", json!("Wiki"));
        let updated = scene.update(name, &state, &config).await;
        assert_eq!(updated.value["description"], "", "{name}");
        assert_eq!(scene.descriptions(), [MARK], "{name}");
        assert_eq!(scene.shut_down().await.len(), 1, "{name}");
        assert_eq!(scene.descriptions(), [""], "{name}");
    }
}

#[tokio::test]
async fn changes_made_by_others_in_the_meantime_are_kept() {
    let mut scene = Scene::new().await;
    let state = scene.create(BOTH[0], &scene.config(BOTH[0])).await;
    let id = state.value["id"].as_str().expect("an ID");
    let edit = |connector: &mut StoredConnector| "Mine".clone_into(&mut connector.description);
    scene.emulator.edit_connector(id, edit);
    let read = scene.provider.read(BOTH[0], &state).await;
    assert_eq!(read.value["description"], "Mine");
    assert_eq!(scene.shut_down().await.len(), 0);
    assert_eq!(scene.descriptions(), ["Mine"]);
}

#[tokio::test]
async fn a_connector_that_was_deleted_is_left_alone() {
    for name in BOTH {
        let mut scene = Scene::new().await;
        let state = scene.create(name, &scene.config(name)).await;
        scene.update(name, &state, &Value::Null).await;
        assert_eq!(scene.shut_down().await.len(), 0, "{name}");
    }
}

#[tokio::test]
async fn a_marked_connector_of_one_resource_is_never_adopted_by_another() {
    for name in BOTH {
        let mut scene = Scene::new().await;
        let config = scene.config(name);
        let state = scene.create(name, &config).await;
        scene.provider.stop().await;
        scene.shut_down().await;
        let scene = scene.next_run().await;
        let read = scene.provider.read(name, &state).await;
        // A new process, as for an apply, which has not read the connector.
        let scene = scene.next_run().await;
        // The first connector's change begins while the creation of a similar one lists the app.
        let slow = FaultAction::DelayAfter { ms: 1000 };
        let list = Fault::nth("GET", "*/connectors", 1, slow);
        scene.emulator.add_fault(list);
        let update = scene.update(name, &read, &config);
        let both = Box::pin(async { tokio::join!(update, scene.create(name, &config)) });
        let (first, second) = both.await;
        assert_eq!(first.value["id"], state.value["id"], "{name}");
        assert_ne!(second.value["id"], state.value["id"], "{name}");
        assert_eq!(scene.existing().len(), 2, "{name}");
        assert_eq!(errors(&second.findings).len(), 0, "{name}");
    }
}

#[tokio::test]
async fn debug_mode_serves_many_runs_and_removes_the_marks_at_the_end() {
    for name in BOTH {
        // Only its service is used.
        let mut scene = Scene::new().await;
        let debugged = Debugged::start().await;
        configure(&debugged.provider, &scene.emulator).await;
        scene.provider = debugged.provider.clone();
        let config = scene.config(name);
        let first = scene.create(name, &config).await;

        configure(&scene.provider, &scene.emulator).await;
        let read = scene.provider.read(name, &first).await;
        assert_eq!(read.bytes, first.bytes, "{name}");
        let second = scene.create(name, &config).await;
        assert_ne!(second.value["id"], first.value["id"], "{name}");
        assert_eq!(scene.descriptions(), [MARK, MARK], "{name}");

        assert_eq!(debugged.interrupt().await, Some(0), "{name}");
        assert_eq!(scene.descriptions(), ["", ""], "{name}");
    }
}

#[tokio::test]
async fn two_provider_configurations_of_one_run_leave_each_other_s_connectors_alone() {
    for name in BOTH {
        let run = ["TFC_RUN_ID", "the one"];
        let first = Scene::of_run(run).await;
        let config = first.config(name);
        let made = first.create(name, &config).await;
        // The process of another provider configuration, which has not read the connector.
        let second = first.beside(run).await;
        let other = second.create(name, &config).await;
        assert_ne!(other.value["id"], made.value["id"], "{name}");
        assert_eq!(second.existing().len(), 2, "{name}");
        assert_eq!(other.findings, [], "{name}");
    }
}
